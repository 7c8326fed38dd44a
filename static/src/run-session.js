/** One execution after the other: sends it, follows it, shows what comes, over drops and reloads. */

import { after, ended, NONE, SENDING, sentence } from "./execution.js";
import { problemsOf } from "./problems.js";

const LOST_BEFORE_ACCEPTED =
  "The connection was lost before the program was accepted. Run it again.";
const STOPPED_UNSENT = "You stopped the program before it was sent; nothing was run.";
const NO_TERMINAL =
  "The terminal could not be loaded, so nothing was sent. Reload the page; your text is kept.";
const NOT_RUNNING = "not-running";
/** Begins the name under which this tab remembers a project's execution over a reload. */
const FOLLOWED = "cloister:following:";

/**
 * @typedef {object} Program What to run, once it is saved.
 * @property {string} project The project's id.
 * @property {boolean} interactive
 * @property {import("./project.js").Options} [options] In place of the project's own.
 */

/**
 * @typedef {object} Panes Where an execution shows.
 * @property {import("./compiler.js").CompilerPane} compiler
 * @property {import("./result.js").ResultPanel} result
 * @property {import("./written-files.js").WrittenFiles} written
 * @property {import("./training-pane.js").TrainingFeed} training
 * @property {import("./countdown.js").Countdown} countdown
 * @property {(problems: import("./problems.js").Problem[]) => void} mark
 * @property {(panelId: string) => void} showPanel
 */

