import assert from "node:assert/strict";
import { test } from "node:test";
import {
  csvOf,
  extent,
  linesOf,
  logFits,
  notAboveZero,
  summary,
  table,
} from "../../static/src/plot-data.js";

const series = (name, points, ofTraining = false) => ({ name, points, ofTraining });
const run = (label, ...all) => ({ label, series: all, desiredError: null });
const TRAINING = series(
  "training error",
  [
    [1, 0.25],
    [10, 0.01],
    [20, 0.001],
  ],
  true,
);

test("the current run's lines keep their names, earlier ones say their run", () => {
  const runs = [run("now", TRAINING), run("14:05", TRAINING)];
  assert.deepEqual(
    linesOf(runs).map(({ label, current }) => [label, current]),
    [
      ["training error", true],
      ["training error · 14:05", false],
    ],
  );
});

test("five earlier runs are drawn and no more", () => {
  const runs = Array.from({ length: 9 }, (_, at) => run(`run ${at}`, TRAINING));
  assert.equal(linesOf(runs).length, 6);
});

test("points are put in the order of x, which a program need not keep", () => {
  const [line] = linesOf([
    run(
      "now",
      series("a", [
        [3, 1],
        [1, 2],
        [2, 3],
      ]),
    ),
  ]);
  assert.deepEqual(line.points, [
    [1, 2],
    [2, 3],
    [3, 1],
  ]);
});

test("many long lines are thinned so that all can be drawn, extremes kept", () => {
  const long = Array.from({ length: 5000 }, (_, at) => [at, at === 1234 ? 99 : at % 7]);
  const all = Array.from({ length: 60 }, (_, at) => series(`s${at}`, long));
  const lines = linesOf([run("now", ...all)]);
  assert.equal(lines.length, 40);
  for (const { points } of lines) {
    assert.ok(points.length <= 503);
    assert.ok(points.some(([x, y]) => x === 1234 && y === 99));
  }
});

test("numbers too large to take the difference of are not drawn", () => {
  const [line] = linesOf([
    run(
      "now",
      series("a", [
        [1, 1e308],
        [2, -1e308],
        [3, 1],
      ]),
    ),
  ]);
  assert.deepEqual(line.points, [[3, 1]]);
});

test("a log scale is the first choice where every value is above 0", () => {
  const fits = (...points) => logFits(linesOf([run("now", series("a", points))]));
  assert.equal(fits([1, 0.1], [2, 3]), true);
  assert.equal(fits([1, 0.1], [2, 0]), false);
  assert.equal(fits([1, 0.1], [2, -1]), false);
});

test("an error that FANN printed as 0 does not take the log scale away", () => {
  const training = series(
    "training error",
    [
      [1, 0.1],
      [2, 0],
    ],
    true,
  );
  const lines = linesOf([run("now", training)]);
  assert.equal(logFits(lines), true);
  assert.equal(notAboveZero(lines), 1);
  assert.deepEqual(extent(lines, null, true), { x: [1, 1], y: [0.1, 0.1] });
});

test("the desired error is within the picture, where its scale can show it", () => {
  const lines = linesOf([run("now", TRAINING)]);
  assert.deepEqual(extent(lines, 1e-6, true).y, [1e-6, 0.25]);
  assert.deepEqual(extent(lines, 0, true).y, [0.001, 0.25]);
  assert.deepEqual(extent(lines, 0, false).y, [0, 0.25]);
  assert.equal(extent([], 0.1, false), null);
});

test("the summary says where each line begins, ends and is lowest", () => {
  assert.equal(
    summary(linesOf([run("now", TRAINING)]), 0.001),
    "training error: 3 points, from 0.25 at 1 to 0.001 at 20, lowest 0.001. " +
      "The desired error is 0.001.",
  );
});

test("the table has a dozen points of each line, the first and the last among them", () => {
  const long = Array.from({ length: 1000 }, (_, at) => [at, at]);
  const rows = table(linesOf([run("now", series("a", long), series("b", [[7, 8]]))]));
  assert.equal(rows.length, 13);
  assert.deepEqual([rows[0].x, rows[11].x, rows[12]], [0, 999, { label: "b", x: 7, y: 8 }]);
});

test("CSV has a row for each point", () => {
  const runs = [run("now", series("a", [[1, -2.5]])), run('say "hi", you', TRAINING)];
  assert.deepEqual(csvOf(runs).split("\r\n"), [
    "run,series,x,y",
    "now,a,1,-2.5",
    '"say ""hi"", you",training error,1,0.25',
    '"say ""hi"", you",training error,10,0.01',
    '"say ""hi"", you",training error,20,0.001',
    "",
  ]);
});

test("no name in a CSV is a formula to a spreadsheet", () => {
  for (const name of ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "=HYPERLINK(1),2", "＝1", "﹢1"]) {
    const [, row] = csvOf([run(name, series(name, [[1, 2]]))]).split("\r\n");
    assert.match(row, /^"'/, name);
    assert.match(row.slice(row.indexOf(",")), /"'/, name);
  }
});
