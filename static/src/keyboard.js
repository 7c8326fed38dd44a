/** The page's keys: one list, for what they do and for the map that `?` shows. */

import { openDialog } from "./dialog.js";
import { element } from "./dom.js";

/**
 * @typedef {object} Key
 * @property {string} shown As people read it.
 * @property {string} does
 * @property {(event: KeyboardEvent) => boolean} is
 * @property {() => void} act
 */

/** What the editor itself and the terminal know, for the map only. */
const OTHERS = [
  ["Ctrl + F", "Search in the file, and replace"],
  ["Ctrl + Z / Ctrl + Y", "Undo, redo"],
  ["Ctrl + Space", "Complete the word"],
  ["Ctrl + /", "Comment the line out, or in again"],
  ["Ctrl + D", "Select the next occurrence as well: several cursors"],
  ["Alt + ↑ / Alt + ↓", "Move the line"],
  ["Tab / Shift + Tab", "Indent more, less"],
  ["Escape, then Tab", "Leave the editor"],
  ["Ctrl + C / Ctrl + D", "In the terminal: interrupt the program, end its input"],
  ["Escape", "In the terminal, when no program runs: back to the editor"],
  ["↑ ↓ ← →, Enter", "In the file tree: move, open and close folders, open a file"],
  ["F2 / Delete", "In the file tree: rename or move, delete"],
];

/**
 * Ctrl (or Command) and a key.
 *
 * @param {string} key
 * @returns {Key["is"]}
 */
export function ctrl(key) {
  return (event) => (event.ctrlKey || event.metaKey) && !event.altKey && event.key === key;
}

/**
 * Alt and a key by its place, since Alt changes what a key types on some systems.
 *
 * @param {string} code
 * @returns {Key["is"]}
 */
export function alt(code) {
  return (event) => isAlt(event, code) && !event.shiftKey;
}

/** @param {string} code @returns {Key["is"]} */
export function altShift(code) {
  return (event) => isAlt(event, code) && event.shiftKey;
}

/**
 * @param {KeyboardEvent} event
 * @param {string} code
 */
function isAlt({ altKey, ctrlKey, metaKey, code: pressed }, code) {
  return altKey && !ctrlKey && !metaKey && pressed === code;
}

/** @param {Key[]} keys */
export function listen(keys) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (document.querySelector("dialog[open]")) return;
      const key = keys.find(({ is }) => is(event));
      if (!key) return;
      // Before the editor and the terminal, which have their own use for some of them.
      event.preventDefault();
      event.stopPropagation();
      key.act();
    },
    { capture: true },
  );
}

/**
 * `?`, but not where a question mark may be typed.
 *
 * @param {KeyboardEvent} event
 */
export function questionMark(event) {
  const { target } = event;
  const typing =
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
  return event.key === "?" && !typing && !event.ctrlKey && !event.metaKey;
}

/** @param {Key[]} keys */
export function showKeys(keys) {
  const { body } = openDialog("Keys", { width: "wide" });
  const rows = [...keys.map(({ shown, does }) => [shown, does]), ...OTHERS];
  const list = element("dl", { class: "keys" });
  for (const [shown = "", does = ""] of rows) {
    list.append(
      element("div", {}, element("dt", {}, element("kbd", {}, shown)), element("dd", {}, does)),
    );
  }
  body.append(list);
}
