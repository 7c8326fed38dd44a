/**
 * The canvas of a plot: uPlot, drawing in shares of the axes (see scale.js).
 *
 * uPlot's own ticks go from value to value, which takes for ever where a step is lost to
 * rounding, as a program can print on purpose; so it is only ever given numbers from 0 to 1.
 */

import uPlot from "uplot";
import { extent } from "./plot-data.js";
import { scaleOf, tickLabel } from "./scale.js";

const FONT = '12px system-ui, -apple-system, "Segoe UI", sans-serif';
/** CSS pixels that a tick's label wants. */
const TICK_WIDTH = 62;
const TICK_HEIGHT = 34;
const LABEL_HEIGHT = 18;

const DASHES = [[], [9, 5], [2, 4], [12, 4, 2, 4], [5, 3], [14, 3, 2, 3, 2, 3]];
const COLOURS = 6;

/**
 * What tells a line from all others: a pattern beside its colour, no pair twice in 36 lines.
 *
 * @param {number} at The line's place, from 0.
 * @returns {{colour: number, dash: number[]}} The number of a colour in plot.css; lengths in CSS
 *   pixels.
 */
export function lineStyle(at) {
  const round = Math.floor(at / COLOURS);
  return { colour: at % COLOURS, dash: DASHES[(at + round) % DASHES.length] ?? [] };
}

/**
 * @typedef {object} Picture
 * @property {readonly import("./plot-data.js").Line[]} lines
 * @property {readonly boolean[]} shown Of each line.
 * @property {readonly string[]} colours Of each line.
 * @property {number | null} desiredError
 * @property {boolean} log
 * @property {string} xLabel
 */

/** @typedef {import("./scale.js").Scale} Scale */

export class Chart {
  /** @type {uPlot | null} */
  #plot = null;
  /** @type {Picture | null} */
  #picture = null;
  /** @type {{x: Scale, y: Scale} | null} */
  #scales = null;
  /** The stretch of x that is looked at, in values; null for all. @type {[number, number] | null} */
  #zoom = null;
  /** What uPlot was made for: while it stays the same, only data is exchanged. */
  #key = "";

  /**
   * @param {HTMLElement} host
   * @param {object} callbacks
   * @param {(x: number | null) => void} callbacks.onPoint With the x under the cursor.
   * @param {(zoomed: boolean) => void} callbacks.onZoom
   */
  constructor(host, { onPoint, onZoom }) {
    this.host = host;
    this.onPoint = onPoint;
    this.onZoom = onZoom;
    new ResizeObserver(() => this.#resize()).observe(host);
  }

  /** The canvas as drawn, or null while nothing is. */
  get canvas() {
    return this.#plot?.ctx.canvas ?? null;
  }

  /** @param {Picture} picture */
  draw(picture) {
    this.#picture = picture;
    const seen = picture.lines.filter((_, at) => picture.shown[at]);
    const range = extent(seen, picture.desiredError, picture.log);
    if (!range) {
      this.#drop();
      return;
    }
    this.#scales = {
      x: scaleOf(...range.x, false),
      y: scaleOf(...range.y, picture.log),
    };
    const key = JSON.stringify([picture.lines.map(({ label }) => label), { ...picture, lines: 0 }]);
    if (key !== this.#key) this.#drop();
    this.#key = key;
    const data = this.#data(picture, this.#scales);
    if (this.#plot) this.#plot.setData(data);
    else this.#plot = new uPlot(this.#options(picture), data, this.host);
  }

  /** Back to the whole curve. */
  unzoom() {
    this.#zoomTo(null);
  }

  /**
   * Moves the cursor to the next point.
   *
   * @param {number} step 1 or -1.
   */
  move(step) {
    const plot = this.#plot;
    if (!plot) return;
    const xs = plot.data[0];
    const at = plot.cursor.idx;
    const next = at === null || at === undefined ? (step > 0 ? 0 : xs.length - 1) : at + step;
    const place = xs[Math.min(xs.length - 1, Math.max(0, next))] ?? 0;
    plot.setCursor({ left: plot.valToPos(place, "x"), top: plot.over.clientHeight / 2 });
  }

  #unzoomed() {
    this.unzoom();
    return null;
  }

  #drop() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#key = "";
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (this.#plot && width > 0 && height > 0) this.#plot.setSize({ width, height });
  }

  /** @param {[number, number] | null} zoom */
  #zoomTo(zoom) {
    this.#zoom = zoom;
    // Any limits will do: the scale's own range has the last word.
    this.#plot?.setScale("x", { min: 0, max: 1 });
    this.onZoom(zoom !== null);
  }

