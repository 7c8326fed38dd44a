/** What the server says of the source beside a run: checks while typing, formatting, assembly. */

import { isC } from "./editor-setup.js";
import { problemsOf } from "./problems.js";
import { TypingCheck } from "./typing-check.js";

/** @typedef {import("./protocol.js").ToolError} ToolError */

const MAIN = /\bmain\s*\(/;

export class Assistant {
  #seq = 0;
  /** What was asked for and not answered, by number. @type {Map<number, {path: string, text: string}>} */
  #formats = new Map();
  /** The number of the assembler text that is waited for. */
  #listing = 0;

  /**
   * @param {object} parts
   * @param {import("./connection.js").Connection} parts.connection
   * @param {import("./run-session.js").RunSession} parts.session
   * @param {import("./workbench.js").Workbench} parts.bench
   * @param {import("./assembly-pane.js").AssemblyPane} parts.assembly
   * @param {(sentence: string) => void} parts.say
   */
  constructor({ connection, session, bench, assembly, say }) {
    this.connection = connection;
    this.session = session;
    this.bench = bench;
    this.assembly = assembly;
    this.say = say;
    this.typing = new TypingCheck({
      ask: (seq) => this.#send("check", this.#program, seq),
      show: (answer) => this.#show(answer),
    });
    session.answers.set("checked", (answer) => this.typing.receive(answer));
    session.answers.set("formatted", (answer) => this.#formatted(answer));
    session.answers.set("assembly", (answer) => this.#listed(answer));
    session.onToolError = (error) => this.#failed(error);
  }

  /** @param {string} path A file that a person changed. */
  changed(path) {
    if (isC(path)) this.typing.changed();
    if (this.assembly.shown) this.assembly.outdated();
  }

  /** Have the shown file formatted; a change made meanwhile wins. */
  format() {
    const { path } = this.bench.editor;
    const source = path && isC(path) ? this.bench.editor.text(path) : null;
    if (!path || source === null) {
      this.say("Only C files can be formatted.");
      return;
    }
    const seq = ++this.#seq;
    this.#formats.set(seq, { path, text: source });
    this.#send("format", { source }, seq);
  }

  /** Ask for the assembler text of the shown file. */
  list() {
    const { path } = this.bench.editor;
    if (!path?.endsWith(".c")) {
      this.assembly.note("Show a C file to see its assembler text.");
      return;
    }
    this.assembly.note("Compiling…");
    this.#listing = ++this.#seq;
    if (!this.#send("assembly", { ...this.#program, main: path }, this.#listing)) {
      this.assembly.note("There is no connection to the server now.");
    }
  }

  /** The project with what is not saved of it yet. */
  get #program() {
    const { project, editor, saver } = this.bench;
    const files = Object.fromEntries(
      editor.paths.filter((path) => saver.isDirty(path)).map((path) => [path, editor.text(path)]),
    );
    const shown = editor.path;
    const program = shown?.endsWith(".c") && MAIN.test(editor.text(shown) ?? "");
    return {
      project: project.id,
      ...(Object.keys(files).length ? { files } : {}),
      ...(program ? { main: shown } : {}),
    };
  }

  /**
   * @param {"check" | "format" | "assembly"} type
   * @param {object} fields
   * @param {number} seq
   */
  #send(type, fields, seq) {
    return this.connection.send({ type, seq, ...fields });
  }

  /** @param {import("./typing-check.js").Checked} answer */
  #show({ violations, items }) {
    if (this.session.active) return;
    const problems = problemsOf({ violations, diagnostics: items, result: null });
    this.session.panes.compiler.show(problems);
    this.session.panes.mark(problems);
  }

  /** @param {{seq: number, text: string}} answer */
  #formatted({ seq, text }) {
    const asked = this.#formats.get(seq);
    this.#formats.delete(seq);
    if (!asked || this.bench.editor.text(asked.path) !== asked.text) return;
    if (asked.text === text) this.say("It is formatted already.");
    else this.bench.editor.rewrite(asked.path, text);
  }

  /** @param {import("./assembly-pane.js").Listing & {seq: number}} answer */
  #listed(answer) {
    if (answer.seq !== this.#listing) return;
    const { path } = this.bench.editor;
    this.assembly.show(answer, (line) => {
      if (path) this.bench.show(path);
      this.bench.editor.goTo(line);
    });
  }

  /** @param {ToolError} error */
  #failed({ message, detail: { seq } }) {
    if (this.#formats.delete(seq)) this.say(message);
    if (seq === this.#listing) this.assembly.note(message);
  }
}
