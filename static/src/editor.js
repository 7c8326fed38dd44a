/** The editor pane: one CodeMirror view, and one state with its own undo for each open file. */

import { isolateHistory } from "@codemirror/commands";
import { forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { featuresOf } from "./editor-setup.js";
import { span } from "./problems.js";

/** @typedef {import("./problems.js").Problem} Problem */
/** @typedef {import("@codemirror/lint").Diagnostic & {problem: Problem}} Mark */

/** Marks a change that the server made, not the person. */
const fromServer = Annotation.define();

/** Holds the key bindings that a person chose (vim, or nothing more). */
const bindings = new Compartment();
/** Holds what a file's ending decides. */
const features = new Compartment();

export class Editor {
  /** States of the open files that are not shown. @type {Map<string, EditorState>} */
  #states = new Map();
  /** @type {Map<string, import("@codemirror/state").StateEffect<any>>} */
  #scrolls = new Map();
  /** The shown file. @type {string | null} */
  #path = null;
  /** @type {import("@codemirror/state").Extension} */
  #bindings = [];

  /**
   * @param {HTMLElement} host
   * @param {(path: string) => void} onChange Called when a person changed a file.
   */
  constructor(host, onChange) {
    this.onChange = onChange;
    this.view = new EditorView({ parent: host, state: EditorState.create({ extensions: [] }) });
  }

  /** The path of the shown file; null without one. */
  get path() {
    return this.#path;
  }

  /** Of all open files. */
  get paths() {
    return [...this.#states.keys(), ...(this.#path === null ? [] : [this.#path])];
  }

  /** @param {string} path */
  has(path) {
    return this.paths.includes(path);
  }

  /**
   * @param {string} path
   * @returns {string | null} Null when the file is not open.
   */
  text(path) {
    return this.#state(path)?.doc.toString() ?? null;
  }

  /**
   * Make a state for a file, without showing it.
   *
   * @param {string} path
   * @param {string} text
   */
  load(path, text) {
    const changes = EditorView.updateListener.of((update) => {
      const typed = update.transactions.some(
        (one) => one.docChanged && !one.annotation(fromServer),
      );
      if (typed && this.#path) this.onChange(this.#path);
    });
    const extensions = [bindings.of(this.#bindings), features.of(featuresOf(path)), changes];
    this.#states.set(path, EditorState.create({ doc: text, extensions }));
  }

  /**
   * Show a loaded file, where it was scrolled to.
   *
   * @param {string} path
   */
  show(path) {
    const state = this.#states.get(path);
    if (!state) return;
    this.#leave();
    this.#states.delete(path);
    this.#path = path;
    this.view.setState(state);
    this.view.dispatch({ effects: bindings.reconfigure(this.#bindings) });
    const scroll = this.#scrolls.get(path);
    if (scroll) this.view.dispatch({ effects: scroll });
  }

  /** @param {string} path */
  close(path) {
    this.#states.delete(path);
    this.#scrolls.delete(path);
    if (this.#path !== path) return;
    this.#path = null;
    this.view.setState(EditorState.create({ extensions: [EditorState.readOnly.of(true)] }));
  }

  /**
   * The file has another name now; its text, undo and place stay.
   *
   * @param {string} from
   * @param {string} to
   */
  rename(from, to) {
    if (!this.has(from)) return;
    this.#apply(from, { effects: features.reconfigure(featuresOf(to)) });
    if (this.#path === from) this.#path = to;
    moveKey(this.#states, from, to);
    moveKey(this.#scrolls, from, to);
  }

  /**
   * Put another text in a file, as one change that can be undone.
   *
   * @param {string} path
   * @param {string} text
   */
  replace(path, text) {
    const state = this.#state(path);
    if (!state || state.doc.toString() === text) return;
    this.#apply(path, {
      changes: difference(state.doc.toString(), text),
      annotations: fromServer.of(true),
    });
  }

  /**
   * Put another text in a file for the person, who may undo it.
   *
   * @param {string} path
   * @param {string} text
   */
  rewrite(path, text) {
    const state = this.#state(path);
    if (!state) return;
    this.#apply(path, {
      changes: difference(state.doc.toString(), text),
      annotations: isolateHistory.of("full"),
    });
    if (path !== this.#path) this.onChange(path);
  }

  /** @param {import("@codemirror/state").Extension} extension */
  bind(extension) {
    this.#bindings = extension;
    if (this.#path) this.view.dispatch({ effects: bindings.reconfigure(extension) });
  }

  focus() {
    this.view.focus();
  }

  /**
   * Mark these problems in every open file; marks move with the text while it is edited.
   *
   * @param {Problem[]} problems
   */
  mark(problems) {
    for (const path of this.paths) {
      const state = this.#state(path);
      if (!state) continue;
      const marks = problems.flatMap((problem) => markIn(state, path, problem) ?? []);
      this.#apply(path, setDiagnostics(state, marks));
    }
  }

  /**
   * Put the cursor at a problem of the shown file, where its text is now.
   *
   * @param {Problem} problem
   */
  jump(problem) {
    if (!this.#path) return;
    let at = markIn(this.view.state, this.#path, problem)?.from;
    forEachDiagnostic(this.view.state, (mark, from) => {
      if (/** @type {Mark} */ (mark).problem === problem) at = from;
    });
    if (at !== undefined) this.#goTo(at);
  }

  /** Put the cursor at a line of the shown file. @param {number} line From 1. */
  goTo(line) {
    const { doc } = this.view.state;
    if (this.#path && line <= doc.lines) this.#goTo(doc.line(line).from);
  }

  /** @param {number} at */
  #goTo(at) {
    this.view.dispatch({
      selection: { anchor: at },
      effects: EditorView.scrollIntoView(at, { y: "center" }),
    });
    this.focus();
  }

  #leave() {
    if (!this.#path) return;
    this.#states.set(this.#path, this.view.state);
    this.#scrolls.set(this.#path, this.view.scrollSnapshot());
  }

  /** @param {string} path */
  #state(path) {
    return path === this.#path ? this.view.state : this.#states.get(path);
  }

  /**
   * @param {string} path
   * @param {import("@codemirror/state").TransactionSpec} change
   */
  #apply(path, change) {
    if (path === this.#path) this.view.dispatch(change);
    else {
      const state = this.#states.get(path)?.update(change).state;
      if (state) this.#states.set(path, state);
    }
  }
}

/**
 * @param {EditorState} state
 * @param {string} path
 * @param {Problem} problem
 * @returns {Mark | null} Null when its place is not in this text.
 */
function markIn({ doc }, path, problem) {
  if (!placed(problem) || problem.file !== path || problem.line > doc.lines) return null;
  const line = doc.line(problem.line);
  const { from, to } = span(line.text, problem);
  return {
    from: line.from + from,
    to: line.from + to,
    severity: problem.severity,
    source: problem.rule,
    message: [problem.message, problem.suggestion].filter(Boolean).join("\n"),
    problem,
  };
}

/**
 * Whether a problem has a place in a file.
 *
 * @param {Problem} problem
 * @returns {problem is Problem & {line: number, file: string}}
 */
export function placed(problem) {
  return problem.line !== null && problem.line > 0 && problem.file !== null;
}

/**
 * The one stretch in which two texts differ, so that cursors elsewhere stay where they are.
 *
 * @param {string} before
 * @param {string} now
 */
export function difference(before, now) {
  const most = Math.min(before.length, now.length);
  let head = 0;
  while (head < most && before[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return { from: head, to: before.length - tail, insert: now.slice(head, now.length - tail) };
}

/**
 * @template T
 * @param {Map<string, T>} map
 * @param {string} from
 * @param {string} to
 */
function moveKey(map, from, to) {
  const value = map.get(from);
  if (value === undefined) return;
  map.delete(from);
  map.set(to, value);
}
