/** What the server says of the source beside a run: checks while typing, formatting, assembly. */

import { isC } from "./editor-setup.js";
import { problemsOf } from "./problems.js";
import { TypingCheck } from "./typing-check.js";

/** @typedef {import("./protocol.js").ToolError} ToolError */

const MAIN = /\bmain\s*\(/;
/** Runs go first; what a person asked for is asked again this often. */
const BUSY_TIMES = 5;
const BUSY_AGAIN_MS = 1500;
const CUT_OFF = "The connection to the server was lost. Ask again once it is back.";

/**
 * @typedef {object} Asked
 * @property {"format" | "assembly"} type
 * @property {object} fields
 * @property {number} times It was asked for.
 * @property {(answer: any) => void} done
 * @property {(message: string) => void} refused
 */

export class Assistant {
  #seq = 0;
  /** What was asked for and not answered, by number. @type {Map<number, Asked>} */
  #asked = new Map();

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
    for (const type of ["formatted", "assembly"])
      session.answers.set(type, (answer) => this.#answered(answer));
    session.onToolError = (error) => this.#failed(error);
  }

  /** @param {string} path A file that a person changed. */
  changed(path) {
    if (isC(path)) this.typing.changed();
    if (this.assembly.shown) this.assembly.outdated();
  }

  /** Have the shown file formatted; a change made meanwhile wins. */
  format() {
    const { editor } = this.bench;
    const { path } = editor;
    const source = path && isC(path) ? editor.text(path) : null;
    if (!path || source === null) {
      this.say("Only C files can be formatted.");
      return;
    }
    this.say("Formatting…");
    this.#ask("format", { source }, this.say, ({ text }) => {
      if (editor.text(path) !== source) this.say("Not formatted: the text changed meanwhile.");
      else if (text === source) this.say("The file is already formatted.");
      else {
        editor.rewrite(path, text);
        this.say("Formatted.");
      }
    });
  }

  /** Ask for the assembler text of the shown file. */
  list() {
    const { path } = this.bench.editor;
    if (!path?.endsWith(".c")) {
      this.assembly.note("Open a C file to see its assembler text.");
      return;
    }
    this.assembly.note("Compiling…");
    const refused = (/** @type {string} */ message) => this.assembly.note(message);
    this.#ask("assembly", { ...this.#program, main: path }, refused, (listing) => {
      this.assembly.show(listing, (line) => {
        this.bench.show(path);
        this.bench.editor.goTo(line);
      });
    });
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
   * Ask for something once more than before; an older question of its kind is forgotten.
   *
   * @param {Asked["type"]} type
   * @param {object} fields
   * @param {Asked["refused"]} refused
   * @param {Asked["done"]} done
   */
  #ask(type, fields, refused, done) {
    for (const [seq, older] of this.#asked) if (older.type === type) this.#asked.delete(seq);
    const seq = ++this.#seq;
    this.#asked.set(seq, { type, fields, times: 1, done, refused });
    if (!this.#send(type, fields, seq))
      refused("There is no connection to the server at the moment.");
  }

  /**
   * @param {"check" | Asked["type"]} type
   * @param {object} fields
   * @param {number} seq
   */
  #send(type, fields, seq) {
    return this.connection.send({ type, seq, ...fields });
  }

  /** @param {import("./typing-check.js").Checked} answer */
  #show({ violations, items }) {
    if (this.session.active) return false;
    const problems = problemsOf({ violations, diagnostics: items, result: null });
    this.session.panes.compiler.show(problems);
    this.session.panes.mark(problems);
    return true;
  }

  /** The connection is gone, and with it every answer that was still to come. */
  cutOff() {
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { refused } of asked) refused(CUT_OFF);
  }

  /** @param {{seq: number}} answer */
  #answered(answer) {
    const asked = this.#asked.get(answer.seq);
    this.#asked.delete(answer.seq);
    asked?.done(answer);
  }

  /** @param {ToolError} error */
  #failed({ code, message, detail: { seq } }) {
    const asked = this.#asked.get(seq);
    if (!asked) return;
    if (code === "tools-busy" && asked.times < BUSY_TIMES) {
      asked.times += 1;
      setTimeout(() => {
        // Meanwhile it may have been refused, or been asked for anew.
        if (this.#asked.has(seq)) this.#send(asked.type, asked.fields, seq);
      }, BUSY_AGAIN_MS);
      return;
    }
    this.#asked.delete(seq);
    asked.refused(message);
  }
}
