import assert from "node:assert/strict";
import { test } from "node:test";
import { Decimated } from "../../static/src/decimated.js";

function filled(values, limit = 16) {
  const row = new Decimated(limit, (value) => value);
  for (const value of values) row.push(value);
  return row;
}
const upTo = (count) => Array.from({ length: count }, (_, at) => at);

test("below the limit every point is kept", () => {
  assert.deepEqual(filled(upTo(15)).points, upTo(15));
});

test("however much is pushed, the limit holds but for the first and the last point", () => {
  for (const count of [16, 17, 100, 1000, 12_345]) {
    const { points, pushed, last } = filled(upTo(count));
    assert.ok(points.length <= 16 + 3, `${count}: ${points.length}`);
    assert.deepEqual([points[0], points.at(-1), last, pushed], [0, count - 1, count - 1, count]);
  }
});

test("the lowest and the highest survive wherever they come", () => {
  for (let place = 0; place < 300; place += 7) {
    const values = Array(300).fill(0);
    values[place] = 5;
    values[(place + 100) % 300] = -5;
    const { points } = filled(values);
    assert.ok(points.includes(5) && points.includes(-5), String(place));
  }
});

test("points stay in the order pushed", () => {
  const row = new Decimated(16, ([, height]) => height);
  for (let at = 0; at < 999; at++) row.push([at, Math.sin(at * 12.9898) * 43_758]);
  const places = row.points.map(([at]) => at);
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
});
