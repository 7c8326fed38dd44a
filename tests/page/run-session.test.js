import assert from "node:assert/strict";
import test from "node:test";
import { RunSession } from "../../static/src/run-session.js";

/** A page as it is right after a reload: following an execution, its terminal not loaded yet. */
function reloaded() {
  const shown = [];
  const sent = [];
  /** @type {(terminal: any) => void} */
  let loaded = () => {};
  const pane = { clear() {}, show() {}, write() {}, begin() {}, end() {}, add() {}, conclude() {} };
  const session = new RunSession({
    connection: /** @type {any} */ ({
      send(message) {
        sent.push(message.type);
        session.receive({ type: "stage", stage: "run" });
        session.receive({ type: "output", stream: "stdout", data: "number? " });
      },
    }),
    terminalReady: new Promise((done) => {
      loaded = done;
    }),
    panes: /** @type {any} */ ({
      ...{ compiler: pane, result: pane, written: pane, training: pane, countdown: pane },
      mark() {},
      showPanel() {},
    }),
    focus: { claim() {}, release() {} },
    storage: /** @type {any} */ ({ getItem: () => "an-id", setItem() {}, removeItem() {} }),
    onChange() {},
    onStanding() {},
    onRest() {},
  });
  session.terminalReady.then((terminal) => {
    session.terminal = terminal;
  });
  session.open("a-project");
  const load = () =>
    loaded({
      clear() {
        shown.length = 0;
      },
      write: (data) => shown.push(data),
    });
  return { session, shown, sent, load };
}

test("what a program printed before a reload is shown however late the terminal comes", async () => {
  const { session, shown, sent, load } = reloaded();
  const resumed = session.resume();
  assert.deepEqual(sent, []);
  load();
  await resumed;
  assert.deepEqual(shown, ["number? "]);
});

test("a connection that drops before the terminal is there asks once", async () => {
  const { session, shown, sent, load } = reloaded();
  const both = [session.resume(), session.resume()];
  load();
  await Promise.all(both);
  assert.deepEqual(sent, ["attach"]);
  assert.deepEqual(shown, ["number? "]);
});

/** A page whose program is still being saved: nothing of it was sent. */
function preparing() {
  const sent = [];
  let prepared = (_program) => {};
  const pane = { clear() {}, show() {}, write() {}, begin() {}, end() {}, add() {}, conclude() {} };
  const session = new RunSession({
    connection: /** @type {any} */ ({
      send(message) {
        sent.push(message);
        return true;
      },
    }),
    terminalReady: Promise.resolve(/** @type {any} */ ({ size: { cols: 80, rows: 24 } })),
    panes: /** @type {any} */ ({
      ...{ compiler: pane, result: pane, written: pane, training: pane, countdown: pane },
      mark() {},
      showPanel() {},
    }),
    focus: { claim() {}, release() {} },
    storage: /** @type {any} */ ({ getItem: () => null, setItem() {}, removeItem() {} }),
    onChange() {},
    onStanding() {},
    onRest() {},
  });
  const ran = session.run(
    () =>
      new Promise((done) => {
        prepared = done;
      }),
  );
  const save = () => {
    prepared({ project: "p", interactive: true });
    return ran;
  };
  const kinds = () => sent.map(({ type }) => type);
  return { session, sent, kinds, save };
}

test("what is stopped while it is being saved is never sent", async () => {
  const { session, kinds, save } = preparing();
  session.stop();
  assert.equal(session.active, false);
  assert.match(session.sentence, /before it was sent/);
  await save();
  assert.deepEqual(kinds(), []);
});

test("a new window size before the program is sent goes with it", async () => {
  const { session, sent, kinds, save } = preparing();
  session.resize(100, 30);
  assert.deepEqual(kinds(), []);
  await save();
  assert.deepEqual([kinds(), sent[0].cols], [["run"], 80]);
  session.resize(100, 30);
  assert.deepEqual(kinds(), ["run", "resize"]);
});

test("a connection that drops while the program is being saved costs nothing", async () => {
  const { session, kinds, save } = preparing();
  await session.resume();
  assert.equal(session.active, true);
  await save();
  assert.deepEqual(kinds(), ["run"]);
});

test("a connection that drops after the program was sent says so", async () => {
  const { session, save } = preparing();
  await save();
  await session.resume();
  assert.equal(session.active, false);
  assert.match(session.sentence, /connection was lost before/);
});

test("a key that came too late ends nothing and says nothing", async () => {
  const { session, save } = preparing();
  await save();
  session.receive({ type: "error", code: "not-running", message: "No program is running." });
  assert.equal(session.active, true);
  assert.match(session.sentence, /Sending/);
});

test("a stop right after a reload goes out behind the question for the execution", async () => {
  const { session, sent, load } = reloaded();
  const resumed = session.resume();
  session.stop();
  session.connection.send = (message) => sent.push(message.type) > 0;
  load();
  await resumed;
  assert.deepEqual(sent, ["attach", "resize", "stop"]);
});

test("what ends without a result is explained in the terminal, whole", async () => {
  for (const [message, wanted] of [
    [{ type: "error", code: "paused", message: "Paused until noon." }, ["Paused until noon."]],
    [{ type: "rate_limited", retry_after: 9, message: "Too many." }, ["Too many."]],
    [{ type: "result", message: "Shown elsewhere.", diagnostics: [], violations: [] }, []],
  ]) {
    const { session, save } = preparing();
    const notes = [];
    await save();
    session.panes.result.show = () => {};
    session.terminal = /** @type {any} */ ({ note: (text) => notes.push(text) });
    session.receive({ status: "success", ...message });
    assert.deepEqual(notes, wanted);
  }
});
