/** Weights as a table of colours, for nets with too many connections for lines. */

import { element } from "./dom.js";
import { cellText } from "./net-view.js";

/**
 * Darker is negative, lighter is positive: it reads without colour too. From −1 over 0 to 1.
 *
 * @type {[number, number, number][]}
 */
const COLOURS = [
  [10, 30, 92],
  [122, 132, 146],
  [255, 240, 150],
];
/** CSS pixels of one cell, where there is room. */
const CELL = 14;

/**
 * @typedef {import("./net-file.js").Net} Net
 * @typedef {import("./net-view.js").HeatMap} HeatMap
 */

/**
 * @param {Net} net
 * @param {HeatMap} map
 * @param {number} most The weight that has the full colour.
 * @param {(text: string) => void} onCell With what the cell under pointer or cursor says.
 */
export function drawHeatMap(net, map, most, onCell) {
  const { title, columns, rows, sources, targets } = map;
  const canvas = element("canvas", { tabindex: "0", role: "img" });
  canvas.width = columns;
  canvas.height = rows;
  canvas.setAttribute(
    "aria-label",
    `Weights ${title}: ${sources.length} columns, ${targets.length} rows. Arrow keys read cells.`,
  );
  canvas.style.width = `${columns * CELL}px`;
  canvas.style.aspectRatio = `${columns} / ${rows}`;
  paint(canvas, map, most);
  follow(canvas, map, (column, row) => onCell(cellText(net, map, column, row)));
  return element("figure", { class: "net-heat" }, element("figcaption", {}, title), canvas);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HeatMap} map
 * @param {number} most
 */
function paint(canvas, { columns, rows, cells }, most) {
  const context = canvas.getContext("2d");
  if (!context || cells.length === 0) return;
  const image = context.createImageData(columns, rows);
  cells.forEach((weight, at) => {
    if (!Number.isNaN(weight)) image.data.set([...colourOf(weight / most), 255], 4 * at);
  });
  context.putImageData(image, 0, 0);
}

/**
 * @param {number} share From −1 to 1; what is beyond gets the end's colour.
 * @returns {[number, number, number]} Red, green and blue, to 255.
 */
export function colourOf(share) {
  const place = Math.min(1, Math.max(-1, share)) + 1;
  const below = Math.min(COLOURS.length - 2, Math.floor(place));
  const [from, to] = [COLOURS[below], COLOURS[below + 1]];
  /** @param {0 | 1 | 2} part */
  const mix = (part) => {
    const start = from?.[part] ?? 0;
    return Math.round(start + (place - below) * ((to?.[part] ?? 0) - start));
  };
  return [mix(0), mix(1), mix(2)];
}

/**
 * Pointer and arrow keys choose cells.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {HeatMap} map
 * @param {(column: number, row: number) => void} onCell
 */
function follow(canvas, { columns, rows }, onCell) {
  let [column, row] = [0, 0];
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    column = bounded(Math.floor((offsetX / canvas.clientWidth) * columns), columns);
    row = bounded(Math.floor((offsetY / canvas.clientHeight) * rows), rows);
    onCell(column, row);
  });
  canvas.addEventListener("focus", () => onCell(column, row));
  canvas.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    column = bounded(column + step[0], columns);
    row = bounded(row + step[1], rows);
    onCell(column, row);
  });
}

/** @type {Record<string, [columns: number, rows: number]>} */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {number} at
 * @param {number} count
 */
function bounded(at, count) {
  return Math.min(count - 1, Math.max(0, at));
}
