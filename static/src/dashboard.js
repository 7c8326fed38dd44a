/**
 * The charts and the live view of the administration's dashboard.
 *
 * Every number is on the page as a table already; a chart draws what lies beside it. Lines are
 * told apart by their pattern, not by colour alone.
 */

import uPlot from "uplot";

/** @typedef {{unit: string, slots: string[], lines: Record<string, (number | null)[]>}} Data */

const HEIGHT = 240;
const FONT = '12px system-ui, -apple-system, "Segoe UI", sans-serif';
const PERIOD_MS = 3000;
/** Lengths in CSS pixels, one pattern for each line of a chart. */
const DASHES = [[], [8, 5], [2, 4], [12, 4, 2, 4]];
/** For light and dark pages: both stand out from either at 3:1 or more. */
const COLOURS = ["#2f7fd1", "#c2620c", "#2e8b57", "#a05cc8"];

/**
 * Seconds since 1970 of an hour or a day as the server writes it.
 *
 * @param {string} slot `2026-11-24` or `2026-11-24 13`, in UTC.
 */
export function secondsOf(slot) {
  const [day, hour] = slot.split(" ");
  return Date.parse(`${day}T${hour ?? "00"}:00:00Z`) / 1000;
}

/**
 * A value as the axis and the legend show it.
 *
 * @param {number} value
 * @param {string} unit
 */
export function shown(value, unit) {
  const text = value >= 1000 ? value.toLocaleString("en-GB") : String(value);
  return unit ? `${text} ${unit}` : text;
}

/**
 * A moment as the time axis shows it: the hour, or the day where one begins.
 *
 * @param {number} seconds
 * @param {boolean} hourly
 */
export function moment(seconds, hourly) {
  const [day = "", time = ""] = new Date(seconds * 1000).toISOString().split("T");
  return hourly && !time.startsWith("00:00") ? time.slice(0, 5) : day.slice(5);
}

/** @param {string} name */
function adminColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#888";
}

/**
 * @param {Data} data
 * @param {number} width
 * @returns {uPlot.Options}
 */
function options(data, width) {
  const hourly = (data.slots[0] ?? "").includes(" ");
  const axis = {
    stroke: adminColour("--body-fg"),
    font: FONT,
    grid: { stroke: adminColour("--hairline-color"), width: 1 },
    ticks: { stroke: adminColour("--hairline-color"), width: 1 },
  };
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, __, most) => [0, data.unit === "%" ? 100 : most * 1.1 || 1] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => moment(tick, hourly)) },
      { ...axis, size: 74, values: (_, ticks) => ticks.map((tick) => shown(tick, data.unit)) },
    ],
    series: [
      {},
      ...Object.keys(data.lines).map((label, at) => ({
        label,
        width: 2,
        stroke: COLOURS[at % COLOURS.length],
        dash: DASHES[at % DASHES.length],
        points: { size: 5 },
      })),
    ],
  };
}

/** @param {string[]} labels */
function legend(labels) {
  const list = document.createElement("ul");
  list.className = "dashboard-legend";
  for (const [at, label] of labels.entries()) {
    const item = document.createElement("li");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    for (const [name, value] of Object.entries({ width: "44", height: "10" })) {
      svg.setAttribute(name, value);
    }
    for (const [name, value] of Object.entries({
      x2: "44",
      y1: "5",
      y2: "5",
      stroke: COLOURS[at % COLOURS.length] ?? "",
      "stroke-width": "2",
      "stroke-dasharray": (DASHES[at % DASHES.length] ?? []).join(" "),
    })) {
      line.setAttribute(name, value);
    }
    svg.append(line);
    item.append(svg, label);
    list.append(item);
  }
  return list;
}

/** @param {HTMLElement} host */
function draw(host) {
  const text = document.getElementById(host.dataset.chart ?? "")?.textContent;
  if (!text) {
    return;
  }
  /** @type {Data} */
  const data = JSON.parse(text);
  host.replaceChildren();
  new uPlot(
    options(data, host.clientWidth),
    [data.slots.map(secondsOf), ...Object.values(data.lines)],
    host,
  );
  host.append(legend(Object.keys(data.lines)));
}

function drawAll() {
  for (const host of document.querySelectorAll("[data-chart]")) {
    draw(/** @type {HTMLElement} */ (host));
  }
}

/**
 * @param {(string | Node)[]} cells The first one is the row's heading.
 */
function row(cells) {
  const made = document.createElement("tr");
  for (const [at, cell] of cells.entries()) {
    const element = document.createElement(at === 0 ? "th" : "td");
    if (at === 0) {
      element.scope = "row";
    }
    element.append(cell);
    made.append(element);
  }
  return made;
}

/**
 * @param {HTMLElement} live
 * @param {{at: string, numbers: Record<string, number>, executions: Record<string, string>[]}} now
 */
function tell(live, now) {
  /** @param {string} name @param {(string | Node)[]} content */
  const put = (name, content) => live.querySelector(`[data-${name}]`)?.replaceChildren(...content);
  put("at", [now.at]);
  put("stale", []);
  put(
    "numbers",
    Object.entries(now.numbers).map(([label, value]) => row([label, String(value)])),
  );
  const rows = now.executions.map((one) => {
    const link = document.createElement("a");
    link.href = `${live.dataset.record}${one.id}/change/`;
    link.append(one.id ?? "");
    const facts = [one.username, one.door, one.state, one.seconds];
    return row([link, ...facts.map(String)]);
  });
  put("executions", rows.length ? rows : [row(["Nothing runs or waits."])]);
}

/** @param {HTMLElement} live */
async function follow(live) {
  try {
    const answer = await fetch(live.dataset.address ?? "", { redirect: "error" });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    tell(live, await answer.json());
  } catch {
    const stale = live.querySelector("[data-stale]");
    stale?.replaceChildren("The server does not answer; these numbers are old.");
  }
  setTimeout(follow, PERIOD_MS, live);
}

const live = globalThis.document?.getElementById("live");
if (live) {
  follow(live);
} else if (globalThis.document) {
  drawAll();
  new ResizeObserver(drawAll).observe(document.documentElement);
  new MutationObserver(drawAll).observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
}
