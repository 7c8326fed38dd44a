import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { TypingCheck } from "../../static/src/typing-check.js";
import { Clock } from "./clock.js";

let clock;
let asked;
let shown;
let check;
let visible;

beforeEach(() => {
  clock = new Clock();
  [asked, shown, visible] = [[], [], true];
  check = new TypingCheck({
    ask: (seq) => asked.push(seq) > 0,
    show: (answer) => visible && shown.push(answer) > 0,
  });
});

afterEach(() => clock.restore());

const answer = (seq, compiler = "done") => ({
  type: "checked",
  seq,
  violations: [],
  items: [],
  compiler,
});

test("it asks once, when typing has stopped", () => {
  for (let key = 0; key < 5; key++) {
    check.changed();
    clock.tick(300);
  }
  assert.deepEqual(asked, []);
  clock.tick(300);
  assert.deepEqual(asked, [5]);
});

test("an answer to an older text is not shown", () => {
  check.changed();
  clock.tick(500);
  check.changed();
  check.receive(answer(1));
  assert.deepEqual(shown, []);
  clock.tick(500);
  check.receive(answer(2));
  assert.equal(shown.length, 1);
});

test("a compiler that was busy is asked again, and the policy's answer shown meanwhile", () => {
  check.changed();
  clock.tick(500);
  check.receive(answer(1, "busy"));
  assert.equal(shown.length, 1);
  clock.tick(4000);
  assert.deepEqual(asked, [1, 1]);
  check.receive(answer(1));
  clock.tick(60_000);
  assert.deepEqual(asked, [1, 1]);
});

test("a cancelled check neither asks nor shows", () => {
  check.changed();
  check.cancel();
  clock.tick(5000);
  assert.deepEqual(asked, []);
  check.changed();
  clock.tick(500);
  check.cancel();
  check.receive(answer(3));
  assert.deepEqual(shown, []);
});

test("a text whose answer got lost with the connection is asked about on the next one", () => {
  check.changed();
  clock.tick(500);
  check.again();
  clock.tick(500);
  assert.deepEqual(asked, [1, 1]);
  check.receive(answer(1));
  check.again();
  clock.tick(5000);
  assert.deepEqual(asked, [1, 1]);
});

test("a text that was typed during a run is asked about when the run is over", () => {
  visible = false;
  check.changed();
  clock.tick(500);
  check.receive(answer(1));
  visible = true;
  check.again();
  clock.tick(500);
  check.receive(answer(1));
  assert.deepEqual([asked, shown.length], [[1, 1], 1]);
});
