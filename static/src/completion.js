/** Completion for C: keywords, headers, what they declare, and the words of this file. */

import { autocompletion, completeAnyWord, snippetCompletion } from "@codemirror/autocomplete";
import { card, declarations, isFunction } from "./declarations.js";

/** @typedef {import("@codemirror/autocomplete").CompletionContext} Context */
/** @typedef {import("@codemirror/autocomplete").Completion} Completion */
/** @typedef {import("@codemirror/autocomplete").CompletionResult} CompletionResult */

const KEYWORDS =
  "auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Bool bool true false";
const TYPES =
  "FILE size_t fann_type int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t time_t clock_t va_list";

/** @type {Completion[]} */
const WORDS = [
  ...KEYWORDS.split(" ").map((label) => ({ label, type: "keyword", boost: 1 })),
  ...TYPES.split(" ").map((label) => ({ label, type: "type" })),
];

const SNIPPETS = [
  snippetCompletion("for (int #{i} = 0; #{i} < #{count}; #{i}++) {\n\t#{}\n}", {
    label: "for",
    detail: "loop",
    type: "keyword",
  }),
  snippetCompletion("while (#{condition}) {\n\t#{}\n}", {
    label: "while",
    detail: "loop",
    type: "keyword",
  }),
  snippetCompletion("if (#{condition}) {\n\t#{}\n}", {
    label: "if",
    detail: "block",
    type: "keyword",
  }),
  snippetCompletion("int main(void)\n{\n\t#{}\n\treturn 0;\n}", {
    label: "main",
    detail: "program",
    type: "function",
  }),
];

/**
 * @param {import("./declarations.js").Declaration} declaration
 * @returns {Completion}
 */
function completionOf(declaration) {
  const called = isFunction(declaration);
  return {
    label: declaration.name,
    type: called ? "function" : "constant",
    detail: declaration.header,
    info: () => card(declaration),
    apply: called ? call : undefined,
  };
}

/**
 * Insert a call, with the cursor between its parentheses.
 *
 * @param {import("@codemirror/view").EditorView} view
 * @param {Completion} completion
 * @param {number} from
 * @param {number} to
 */
function call(view, { label }, from, to) {
  const bracketed = view.state.sliceDoc(to, to + 1) === "(";
  view.dispatch({
    changes: { from, to, insert: bracketed ? label : `${label}()` },
    selection: { anchor: from + label.length + 1 },
    userEvent: "input.complete",
  });
}

/**
 * Headers, behind `#include <` or `#include "`.
 *
 * @param {Context} context
 * @returns {Promise<CompletionResult | null>}
 */
export async function headers(context) {
  const written = context.matchBefore(/^\s*#\s*include\s*[<"][\w.]*/);
  if (!written) return null;
  const open = Math.max(written.text.lastIndexOf("<"), written.text.lastIndexOf('"'));
  const close = written.text[open] === "<" ? ">" : '"';
  const after = context.state.sliceDoc(context.pos, context.pos + 1);
  const names = new Set([...(await declarations()).values()].map(({ header }) => header));
  return {
    from: written.from + open + 1,
    options: [...names]
      .sort()
      .map((label) => ({ label, type: "text", apply: after === close ? label : label + close })),
  };
}

/**
 * @param {Context} context
 * @returns {Promise<CompletionResult | null>}
 */
export async function names(context) {
  const word = context.matchBefore(/[A-Za-z_]\w*/);
  if (!word && !context.explicit) return null;
  if (isProse(context) || context.matchBefore(/^\s*#\s*include\b.*/)) return null;
  const declared = [...(await declarations()).values()].map(completionOf);
  const known = [...SNIPPETS, ...WORDS, ...declared];
  const told = new Set(known.map(({ label }) => label));
  const own = await completeAnyWord(context);
  const others = own?.options.filter(
    ({ label }) => /^[A-Za-z_]\w*$/.test(label) && !told.has(label),
  );
  return {
    from: word?.from ?? context.pos,
    options: [...known, ...(others ?? [])],
    validFor: /^\w*$/,
  };
}

/**
 * Whether the cursor is in a comment or a string, where words are not names.
 *
 * @param {Context} context
 */
function isProse(context) {
  return context.tokenBefore(["LineComment", "BlockComment", "String", "SystemLibString"]) !== null;
}

export const completion = autocompletion({ override: [headers, names], icons: false });
