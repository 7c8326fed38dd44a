/**
 * The plot of a training: its chart, with legend, log scale, table and export around it.
 *
 * Everything that the chart shows is there as text too, and every line has a pattern of its own
 * beside its colour.
 */

import { Chart, lineStyle } from "./chart.js";
import { drawn, element } from "./dom.js";
import { brief } from "./figures.js";
import { csvOf, linesOf, logFits, notAboveZero, summary, table } from "./plot-data.js";
import { pictureOf, save } from "./plot-export.js";
import { groupsOf } from "./plot-groups.js";

/** Drawing more often than this shows nothing more. */
const REDRAW_MS = 150;

const EMPTY =
  "Nothing to draw yet. A training’s reports are drawn as they come; any program can add " +
  "a curve of its own with lines such as";

/** @typedef {import("./plot-data.js").Run} Run */
/** @typedef {import("./plot-data.js").Line} Line */

export class Plot {
  /** @type {Run[]} */
  #runs = [];
  /** Those that are drawn. @type {Line[]} */
  #lines = [];
  /** The key of the group of lines that was chosen. @type {string | null} */
  #group = null;
  /** Labels of lines that were switched off. @type {Set<string>} */
  #hidden = new Set();
  /** A person's choice; null until there is one. @type {boolean | null} */
  #log = null;
  #waiting = false;
  #legendKey = "";
  #groupsKey = "";

  /**
   * @param {HTMLElement} host Gets the plot as its only child.
   * @param {object} [options]
   * @param {(file: Blob, name: string) => void} [options.onExport] Instead of a download.
   */
  constructor(host, { onExport = save } = {}) {
    this.onExport = onExport;
    this.parts = partsOf();
    host.replaceChildren(this.parts.root);
    this.chart = new Chart(this.parts.chart, {
      onPoint: (x) => this.#tell(x),
      onZoom: (zoomed) => this.parts.whole.toggleAttribute("hidden", !zoomed),
    });
    this.#listen();
    this.#draw();
  }

  /**
   * Shows runs, the current one first; five earlier ones are drawn with it.
   *
   * @param {readonly Run[]} runs
   */
  show(runs) {
    this.#runs = [...runs];
    this.chart.unzoom();
    this.#draw();
  }

