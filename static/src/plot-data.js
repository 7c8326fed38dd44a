/** What a plot shows: lines of runs, their summary, their table and their CSV. Pure: no DOM. */

import { Decimated } from "./decimated.js";
import { brief, count } from "./figures.js";
import { LARGEST } from "./scale.js";

/** Earlier runs that are drawn behind the current one. */
export const EARLIER_RUNS = 5;
/** More lines than this tell nobody anything, and cost the page its fluency. */
const LINES = 40;
/** Shared by all lines: the chart's work is lines times places. */
const POINTS = 20_000;
const TABLE_ROWS = 12;

/**
 * @typedef {import("./training.js").Series} Series
 */

/**
 * One execution's curves; a TrainingReader with a label is one.
 *
 * @typedef {object} Run
 * @property {string} label Such as “this run” or “14:05, main.c”.
 * @property {readonly Series[]} series
 * @property {number | null} desiredError
 */

/**
 * @typedef {object} Line
 * @property {string} name The series'.
 * @property {string} label The series' name, with the run's for earlier ones.
 * @property {boolean} current Whether it belongs to the first run.
 * @property {boolean} ofTraining
 * @property {[x: number, y: number][]} points Sorted by x.
 */

/**
 * The lines of the current run and of some earlier ones, thinned so that all can be drawn.
 *
 * @param {readonly Run[]} runs The current one first.
 * @returns {Line[]}
 */
export function linesOf(runs) {
  const all = runs.slice(0, 1 + EARLIER_RUNS).flatMap((run, at) =>
    run.series.map((series) => ({
      name: series.name,
      label: at === 0 ? series.name : `${series.name} · ${run.label}`,
      current: at === 0,
      ofTraining: series.ofTraining,
      points: series.points,
    })),
  );
  const lines = all.slice(0, LINES);
  const most = Math.floor(POINTS / lines.length / 4) * 4;
  return lines.map((line) => ({ ...line, points: thinned(sorted(line.points), most) }));
}

/** @param {[number, number][]} points */
function sorted(points) {
  const drawable = points.filter((point) => point.every((value) => Math.abs(value) <= LARGEST));
  return drawable.sort(([a], [b]) => a - b);
}

/**
 * @param {[number, number][]} points
 * @param {number} most
 */
function thinned(points, most) {
  if (points.length <= most) return points;
  /** @type {Decimated<[number, number]>} */
  const row = new Decimated(most, ([, y]) => y);
  for (const point of points) row.push(point);
  return row.points;
}

/**
 * Whether a log scale is the better first sight: where every value is above 0. An error of 0
 * was rounded to that by FANN's own printf and does not count.
 *
 * @param {readonly Line[]} lines
 */
export function logFits(lines) {
  return lines.every(({ points, ofTraining }) =>
    points.every(([, y]) => y > 0 || (y === 0 && ofTraining)),
  );
}

/**
 * The smallest and the largest of x and y, over what a log scale or a straight one can show.
 *
 * @param {readonly Line[]} lines
 * @param {number | null} desiredError
 * @param {boolean} log
 * @returns {{x: [number, number], y: [number, number]} | null} Null when nothing can be shown.
 */
export function extent(lines, desiredError, log) {
  const x = /** @type {[number, number]} */ ([Infinity, -Infinity]);
  const y = /** @type {[number, number]} */ ([Infinity, -Infinity]);
  for (const { points } of lines) {
    for (const point of points) {
      if (log && point[1] <= 0) continue;
      widen(x, point[0]);
      widen(y, point[1]);
    }
  }
  if (x[0] > x[1]) return null;
  if (desiredError !== null && (!log || desiredError > 0)) widen(y, desiredError);
  return { x, y };
}

/**
 * @param {[number, number]} range
 * @param {number} value
 */
function widen(range, value) {
  range[0] = Math.min(range[0], value);
  range[1] = Math.max(range[1], value);
}

/**
 * How many points a log scale leaves out.
 *
 * @param {readonly Line[]} lines
 */
export function notAboveZero(lines) {
  return lines.reduce((sum, { points }) => sum + points.filter(([, y]) => y <= 0).length, 0);
}

/**
 * The plot in a sentence for each line, for whoever cannot see it.
 *
 * @param {readonly Line[]} lines
 * @param {number | null} desiredError
 */
export function summary(lines, desiredError) {
  const aim = desiredError === null ? [] : [`The desired error is ${brief(desiredError)}.`];
  return [...lines.map(sentence), ...aim].join(" ");
}

/** @param {Line} line */
function sentence({ label, points }) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return `${label}: no points.`;
  const lowest = points.reduce((low, [, y]) => Math.min(low, y), Infinity);
  const many = points.length === 1 ? "1 point" : `${count(points.length)} points`;
  return (
    `${label}: ${many}, from ${brief(first[1])} at ${brief(first[0])} ` +
    `to ${brief(last[1])} at ${brief(last[0])}, lowest ${brief(lowest)}.`
  );
}

/**
 * Some points of each line, evenly spread, the first and the last among them.
 *
 * @param {readonly Line[]} lines
 * @returns {{label: string, x: number, y: number}[]}
 */
export function table(lines) {
  return lines.flatMap(({ label, points }) => {
    const rows = Math.min(TABLE_ROWS, points.length);
    const places = Array.from({ length: rows }, (_, at) =>
      Math.round((at * (points.length - 1)) / Math.max(1, rows - 1)),
    );
    return places.map((at) => {
      const [x, y] = /** @type {[number, number]} */ (points[at]);
      return { label, x, y };
    });
  });
}

/**
 * Every kept point of every run: a row each, with a heading.
 *
 * @param {readonly Run[]} runs
 */
export function csvOf(runs) {
  const rows = runs.flatMap(({ label, series }) =>
    series.flatMap(({ name, points }) => points.map(([x, y]) => [cell(label), cell(name), x, y])),
  );
  return `${[["run", "series", "x", "y"], ...rows].map((row) => row.join(",")).join("\r\n")}\r\n`;
}

/** Full-width signs too: some spreadsheets read them alike. */
const FORMULA = /^[\s\p{C}]*[-=+@＝＋－＠﹢﹣﹦﹫]/u;

/**
 * A text that no spreadsheet takes for a formula.
 *
 * @param {string} text
 */
function cell(text) {
  const plain = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
