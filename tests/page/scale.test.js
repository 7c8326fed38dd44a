import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleOf, tickLabel } from "../../static/src/scale.js";

const labels = (min, max, log, most = 6) => scaleOf(min, max, log).ticks(0, 1, most).map(tickLabel);

test("ticks are round numbers within the axis", () => {
  assert.deepEqual(labels(1, 1000, false), ["0", "200", "400", "600", "800", "1,000"]);
  assert.deepEqual(labels(0.0008, 0.25, true), ["0.001", "0.01", "0.1"]);
  assert.deepEqual(labels(1, 60, true), ["1", "2", "5", "10", "20", "50"]);
  assert.deepEqual(labels(1e-30, 1e38, true), ["1e-20", "1", "1e20", "1e40"]);
});

test("within one decade a log scale has straight ticks", () => {
  assert.deepEqual(labels(0.2, 0.25, true), ["0.2", "0.21", "0.22", "0.23", "0.24", "0.25"]);
});

test("a value is found again where it was put", () => {
  for (const [min, max, log] of [
    [1, 1000, false],
    [-5, 5, false],
    [1e-9, 0.3, true],
  ]) {
    const scale = scaleOf(min, max, log);
    assert.ok(scale.place(min) > 0 && scale.place(max) < 1);
    assert.ok(Math.abs(scale.value(scale.place(max)) - max) < 1e-9 * Math.abs(max));
  }
});

test("the tick at 0 says 0", () => {
  for (const [min, max] of [
    [-0.83, 0.74],
    [-1, 1],
    [-0.3, 1e7],
  ]) {
    const scale = scaleOf(min, max, false);
    const said = scale.ticks(0, 1, 6).map((tick) => tickLabel(scale.value(scale.place(tick))));
    assert.ok(said.includes("0"), said.join(" "));
  }
});

test("a single value has an axis around it", () => {
  for (const [value, log] of [
    [5, false],
    [0, false],
    [0.001, true],
    [1, true],
  ]) {
    const scale = scaleOf(value, value, log);
    assert.equal(scale.place(value), 0.5);
    assert.ok(scale.ticks(0, 1, 6).length > 0, String(value));
  }
});

test("whatever the values, ticks are few, finite and made at once", () => {
  const started = performance.now();
  const ends = [-1e300, -1, 0, 5e-324, 1e-300, 1, 1e15, 9e15, 9e15 + 2, 1e17, 1e17 + 16, 1e300];
  for (const min of ends) {
    for (const max of ends.filter((end) => end >= min)) {
      for (const log of min > 0 ? [true, false] : [false]) {
        const ticks = scaleOf(min, max, log).ticks(0, 1, 8);
        assert.ok(ticks.length <= 30, `${min} to ${max}: ${ticks.length}`);
        assert.ok(ticks.every(Number.isFinite), `${min} to ${max}: ${ticks}`);
      }
    }
  }
  assert.ok(performance.now() - started < 500);
});
