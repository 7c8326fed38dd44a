/** The editor pane: CodeMirror 6 for C. */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { cppLanguage } from "@codemirror/lang-cpp";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { forEachDiagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { theme } from "./editor-theme.js";
import { span } from "./problems.js";

/** @typedef {import("@codemirror/lint").Diagnostic & {problem: import("./problems.js").Problem}} Mark */

const FILE = "main.c";

const EXTENSIONS = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightActiveLine(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  search({ top: true }),
  highlightSelectionMatches(),
  lintGutter(),
  cppLanguage,
  indentUnit.of("    "),
  EditorState.tabSize.of(4),
  // Tab indents here; Escape, then Tab leaves the editor (CodeMirror's own way out).
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...lintKeymap,
    indentWithTab,
  ]),
  EditorView.contentAttributes.of({
    "aria-label": `C source, ${FILE}`,
    "aria-describedby": "editor-help",
    tabindex: "0",
  }),
  theme,
];

export class Editor {
  /**
   * @param {HTMLElement} host
   * @param {string} text
   * @param {() => void} onChange
   */
  constructor(host, text, onChange) {
    const changes = EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange();
    });
    this.view = new EditorView({ doc: text, extensions: [...EXTENSIONS, changes], parent: host });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  focus() {
    this.view.focus();
  }

  /**
   * Mark these problems; marks move with the text while it is edited.
   *
   * @param {import("./problems.js").Problem[]} problems
   */
  mark(problems) {
    const marks = problems.flatMap((problem) => this.#mark(problem) ?? []);
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  /**
   * Put the cursor at a problem, where its text is now.
   *
   * @param {import("./problems.js").Problem} problem
   */
  jump(problem) {
    let at = this.#mark(problem)?.from;
    forEachDiagnostic(this.view.state, (mark, from) => {
      if (/** @type {Mark} */ (mark).problem === problem) at = from;
    });
    if (at === undefined) return;
    this.view.dispatch({
      selection: { anchor: at },
      effects: EditorView.scrollIntoView(at, { y: "center" }),
    });
    this.focus();
  }

  /**
   * @param {import("./problems.js").Problem} problem
   * @returns {Mark | null} Null when its place is not in this text.
   */
  #mark(problem) {
    const { doc } = this.view.state;
    if (!placed(problem) || problem.line > doc.lines) return null;
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
}

/**
 * Whether a problem has a place in the edited file.
 *
 * @param {import("./problems.js").Problem} problem
 * @returns {problem is import("./problems.js").Problem & {line: number}}
 */
export function placed(problem) {
  const { file, line } = problem;
  return line !== null && line > 0 && (file === null || file === FILE);
}