  /**
   * @param {Picture} picture
   * @param {{x: Scale, y: Scale}} scales
   */
  #data({ lines, log }, scales) {
    const tables = lines.map(({ points }) => {
      const visible = log ? points.filter(([, y]) => y > 0) : points;
      return /** @type {uPlot.AlignedData} */ ([
        visible.map(([x]) => scales.x.place(x)),
        visible.map(([, y]) => scales.y.place(y)),
      ]);
    });
    return uPlot.join(tables);
  }

  /**
   * @param {Picture} picture
   * @returns {uPlot.Options}
   */
  #options(picture) {
    const style = getComputedStyle(this.host);
    return {
      width: Math.max(1, this.host.clientWidth),
      height: Math.max(1, this.host.clientHeight),
      padding: [10, 14, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => this.#unzoomed() },
      },
      scales: {
        x: { time: false, range: () => this.#visible() },
        y: { range: [0, 1] },
      },
      axes: [this.#axis("x", style, picture.xLabel), this.#axis("y", style, "")],
      series: [{}, ...picture.lines.map((line, at) => seriesOf(line, at, picture))],
      hooks: {
        setCursor: [(plot) => this.#tell(plot)],
        setSelect: [(plot) => this.#select(plot)],
        draw: [(plot) => this.#drawDesired(plot, style.textDecorationColor)],
      },
    };
  }

  /** @returns {[number, number]} */
  #visible() {
    const { x } = this.#scales ?? {};
    return x && this.#zoom ? [x.place(this.#zoom[0]), x.place(this.#zoom[1])] : [0, 1];
  }

  /**
   * @param {"x" | "y"} name
   * @param {CSSStyleDeclaration} style
   * @param {string} label
   * @returns {uPlot.Axis}
   */
  #axis(name, style, label) {
    const space = name === "x" ? TICK_WIDTH : TICK_HEIGHT;
    return {
      label,
      labelSize: label ? LABEL_HEIGHT : 0,
      labelFont: FONT,
      font: FONT,
      stroke: style.color,
      size: name === "x" ? 30 : 62,
      grid: { stroke: style.borderTopColor, width: 1 },
      ticks: { stroke: style.borderTopColor, width: 1, size: 5 },
      splits: (plot, _axis, from, to) => {
        const scale = this.#scales?.[name];
        const room = name === "x" ? plot.over.clientWidth : plot.over.clientHeight;
        const most = Math.max(2, Math.min(10, Math.floor((room || 300) / space)));
        return scale ? scale.ticks(from, to, most).map(scale.place) : [];
      },
      values: (_plot, splits) => splits.map((at) => this.#label(name, at)),
    };
  }

  /**
   * @param {"x" | "y"} name
   * @param {number} share
   */
  #label(name, share) {
    const scale = this.#scales?.[name];
    return scale ? tickLabel(Number(scale.value(share).toPrecision(9))) : "";
  }

  /** @param {uPlot} plot */
  #tell(plot) {
    const { idx } = plot.cursor;
    const share = idx === null || idx === undefined ? undefined : plot.data[0][idx];
    this.onPoint(share === undefined || !this.#scales ? null : this.#scales.x.value(share));
  }

  /** @param {uPlot} plot */
  #select(plot) {
    const { left, width } = plot.select;
    if (width < 4 || !this.#scales) return;
    const [from, to] = [left, left + width].map((at) => plot.posToVal(at, "x"));
    const { x } = this.#scales;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#zoomTo([x.value(from ?? 0), x.value(to ?? 1)]);
  }

  /**
   * @param {uPlot} plot
   * @param {string} colour
   */
  #drawDesired({ ctx, bbox }, colour) {
    const { desiredError, log } = this.#picture ?? { desiredError: null, log: false };
    if (desiredError === null || !this.#scales || (log && desiredError <= 0)) return;
    const y = bbox.top + bbox.height * (1 - this.#scales.y.place(desiredError));
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([6 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = FONT.replace("12", String(12 * ratio));
    // Below the line, where a falling curve is not yet; above it where there is no room.
    const below = bbox.top + bbox.height - y > 20 * ratio;
    ctx.textAlign = "left";
    ctx.textBaseline = below ? "top" : "bottom";
    ctx.fillText("desired error", bbox.left + 6 * ratio, y + (below ? 4 : -4) * ratio);
    ctx.restore();
  }
}

/**
 * @param {import("./plot-data.js").Line} line
 * @param {number} at
 * @param {Picture} picture
 * @returns {uPlot.Series}
 */
function seriesOf({ label, current }, at, { colours, shown }) {
  return {
    label,
    show: shown[at] ?? true,
    stroke: colours[at] ?? "",
    width: current ? 2.25 : 1.5,
    dash: lineStyle(at).dash,
    spanGaps: true,
    points: { size: 6 },
  };
}
