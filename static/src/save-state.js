/** Says, beside Run, whether what is typed is saved. */

/** @type {Record<import("./saver.js").SaveState, string>} */
const WORDS = {
  saved: "Saved",
  unsaved: "Saving…",
  saving: "Saving…",
  offline: "Not saved: the server cannot be reached. Your text is kept in this browser.",
  refused: "Not saved.",
  conflict: "Not saved: changed elsewhere too.",
  "signed-out": "Not saved: log in again. Your text is kept in this browser.",
};

/**
 * Why nothing can be run now, as a sentence.
 *
 * @param {import("./saver.js").Saver} saver
 */
export function whyNotSaved({ state, problem, conflicts }) {
  if (state === "conflict") {
    const [path] = conflicts.keys();
    return `“${path}” was changed elsewhere too. Choose a version in its tab, then run it again.`;
  }
  return problem ?? WORDS[state];
}

/**
 * @param {HTMLElement} host
 * @param {import("./saver.js").Saver} saver
 */
export function showSaveState(host, saver) {
  const { state } = saver;
  const words = state === "refused" ? whyNotSaved(saver) : WORDS[state];
  host.dataset.state = state;
  // Writing the same words again would make a screen reader repeat them.
  if (host.textContent !== words) host.textContent = words;
}
