/** One execution after the other: sends it, follows it, shows what comes, over drops and reloads. */

import { after, ended, NONE, SENDING, sentence } from "./execution.js";
import { problemsOf } from "./problems.js";

const LOST_BEFORE_ACCEPTED =
  "The connection was lost before the program was accepted. Run it again.";
const NO_TERMINAL =
  "The terminal could not be loaded, so nothing was sent. Reload the page; your text is kept.";
/** Begins the name under which this tab remembers a project's execution over a reload. */
const FOLLOWED = "cloister:following:";

/**
 * @typedef {object} Program What to run, once it is saved.
 * @property {string} project The project's id.
 * @property {boolean} interactive
 */

/**
 * @typedef {object} Panes Where an execution shows.
 * @property {import("./compiler.js").CompilerPane} compiler
 * @property {import("./result.js").ResultPanel} result
 * @property {import("./written-files.js").WrittenFiles} written
 * @property {import("./training-pane.js").TrainingFeed} training
 * @property {(problems: import("./problems.js").Problem[]) => void} mark
 * @property {(panelId: string) => void} showPanel
 */

export class RunSession {
  /** @type {import("./execution.js").Execution} */
  execution = NONE;
  /** @type {import("./terminal.js").Terminal | null} */
  terminal = null;
  #key = FOLLOWED;
  /** What another module of the page asked the server, by the type of the answer. @type {Map<string, (message: any) => void>} */
  answers = new Map();
  /** An error that is about such a question, and not about an execution.
   * @type {(error: import("./protocol.js").ToolError) => void} */
  onToolError = () => {};

  /**
   * @param {object} options
   * @param {import("./connection.js").Connection} options.connection
   * @param {Promise<import("./terminal.js").Terminal | null>} options.terminalReady
   * @param {Panes} options.panes
   * @param {Storage} options.storage Remembers the execution over a reload of this tab.
   * @param {() => void} options.onChange
   * @param {(seconds: number) => void} options.onRest Called when runs have to wait.
   */
  constructor({ connection, terminalReady, panes, storage, onChange, onRest }) {
    this.connection = connection;
    this.terminalReady = terminalReady;
    this.panes = panes;
    this.storage = storage;
    this.onChange = onChange;
    this.onRest = onRest;
  }

  get active() {
    return this.execution.stage !== null;
  }

  /** One sentence about what goes on. */
  get sentence() {
    return sentence(this.execution);
  }

  /**
   * Run what `prepared` gives; it may refuse by throwing, with a sentence.
   *
   * @param {() => Promise<Program>} prepared
   */
  async run(prepared) {
    this.#begin(SENDING);
    try {
      const program = await prepared();
      const terminal = await this.terminalReady;
      if (!terminal) throw new Error(NO_TERMINAL);
      const message = { type: "run", ...program, ...terminal.size };
      if (!this.connection.send(message)) throw new Error(LOST_BEFORE_ACCEPTED);
    } catch (error) {
      this.execution = ended(this.execution, /** @type {Error} */ (error).message);
    }
    this.onChange();
  }

  stop() {
    if (!this.connection.send({ type: "stop" })) return;
    this.execution = { ...this.execution, stopping: true };
    this.onChange();
  }

  /** The wait after too many runs is over. */
  rested() {
    this.execution = ended(this.execution, null);
    this.onChange();
  }

  /** @param {string} data */
  type(data) {
    this.connection.send({ type: "stdin", data });
  }

  /**
   * @param {number} cols
   * @param {number} rows
   */
  resize(cols, rows) {
    if (this.active) this.connection.send({ type: "resize", cols, rows });
  }

  /**
   * The project is open: follow what this tab ran of it before a reload, if that still goes on.
   *
   * @param {string} projectId
   */
  open(projectId) {
    this.#key = FOLLOWED + projectId;
    const id = this.storage.getItem(this.#key);
    if (id) this.execution = { ...SENDING, id };
  }

  /** After a drop: follow the execution again, from its first event on. */
  async resume() {
    const { id, stage } = this.execution;
    if (stage === null) return;
    if (id === null) {
      this.execution = ended(this.execution, LOST_BEFORE_ACCEPTED);
      this.onChange();
      return;
    }
    const followed = { ...SENDING, id };
    this.#begin(followed);
    // Right after a reload there is no terminal yet, and what is told again then would be lost.
    await this.terminalReady;
    if (this.execution === followed) this.connection.send({ type: "attach", execution_id: id });
  }

  /** @param {import("./protocol.js").ServerMessage} message */
  receive(message) {
    const answer = this.answers.get(message.type);
    if (answer) {
      answer(message);
      return;
    }
    if (message.type === "error" && message.detail?.seq !== undefined) {
      this.onToolError(/** @type {import("./protocol.js").ToolError} */ (message));
      return;
    }
    this.execution = after(this.execution, message);
    this.#show(message);
    if (message.type !== "output") this.onChange();
  }

  /** @param {import("./protocol.js").ServerMessage} message */
  #show(message) {
    const { written } = this.panes;
    if (message.type === "output") this.#output(message);
    if (message.type === "blocked" || message.type === "diagnostics") this.#showProblems();
    if (message.type === "rate_limited") this.onRest(message.retry_after);
    if (message.type === "accepted") this.storage.setItem(this.#key, message.execution_id);
    if (message.type === "file") written.add(message);
    if (message.type === "result") this.#conclude(message);
    if (!this.active) this.storage.removeItem(this.#key);
  }

  /**
   * Start afresh: nothing of an earlier execution stays to be taken for this one's.
   *
   * @param {import("./execution.js").Execution} first
   */
  #begin(first) {
    this.execution = first;
    this.terminal?.clear();
    this.panes.compiler.clear();
    this.panes.mark([]);
    this.panes.result.clear();
    this.panes.written.clear();
    this.panes.training.begin(first.id !== null);
    this.panes.showPanel("terminal-panel");
    this.onChange();
  }

  /** @param {import("./protocol.js").Output} message */
  #output({ stream, data }) {
    if (stream === "compiler") this.panes.compiler.write(data);
    else {
      this.terminal?.write(data);
      this.panes.training.write(data);
    }
  }

  #showProblems() {
    const problems = problemsOf(this.execution);
    this.panes.compiler.show(problems);
    this.panes.mark(problems);
  }

  /** @param {import("./protocol.js").Outcome} outcome */
  #conclude(outcome) {
    this.panes.result.show(outcome);
    this.panes.training.end(outcome);
    this.#showProblems();
    // Without a run there is nothing in the terminal; what went wrong is in the other tab.
    if (["blocked", "compile_error"].includes(outcome.status))
      this.panes.showPanel("compiler-panel");
    // Where the output breaks off, the reason stands.
    else if (outcome.status !== "success") this.terminal?.note(outcome.message);
  }
}
