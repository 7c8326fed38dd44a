/** What a name means, beside the name: under the pointer, or at the cursor with Ctrl-Shift-Space. */

import { StateEffect, StateField } from "@codemirror/state";
import { hoverTooltip, keymap, showTooltip } from "@codemirror/view";
import { card, declarations } from "./declarations.js";

/** @typedef {import("@codemirror/view").Tooltip} Tooltip */

/** @type {import("@codemirror/state").StateEffectType<Tooltip | null>} */
const asked = StateEffect.define();

const atCursor = StateField.define({
  create: () => /** @type {Tooltip | null} */ (null),
  update(tooltip, transaction) {
    for (const effect of transaction.effects) if (effect.is(asked)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : tooltip;
  },
  provide: (field) => showTooltip.from(field),
});

/**
 * @param {import("@codemirror/state").EditorState} state
 * @param {number} at
 * @returns {Promise<Tooltip | null>}
 */
async function tooltipAt(state, at) {
  const word = state.wordAt(at);
  if (!word) return null;
  const declaration = (await declarations()).get(state.sliceDoc(word.from, word.to));
  if (!declaration) return null;
  return { pos: word.from, end: word.to, above: true, create: () => ({ dom: card(declaration) }) };
}

/** @param {import("@codemirror/view").EditorView} view */
function ask(view) {
  const { state } = view;
  tooltipAt(state, state.selection.main.head).then((tooltip) => {
    if (view.state.doc === state.doc) view.dispatch({ effects: asked.of(tooltip) });
  });
  return true;
}

/** @param {import("@codemirror/view").EditorView} view */
function dismiss(view) {
  if (!view.state.field(atCursor)) return false;
  view.dispatch({ effects: asked.of(null) });
  return true;
}

export const hover = [
  hoverTooltip((view, at) => tooltipAt(view.state, at)),
  atCursor,
  keymap.of([
    { key: "Ctrl-Shift-Space", run: ask },
    { key: "Escape", run: dismiss },
  ]),
];