  /**
   * Takes what the current run has printed until now; cheap enough for every chunk of output.
   *
   * @param {Pick<Run, "series" | "desiredError">} reader
   */
  update(reader) {
    if (this.#waiting) return;
    this.#waiting = true;
    setTimeout(() => {
      this.#waiting = false;
      const { series, desiredError } = reader;
      const label = this.#runs[0]?.label ?? "this run";
      this.#runs = [{ label, series, desiredError }, ...this.#runs.slice(1)];
      this.#draw();
    }, REDRAW_MS);
  }

  #listen() {
    const { log, png, csv, whole, chart, details } = this.parts;
    log.addEventListener("change", () => {
      this.#log = log.checked;
      this.#draw();
    });
    png.addEventListener("click", () => this.#exportPicture());
    csv.addEventListener("click", () => {
      this.onExport(new Blob([csvOf(this.#runs)], { type: "text/csv" }), "training.csv");
    });
    whole.addEventListener("click", () => this.chart.unzoom());
    chart.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.chart.move(step);
    });
    details.addEventListener("toggle", () => this.#fillTable());
    document.addEventListener("themechange", () => this.#draw());
  }

  get #desiredError() {
    const trained = this.#lines.some(({ ofTraining }) => ofTraining);
    return trained ? (this.#runs[0]?.desiredError ?? null) : null;
  }

  #draw() {
    const groups = groupsOf(linesOf(this.#runs));
    const group = groups.find(({ key }) => key === this.#group) ?? groups[0];
    this.#lines = group?.lines ?? [];
    this.#fillGroups(groups, group);
    const { root, log, chart, empty, note } = this.parts;
    const any = this.#lines.length > 0;
    root.dataset.state = any ? "drawn" : "empty";
    empty.hidden = any;
    for (const part of [chart, this.parts.tools, this.parts.details]) part.hidden = !any;
    log.checked = this.#log ?? logFits(this.#lines);
    const left = log.checked ? notAboveZero(this.#lines) : 0;
    note.textContent = left > 0 ? leftOut(left) : "";
    chart.setAttribute("aria-label", `Plot. ${summary(this.#lines, this.#desiredError)}`);
    this.#fillLegend();
    this.#fillTable();
    this.chart.draw(this.#picture());
  }

  /** @returns {import("./chart.js").Picture} */
  #picture() {
    const swatches = [...this.parts.legend.querySelectorAll("svg")];
    return {
      lines: this.#lines,
      shown: this.#lines.map(({ label }) => !this.#hidden.has(label)),
      colours: swatches.map((swatch) => getComputedStyle(swatch).color),
      desiredError: this.#desiredError,
      log: this.parts.log.checked,
      xLabel: this.#lines.every(({ ofTraining }) => ofTraining) ? "epochs" : "x",
    };
  }

  /**
   * @param {import("./plot-groups.js").Group[]} groups
   * @param {import("./plot-groups.js").Group} [shown]
   */
  #fillGroups(groups, shown) {
    const key = JSON.stringify(groups.map(({ key, label }) => [key, label]));
    const { parts } = this;
    parts.groups.hidden = groups.length < 2;
    if (key !== this.#groupsKey) {
      this.#groupsKey = key;
      parts.groups.replaceChildren(...groups.map((group) => this.#groupButton(group)));
    }
    for (const [at, one] of [...parts.groups.children].entries()) {
      one.setAttribute("aria-pressed", String(groups[at] === shown));
    }
  }

  /** @param {import("./plot-groups.js").Group} group */
  #groupButton({ key, label }) {
    const made = button(label);
    made.addEventListener("click", () => {
      this.#group = key;
      this.#log = null;
      this.chart.unzoom();
      this.#draw();
    });
    return made;
  }

  /** Made anew only when there are other lines, so that a focused button stays. */
  #fillLegend() {
    const key = JSON.stringify(this.#lines.map(({ label }) => label));
    if (key === this.#legendKey) return;
    this.#legendKey = key;
    this.parts.legend.replaceChildren(
      ...this.#lines.map(({ label, current }, at) => {
        const button = element("button", { type: "button" }, swatchOf(at, current), label);
        button.setAttribute("aria-pressed", String(!this.#hidden.has(label)));
        button.addEventListener("click", () => this.#toggle(label, button));
        return element("li", {}, button);
      }),
    );
  }

  /**
   * @param {string} label
   * @param {HTMLElement} button
   */
  #toggle(label, button) {
    const hide = !this.#hidden.delete(label);
    if (hide) this.#hidden.add(label);
    button.setAttribute("aria-pressed", String(!hide));
    this.chart.draw(this.#picture());
  }

  #fillTable() {
    const { details, body } = this.parts;
    if (!details.open) return;
    body.replaceChildren(
      ...table(this.#lines).map(({ label, x, y }) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, label),
          element("td", {}, brief(x, 6)),
          element("td", {}, brief(y, 6)),
        ),
      ),
    );
  }

  /** @param {number | null} x */
  #tell(x) {
    if (x === null) {
      this.parts.reading.textContent = "";
      return;
    }
    const values = this.#lines
      .filter(({ label }) => !this.#hidden.has(label))
      .map(({ label, points }) => [label, nearest(points, x)])
      .filter(([, y]) => y !== null);
    this.parts.reading.textContent = `${brief(x, 6)}: ${values
      .map(([label, y]) => `${label} ${brief(Number(y), 4)}`)
      .join(", ")}`;
  }

  async #exportPicture() {
    const { canvas } = this.chart;
    if (!canvas) return;
    const entries = this.#lines
      .map(({ label, current }, at) => ({ label, current, ...lineStyle(at) }))
      .map((entry, at) => ({ ...entry, colour: this.#picture().colours[at] ?? "" }))
      .filter(({ label }) => !this.#hidden.has(label));
    const file = await pictureOf(canvas, getComputedStyle(this.parts.root), entries);
    if (file) this.onExport(file, "training.png");
  }
}

/**
 * The y of the point at x, or null where the line has none there.
 *
 * @param {[number, number][]} points Sorted by x.
 * @param {number} x
 */
function nearest(points, x) {
  const close = Math.abs(x) * 1e-9;
  return points.find(([at]) => Math.abs(at - x) <= close)?.[1] ?? null;
}

/** @param {number} points */
function leftOut(points) {
  const many = points === 1 ? "1 point is" : `${points.toLocaleString("en")} points are`;
  return `${many} not above 0 and cannot be shown on a log scale.`;
}

/**
 * @param {number} at
 * @param {boolean} current
 */
function swatchOf(at, current) {
  const { colour, dash } = lineStyle(at);
  const swatch = drawn("svg", { viewBox: "0 0 40 12", "aria-hidden": "true" });
  swatch.style.color = `var(--plot-${colour})`;
  const width = current ? 2.5 : 1.5;
  const stroke = { "stroke-width": width, "stroke-dasharray": dash.join(" ") };
  swatch.append(drawn("line", { x1: 0, y1: 6, x2: 40, y2: 6, ...stroke }));
  return swatch;
}

function partsOf() {
  const log = element("input", { type: "checkbox" });
  const [whole, png, csv] = [button("Whole curve"), button("PNG"), button("CSV")];
  png.setAttribute("aria-label", "Save the plot as PNG");
  csv.setAttribute("aria-label", "Save the points as CSV");
  whole.hidden = true;
  const tools = element(
    "div",
    { class: "plot-tools" },
    element("label", {}, log, "Log scale"),
    whole,
    png,
    csv,
  );
  const groups = element("div", {
    class: "plot-groups",
    role: "group",
    "aria-label": "Which lines are drawn",
  });
  const empty = element("p", { class: "plot-empty" }, EMPTY, " ");
  empty.append(element("code", {}, "#plot loss 10 0.25"), ".");
  const chart = element("div", { class: "plot-chart", role: "img", tabindex: "0" });
  const reading = element("p", { class: "plot-reading", "aria-live": "polite" });
  const legend = element("ul", { class: "plot-legend", "aria-label": "Lines" });
  const note = element("p", { class: "plot-note" });
  const body = element("tbody");
  const head = ["Line", "x", "y"].map((name) => element("th", { scope: "col" }, name));
  const details = element(
    "details",
    { class: "plot-table" },
    element("summary", {}, "As a table"),
    element("table", {}, element("thead", {}, element("tr", {}, ...head)), body),
  );
  const all = [groups, tools, empty, chart, reading, legend, note, details];
  const root = element("div", { class: "plot" }, ...all);
  return {
    root,
    groups,
    tools,
    log,
    whole,
    png,
    csv,
    empty,
    chart,
    reading,
    legend,
    note,
    details,
    body,
  };
}

/** @param {string} text */
function button(text) {
  return element("button", { type: "button", class: "button" }, text);
}
