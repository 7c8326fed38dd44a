/**
 * What every file's editor state is made of. A new editor feature is one more entry of
 * `FEATURES` (all files) or `C_FEATURES` (C sources and headers).
 */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { cppLanguage } from "@codemirror/lang-cpp";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { completion } from "./completion.js";
import { theme } from "./editor-theme.js";
import { hover } from "./hover.js";

/** @typedef {import("@codemirror/state").Extension} Extension */

/** What CodeMirror writes on its search bar, as the page writes. */
const PHRASES = {
  next: "Next",
  previous: "Previous",
  all: "All",
  "match case": "Match case",
  regexp: "Regexp",
  "by word": "Whole words",
  replace: "Replace",
  "replace all": "Replace all",
};

/** @type {Extension[]} */
const FEATURES = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightActiveLine(),
  history(),
  drawSelection(),
  rectangularSelection(),
  EditorState.allowMultipleSelections.of(true),
  search({ top: true }),
  EditorState.phrases.of(PHRASES),
  highlightSelectionMatches(),
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
  theme,
];

/** @type {Extension[]} */
const C_FEATURES = [
  cppLanguage,
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  lintGutter(),
  completion,
  hover,
];

/** @param {string} path */
export function isC(path) {
  return /\.[ch]$/i.test(path);
}

/**
 * @param {string} path
 * @returns {Extension[]}
 */
export function featuresOf(path) {
  const label = isC(path) ? `C source, ${path}` : `Text, ${path}`;
  return [
    ...(isC(path) ? C_FEATURES : []),
    ...FEATURES,
    EditorView.contentAttributes.of({
      "aria-label": label,
      "aria-describedby": "editor-help",
      tabindex: "0",
    }),
  ];
}
