import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf } from "../../static/src/plot-data.js";
import { groupsOf } from "../../static/src/plot-groups.js";

const over = (name, from, to, ofTraining = false) => ({
  name,
  ofTraining,
  points:
    from === to
      ? [[from, 1]]
      : [
          [from, 1],
          [to, 2],
        ],
});
const run = (label, ...series) => ({ label, series, desiredError: null });
const labels = (...series) => groupsOf(linesOf([run("now", ...series)])).map(({ label }) => label);

test("a curve that would be a stroke in the corner is drawn apart", () => {
  const curves = [over("wanted", -1, 1), over("network", -1, 1)];
  assert.deepEqual(labels(over("error", 50, 400), ...curves), ["error", "wanted, network"]);
  assert.deepEqual(labels(over("training error", 1, 700, true), ...curves), [
    "training error",
    "wanted, network",
  ]);
});

test("what fits on one axis shares it", () => {
  const error = over("training error", 1, 1000, true);
  assert.deepEqual(labels(error, over("test", 0, 990)), ["training error, test"]);
  assert.deepEqual(labels(error, over("rate", 0, 60)), ["training error, rate"]);
  assert.deepEqual(labels(over("first", 0, 100), over("then", 101, 200)), ["first, then"]);
  assert.deepEqual(labels(error, over("best", 640, 640)), ["training error, best"]);
  assert.deepEqual(labels(over("a", 0, 3), over("b", 1e9, 1e9)), ["a", "b"]);
  assert.deepEqual(labels(), []);
});

test("trainings stay together however long they were, and so do the runs of a name", () => {
  const short = over("training error 1", 1, 5, true);
  assert.equal(labels(short, over("training error 2", 1, 1000, true)).length, 1);
  const runs = [run("now", over("loss", 0, 1000)), run("before", over("loss", 0, 3))];
  assert.equal(groupsOf(linesOf(runs)).length, 1);
});

test("many names are not all in a group's label", () => {
  const all = ["a", "b", "c", "d"].map((name) => over(name, 0, 1));
  assert.deepEqual(labels(...all), ["a, b, c, …"]);
});

test("a group is told by its first line, so that it stays chosen while others come", () => {
  const keys = (...series) => groupsOf(linesOf([run("now", ...series)])).map(({ key }) => key);
  const [fit, error] = [over("wanted", -1, 1), over("error", 0, 400)];
  assert.deepEqual(keys(error, fit), ["error", "wanted"]);
  assert.deepEqual(keys(error, fit, over("network", -1, 1)), ["error", "wanted"]);
});
