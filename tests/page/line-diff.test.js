import assert from "node:assert/strict";
import { test } from "node:test";
import { inContext, lineDiff } from "../../static/src/line-diff.js";

const SIGNS = { same: " ", gone: "-", new: "+" };
const text = (changes) => changes.map(({ kind, line }) => SIGNS[kind] + line).join("\n");
const sideOf = (changes, kind) =>
  changes.filter((one) => one.kind === "same" || one.kind === kind).map(({ line }) => line);

test("the same text has no difference", () => {
  assert.equal(text(lineDiff("a\nb\n", "a\nb\n")), " a\n b");
});

test("what went comes before what came in its place", () => {
  assert.equal(text(lineDiff("a\nb\nc", "a\nB\nc")), " a\n-b\n+B\n c");
});

test("lines are added and removed at both ends", () => {
  assert.equal(text(lineDiff("b\nc", "a\nb")), "+a\n b\n-c");
  assert.equal(text(lineDiff("", "a")), "+a");
  assert.equal(text(lineDiff("a", "")), "-a");
});

test("a repeated line is not counted for both ends", () => {
  assert.equal(text(lineDiff("a\na\na", "a\na")).length, "-a\n a\n a".length);
});

test("both texts can be read from any difference", () => {
  let seed = 7;
  const next = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let round = 0; round < 200; round += 1) {
    const make = () => Array.from({ length: next() * 12 }, () => "abcd"[Math.floor(next() * 4)]);
    const [before, now] = [make(), make()];
    const changes = lineDiff(before.join("\n"), now.join("\n"));
    assert.deepEqual(sideOf(changes, "gone"), before);
    assert.deepEqual(sideOf(changes, "new"), now);
  }
});

test("two long texts with nothing in common do not stall the page", () => {
  const many = (sign) => Array.from({ length: 50_000 }, (_, at) => sign + at).join("\n");
  assert.equal(lineDiff(many("a"), many("b")).length, 100_000);
});

test("only the changes are shown, with the lines around them", () => {
  const lines = Array.from({ length: 20 }, (_, at) => String(at));
  const changes = lineDiff(lines.join("\n"), lines.with(10, "ten").join("\n"));
  const shown = inContext(changes, 1).map((one) => one && SIGNS[one.kind] + one.line);
  assert.deepEqual(shown, [null, " 9", "-10", "+ten", " 11", null]);
});
