/** The page: joins editor, terminal, compiler pane and result to the connection. */

import { CompilerPane } from "./compiler.js";
import { Connection } from "./connection.js";
import { Draft } from "./draft.js";
import { Editor } from "./editor.js";
import { EXAMPLE } from "./example.js";
import { after, ended, NONE, SENDING, sentence, tooLarge } from "./execution.js";
import { problemsOf } from "./problems.js";
import { ResultPanel } from "./result.js";
import { RunButtons } from "./run-button.js";
import { tabs } from "./tabs.js";

const LOST_BEFORE_ACCEPTED =
  "The connection was lost before the program was accepted. Run it again.";
const NO_TERMINAL =
  "The terminal could not be loaded, so nothing was sent. Reload the page; your text is kept.";
const NOT_KEPT =
  "This browser refuses to keep your text. Copy it elsewhere before you leave the page.";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const page = byId("ide");
/** @type {import("./protocol.js").Limits} */
const limits = JSON.parse(byId("limits").textContent ?? "");
const status = byId("status");

/** @type {import("./execution.js").Execution} */
let execution = NONE;
/** @type {import("./terminal.js").Terminal | null} */
let terminal = null;

const draft = new Draft(page.dataset.userId ?? "", localStorage, () => say(NOT_KEPT));
const editor = new Editor(byId("editor"), draft.load() ?? EXAMPLE, () =>
  draft.changed(() => editor.text),
);
const compiler = new CompilerPane({
  list: byId("problems"),
  output: byId("compiler-output"),
  count: byId("problem-count"),
  empty: byId("compiler-empty"),
  onJump: (problem) => editor.jump(problem),
});
const result = new ResultPanel(byId("result"), limits);
const buttons = new RunButtons({
  run: /** @type {HTMLButtonElement} */ (byId("run")),
  stop: /** @type {HTMLButtonElement} */ (byId("stop")),
  onRested: () => {
    execution = ended(execution, null);
    render();
  },
});
const showPanel = tabs(byId("output-tabs"), () => terminal?.fit());
const connection = new Connection({ dial, onMessage: receive, onState: linkChanged });

// xterm.js is not needed to write a program, so it loads after the editor is up.
const terminalReady = import("./terminal.js").then(openTerminal, () => null);

/** @param {typeof import("./terminal.js")} module */
function openTerminal({ Terminal }) {
  terminal = new Terminal({
    host: byId("terminal"),
    text: byId("terminal-text"),
    onInput: (data) => connection.send({ type: "stdin", data }),
    onResize: (cols, rows) => {
      if (execution.stage) connection.send({ type: "resize", cols, rows });
    },
  });
  return terminal;
}

function dial() {
  const url = new URL("/ws/execute/", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return new WebSocket(url);
}

async function run() {
  const source = editor.text;
  const refusal = tooLarge(source, limits.source_bytes);
  draft.flush();
  begin(refusal ? ended(NONE, refusal) : SENDING);
  if (refusal) return;
  const failure = await send(source);
  if (failure) execution = ended(execution, failure);
  render();
}

/**
 * Send a program to be run, once the terminal is there to say how wide it is.
 *
 * @param {string} source
 * @returns {Promise<string | null>} Why it could not be sent.
 */
async function send(source) {
  const { size } = (await terminalReady) ?? {};
  if (!size) return NO_TERMINAL;
  const message = { type: "run", source, args: [], stdin: "", interactive: true, ...size };
  return connection.send(message) ? null : LOST_BEFORE_ACCEPTED;
}

function stop() {
  if (!connection.send({ type: "stop" })) return;
  execution = { ...execution, stopping: true };
  render();
}

/**
 * Start afresh: nothing of an earlier execution stays to be taken for this one's.
 *
 * @param {import("./execution.js").Execution} first
 */
function begin(first) {
  execution = first;
  terminal?.clear();
  compiler.clear();
  editor.mark([]);
  result.clear();
  showPanel("terminal-panel");
  render();
}

/** @param {import("./protocol.js").ServerMessage} message */
function receive(message) {
  execution = after(execution, message);
  if (message.type === "output") output(message);
  if (message.type === "blocked" || message.type === "diagnostics") showProblems();
  if (message.type === "rate_limited") buttons.rest(message.retry_after);
  if (message.type === "result") conclude(message);
  if (message.type !== "output") render();
}

/** @param {import("./protocol.js").Output} message */
function output({ stream, data }) {
  if (stream === "compiler") compiler.write(data);
  else terminal?.write(data);
}

function showProblems() {
  const problems = problemsOf(execution);
  compiler.show(problems);
  editor.mark(problems);
}

/** @param {import("./protocol.js").Outcome} outcome */
function conclude(outcome) {
  result.show(outcome);
  showProblems();
  // Without a run there is nothing in the terminal; what went wrong is in the other tab.
  if (["blocked", "compile_error"].includes(outcome.status)) showPanel("compiler-panel");
  // Where the output breaks off, the reason stands.
  else if (outcome.status !== "success") terminal?.note(outcome.message);
}

/** @param {import("./connection.js").LinkState} state */
function linkChanged(state) {
  if (state === "open" && execution.stage) resume();
  else render();
}

/** After a drop: follow the execution again, from its first event on. */
function resume() {
  const { id } = execution;
  if (id === null) {
    execution = ended(execution, LOST_BEFORE_ACCEPTED);
    render();
    return;
  }
  begin({ ...SENDING, id });
  connection.send({ type: "attach", execution_id: id });
}

function render() {
  const active = execution.stage !== null;
  const connected = connection.state === "open";
  buttons.show({ connected, active, stopping: execution.stopping });
  if (terminal) terminal.live = execution.stage === "run";
  page.dataset.stage = execution.stage ?? "idle";
  if (connection.state === "signed-out") saySignedOut();
  else say(linkSentence(connection.state) ?? sentence(execution));
}

/** @param {import("./connection.js").LinkState} state */
function linkSentence(state) {
  if (state === "connecting") return "Connecting…";
  return state === "lost" ? "Connection lost, reconnecting…" : null;
}

/** @param {string} text */
function say(text) {
  // Writing the same words again would make a screen reader repeat them.
  if (status.textContent !== text) status.textContent = text;
}

function saySignedOut() {
  const link = document.createElement("a");
  link.href = page.dataset.loginUrl ?? "";
  link.textContent = "Log in again";
  status.replaceChildren("You are not logged in any more. Your text is kept. ", link, ".");
}

/** @param {KeyboardEvent} event */
function shortcut(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  // Before the editor and the terminal, which have their own use for the key.
  event.preventDefault();
  event.stopPropagation();
  if (!buttons.run.disabled) run();
}

buttons.run.addEventListener("click", () => {
  run();
  // The button is about to be disabled, which would drop the focus; and a prompt wants an answer.
  terminal?.focus();
});
buttons.stop.addEventListener("click", stop);
document.addEventListener("keydown", shortcut, { capture: true });
document.addEventListener("visibilitychange", () => draft.flush());
addEventListener("pagehide", () => draft.flush());
addEventListener("online", () => connection.connect());
connection.connect();
editor.focus();
render();
