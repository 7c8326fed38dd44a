import assert from "node:assert/strict";
import { test } from "node:test";
import { after, NONE, SENDING, sentence } from "../../static/src/execution.js";

const ACCEPTED = { type: "accepted", execution_id: "e1", position: 2 };
const follow = (...messages) => messages.reduce(after, SENDING);

test("each stage is said in words", () => {
  assert.equal(sentence(NONE), "Ready.");
  assert.equal(sentence(follow(ACCEPTED)), "Waiting in line (2 ahead)");
  for (const [stage, words] of [
    ["starting", "Starting a sandbox…"],
    ["compile", "Compiling…"],
    ["run", "Running…"],
  ]) {
    assert.equal(sentence(follow(ACCEPTED, { type: "stage", stage })), words);
  }
});

test("a result ends the execution and its own message is what is said", () => {
  const result = { type: "result", message: "It ended.", diagnostics: [], violations: [] };
  const done = follow(ACCEPTED, result);
  assert.equal(done.stage, null);
  assert.equal(sentence(done), "It ended.");
});

test("stopping is said until the result is there", () => {
  const stopping = { ...follow(ACCEPTED), stopping: true };
  assert.equal(sentence(stopping), "Stopping…");
  const result = { type: "result", message: "Stopped.", diagnostics: [], violations: [] };
  assert.equal(sentence(after(stopping, result)), "Stopped.");
});

test("being too fast ends the execution with the server's words", () => {
  const refused = follow({ type: "rate_limited", retry_after: 7, message: "Wait 7 s." });
  assert.equal(refused.stage, null);
  assert.equal(sentence(refused), "Wait 7 s.");
});

test("an error before acceptance ends the execution", () => {
  const refused = follow({ type: "error", code: "bad-field", message: "No." });
  assert.equal(refused.stage, null);
});

test("an error while the program runs does not pretend that it ended", () => {
  const error = { type: "error", code: "not-running", message: "Too late." };
  const running = follow(ACCEPTED, { type: "stage", stage: "run" }, error);
  assert.equal(running.stage, "run");
  assert.equal(sentence(running), "Too late.");
});

test("an execution that cannot be followed again after a drop is over", () => {
  const resumed = { ...SENDING, id: "e1" };
  const gone = after(resumed, { type: "error", code: "unknown-execution", message: "Gone." });
  assert.equal(gone.stage, null);
});

test("a program that waits for input is reported until it computes again or ends", () => {
  const running = [ACCEPTED, { type: "stage", stage: "run" }];
  const waits = { type: "waiting", idle_seconds: 120 };
  assert.equal(sentence(follow(...running, waits)), "Waiting for input");
  const computes = { type: "waiting", idle_seconds: null };
  assert.equal(sentence(follow(...running, waits, computes)), "Running…");
  const result = { type: "result", message: "It ended.", diagnostics: [], violations: [] };
  assert.equal(follow(...running, waits, result).waiting, false);
  assert.equal(follow(...running, result, waits).waiting, false);
});
