import assert from "node:assert/strict";
import test from "node:test";
import { RunSession } from "../../static/src/run-session.js";

/** A page as it is right after a reload: following an execution, its terminal not loaded yet. */
function reloaded() {
  const shown = [];
  const sent = [];
  /** @type {(terminal: any) => void} */
  let loaded = () => {};
  const pane = { clear() {}, show() {}, write() {}, begin() {}, end() {}, add() {} };
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
      ...{ compiler: pane, result: pane, written: pane, training: pane },
      mark() {},
      showPanel() {},
    }),
    storage: /** @type {any} */ ({ getItem: () => "an-id", setItem() {}, removeItem() {} }),
    onChange() {},
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
