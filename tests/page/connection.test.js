import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Connection, pauseBefore } from "../../static/src/connection.js";
import { Clock } from "./clock.js";

/** The network's end of a socket, driven by the test. */
class Line {
  sent = [];
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  open() {
    this.onopen({});
  }
  drop(code = 1006) {
    this.onclose({ code });
  }
}

let clock;
let lines;
let states;
let messages;
let connection;

beforeEach(() => {
  clock = new Clock();
  [lines, states, messages] = [[], [], []];
  connection = new Connection({
    dial: () => lines[lines.push(new Line()) - 1],
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
  });
  connection.connect();
});

afterEach(() => clock.restore());

test("a dropped connection comes back by itself and says both", () => {
  lines[0].open();
  lines[0].drop();
  clock.tick(500);
  lines[1].open();
  assert.deepEqual(states, ["open", "lost", "open"]);
});

test("pauses grow to ten seconds and no further", () => {
  for (const [attempt, longest] of [500, 1000, 2000, 4000, 8000, 10000, 10000].entries()) {
    const pause = pauseBefore(attempt);
    assert.ok(pause >= longest / 2 && pause <= longest, `attempt ${attempt}: ${pause} ms`);
  }
});

test("a server that hangs up at once is not called in a tight loop", () => {
  for (let i = 0; i < 6; i++) {
    lines.at(-1).open();
    lines.at(-1).drop();
    clock.tick(10_000);
  }
  const before = lines.length;
  lines.at(-1).drop();
  clock.tick(4_000);
  assert.equal(lines.length, before);
});

test("after a healthy connection the first pause is short again", () => {
  for (let i = 0; i < 6; i++) {
    lines.at(-1).drop();
    clock.tick(10_000);
  }
  lines.at(-1).open();
  clock.tick(6_000);
  const before = lines.length;
  lines.at(-1).drop();
  clock.tick(500);
  assert.equal(lines.length, before + 1);
});

test("whoever is logged out is not called back", () => {
  lines[0].open();
  lines[0].drop(4401);
  clock.tick(60_000);
  assert.equal(lines.length, 1);
  assert.equal(connection.state, "signed-out");
});

test("a message without a connection is refused, not lost in silence", () => {
  assert.equal(connection.send({ type: "stop" }), false);
  lines[0].open();
  assert.equal(connection.send({ type: "stop" }), true);
  assert.deepEqual(lines[0].sent, [{ type: "stop" }]);
});