export class RunSession {
  /** @type {import("./execution.js").Execution} */
  execution = NONE;
  /** @type {import("./terminal.js").Terminal | null} */
  terminal = null;
  #key = FOLLOWED;
  /** Counts what was begun, so that what waited for something finds out that it is over. */
  #turn = 0;
  /** Whether the server knows, on this connection, which execution is meant. */
  #told = false;
  /** Whether the page was opened with an execution to follow, and has not asked for it yet. */
  #reopened = false;
  /** Whether the user has typed to the program. */
  #typed = false;
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
   * @param {{claim: () => void, release: (typed: boolean) => void}} options.focus
   * @param {Storage} options.storage Remembers the execution over a reload of this tab.
   * @param {() => void} options.onChange
   * @param {(type: string) => void} options.onStanding Called when the user may be paused by now,
   *   or no longer be.
   * @param {(seconds: number) => void} options.onRest Called when runs have to wait.
   */
  constructor({ connection, terminalReady, panes, focus, storage, onChange, onStanding, onRest }) {
    this.connection = connection;
    this.terminalReady = terminalReady;
    this.panes = panes;
    this.focus = focus;
    this.storage = storage;
    this.onChange = onChange;
    this.onStanding = onStanding;
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
    // First, while it still shows what the program was started with.
    this.focus.claim();
    const turn = this.#begin(SENDING);
    try {
      const program = await prepared();
      const terminal = await this.terminalReady;
      if (turn !== this.#turn) return;
      if (!terminal) throw new Error(NO_TERMINAL);
      const message = { type: "run", ...program, ...terminal.size };
      if (!this.connection.send(message)) throw new Error(LOST_BEFORE_ACCEPTED);
      this.#told = true;
    } catch (error) {
      if (turn === this.#turn) this.#end(/** @type {Error} */ (error).message);
    }
    this.onChange();
  }

  /** Works in every stage: what is not sent yet is never sent. */
  stop() {
    const { id, stopping } = this.execution;
    if (!this.active || stopping) return;
    if (id === null && !this.#told) {
      this.#turn += 1;
      this.#end(STOPPED_UNSENT);
    } else if (!this.#told || this.connection.send({ type: "stop" })) {
      // Where the execution is only about to be followed, the stop goes right behind that.
      this.execution = { ...this.execution, stopping: true };
    }
    this.onChange();
  }

  /** The wait after too many runs is over. */
  rested() {
    this.#end(null);
    this.onChange();
  }

  /** @param {string} data */
  type(data) {
    this.#typed = true;
    this.connection.send({ type: "stdin", data });
  }

  /**
   * @param {number} cols
   * @param {number} rows
   */
  resize(cols, rows) {
    // Before that, the size goes with what is sent.
    if (this.active && this.#told) this.connection.send({ type: "resize", cols, rows });
  }

  /**
   * The project is open: follow what this tab ran of it before a reload, if that still goes on.
   *
   * @param {string} projectId
   */
  open(projectId) {
    this.#key = FOLLOWED + projectId;
    const id = this.storage.getItem(this.#key);
    this.#reopened = Boolean(id);
    if (id) this.execution = { ...SENDING, id };
  }

  /** After a drop: follow the execution again, from its first event on. */
  async resume() {
    const { id, stage } = this.execution;
    if (stage === null) return;
    if (id === null) {
      // What is still being saved goes out on this connection, without being asked for again.
      if (!this.#told) return;
      this.#end(LOST_BEFORE_ACCEPTED);
      this.onChange();
      return;
    }
    const turn = this.#begin({ ...SENDING, id });
    // After a drop alone, the user may be writing the next version meanwhile.
    if (this.#reopened) this.focus.claim();
    this.#reopened = false;
    // Right after a reload there is no terminal yet, and what is told again then would be lost.
    const terminal = await this.terminalReady;
    if (turn === this.#turn) this.#attach(id, terminal);
  }

  /**
   * @param {string} id
   * @param {import("./terminal.js").Terminal | null} terminal
   */
  #attach(id, terminal) {
    this.#told = this.connection.send({ type: "attach", execution_id: id });
    if (!this.#told) return;
    // The window may have another size than when it was left.
    if (terminal) this.connection.send({ type: "resize", ...terminal.size });
    if (this.execution.stopping) this.connection.send({ type: "stop" });
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
    // A key or a new size that came too late is nothing to be told of; the result is.
    if (message.type === "error" && message.code === NOT_RUNNING) return;
    const { active } = this;
    this.execution = after(this.execution, message);
    // Before another panel takes the terminal's place.
    if (active && !this.active) this.#ended();
    this.#show(message);
    if (active && !this.active) this.#explain();
    if (message.type !== "output") this.onChange();
  }

  /** @param {import("./protocol.js").ServerMessage} message */
  #show(message) {
    const { written } = this.panes;
    if (message.type === "output") this.#output(message);
    if (message.type === "blocked" || message.type === "diagnostics") this.#showProblems();
    if (message.type === "rate_limited") this.onRest(message.retry_after);
    if (message.type === "waiting")
      this.panes.countdown.show(this.execution.waiting ? message.idle_seconds : null);
    if (message.type === "accepted") this.storage.setItem(this.#key, message.execution_id);
    if (concernsStanding(message)) this.onStanding(message.type);
    if (message.type === "file") written.add(message);
    if (message.type === "result") this.#conclude(message);
    if (!this.active) this.storage.removeItem(this.#key);
  }

  /**
   * Start afresh: nothing of an earlier execution stays to be taken for this one's.
   *
   * @param {import("./execution.js").Execution} first
   * @returns {number} Is {@link #turn} for as long as nothing else began or ended it.
   */
  #begin(first) {
    this.#turn += 1;
    this.#told = false;
    this.#typed = false;
    this.execution = first;
    this.terminal?.clear();
    this.panes.compiler.clear();
    this.panes.mark([]);
    this.panes.result.clear();
    this.panes.written.clear();
    this.panes.countdown.show(null);
    this.panes.training.begin(first.id !== null);
    this.panes.showPanel("terminal-panel");
    this.onChange();
    return this.#turn;
  }

  /** @param {string | null} notice */
  #end(notice) {
    this.execution = ended(this.execution, notice);
    this.#ended();
    this.#explain();
  }

  #ended() {
    this.panes.countdown.show(null);
    this.focus.release(this.#typed);
  }

  /** What ends without a result has no panel; beside Run a long sentence would be cut. */
  #explain() {
    const { notice } = this.execution;
    if (notice) this.terminal?.note(notice);
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
    this.panes.compiler.conclude(outcome);
    this.#showProblems();
    // Without a run there is nothing in the terminal; what went wrong is in the other tab.
    if (["blocked", "compile_error"].includes(outcome.status))
      this.panes.showPanel("compiler-panel");
    // Where the output breaks off, the reason stands.
    else if (outcome.status !== "success") this.terminal?.note(outcome.message);
  }
}

/** @param {import("./protocol.js").ServerMessage} message */
function concernsStanding(message) {
  if (message.type === "error") return message.code === "paused";
  return (
    message.type === "accepted" || (message.type === "result" && message.violations.length > 0)
  );
}
