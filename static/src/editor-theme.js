/** The editor's colours: CSS variables of ide.css, so light and dark need no code. */

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.controlKeyword], color: "var(--code-keyword)" },
  { tag: [tags.typeName, tags.standard(tags.typeName)], color: "var(--code-type)" },
  { tag: [tags.string, tags.character, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.escape], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.processingInstruction, tags.meta], color: "var(--code-preprocessor)" },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName))],
    color: "var(--code-function)",
  },
]);

const surfaces = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)" },
  // The ring is drawn by ide.css around the whole pane, above gutter and active line.
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--text)", padding: "0.75rem 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--selection)" },
  ".cm-gutters": { color: "var(--muted)", backgroundColor: "var(--surface)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { paddingLeft: "0.75rem", minWidth: "2.5rem" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active-line)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--match)",
    outline: "1px solid var(--border-strong)",
  },
  "&.cm-focused .cm-nonmatchingBracket": { color: "var(--bad)", backgroundColor: "transparent" },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--match)" },
  ".cm-searchMatch-selected": { outline: "2px solid var(--accent)" },
  ".cm-lintRange-error": { backgroundImage: "none", ...wave("--bad") },
  ".cm-lintRange-warning": { backgroundImage: "none", ...wave("--warn") },
  ".cm-lintRange-info": { backgroundImage: "none", ...wave("--accent") },
  ".cm-lint-marker": { width: "0.7em", height: "0.7em", margin: "0.42em 0 0 0.25em" },
  ".cm-lint-marker-error": shape("--bad", "circle()"),
  ".cm-lint-marker-warning": shape("--warn", "polygon(50% 0, 100% 100%, 0 100%)"),
  ".cm-lint-marker-info": shape("--accent", "inset(15%)"),
  ".cm-tooltip": {
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--border-strong)",
    borderRadius: "var(--radius)",
    maxWidth: "min(32rem, 90vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "14.5em", fontFamily: "var(--mono)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.1rem 0.5rem", lineHeight: "1.6" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--on-accent)",
    backgroundColor: "var(--accent)",
  },
  // Beside the list there is no room on a phone, and on top of it nobody could choose.
  ".cm-tooltip.cm-completionInfo-left-narrow, .cm-tooltip.cm-completionInfo-right-narrow": {
    inset: "100% auto auto 0 !important",
    maxWidth: "100% !important",
    marginTop: "2px",
  },
  ".cm-diagnostic": { whiteSpace: "pre-wrap", padding: "0.4rem 0.6rem", borderLeft: "none" },
  ".cm-diagnosticSource": { fontSize: "0.8em", opacity: "1", color: "var(--muted)" },
  ".cm-panels": { color: "var(--text)", backgroundColor: "var(--raised)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--border)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--border)" },
  ".cm-panel.cm-search": { padding: "0.5rem 2.5rem 0.5rem 0.75rem", fontFamily: "var(--sans)" },
  ".cm-panel.cm-search :is(input, button, label)": { fontSize: "0.8125rem" },
  ".cm-panel.cm-search label": {
    display: "inline-flex",
    alignItems: "center",
    gap: "0.3rem",
    margin: "0.2rem 0.5rem 0.2rem 0",
  },
  ".cm-textfield": {
    minHeight: "1.9rem",
    padding: "0 0.5rem",
    border: "1px solid var(--border-strong)",
    borderRadius: "var(--radius)",
  },
  ".cm-button": {
    minHeight: "1.9rem",
    padding: "0 0.6rem",
    backgroundImage: "none",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--border-strong)",
    borderRadius: "var(--radius)",
    cursor: "pointer",
  },
  ".cm-panel.cm-search button[name=close], .cm-dialog-close": {
    color: "var(--text)",
    width: "2rem",
    height: "2rem",
    fontSize: "1.2rem",
  },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--match)" },
});

/**
 * A gutter mark drawn by CSS: the default ones are data: images, which the page's
 * content security policy does not load.
 *
 * @param {string} variable
 * @param {string} clipPath
 */
function shape(variable, clipPath) {
  return { content: "normal", backgroundColor: `var(${variable})`, clipPath };
}

/** @param {string} variable */
function wave(variable) {
  return { textDecoration: `underline wavy var(${variable})`, textUnderlineOffset: "3px" };
}

export const theme = [syntaxHighlighting(colours), surfaces];
