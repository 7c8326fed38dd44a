/** Says that a file was changed elsewhere too, and lets its person choose. */

import { openDialog } from "./dialog.js";
import { showDiff } from "./diff-view.js";
import { element } from "./dom.js";

/** @typedef {import("./saver.js").Stored} Stored */

export class ConflictBar {
  /** @type {string | null} */
  #path = null;

  /**
   * @param {HTMLElement} host
   * @param {object} on
   * @param {(path: string) => string} on.mine The text of this page.
   * @param {(path: string) => void} on.keepMine
   * @param {(path: string) => void} on.takeTheirs
   */
  constructor(host, on) {
    this.host = host;
    this.on = on;
  }

  /**
   * @param {string | null} path
   * @param {Stored | null | undefined} theirs Null when it was deleted; undefined without a conflict.
   */
  show(path, theirs) {
    const now = theirs === undefined ? null : path;
    if (now === this.#path) return;
    this.#path = now;
    this.host.hidden = now === null;
    this.host.replaceChildren(...(now === null ? [] : this.#parts(now, theirs ?? null)));
  }

  /**
   * @param {string} path
   * @param {Stored | null} theirs
   */
  #parts(path, theirs) {
    const what = theirs ? "was changed" : "was deleted";
    const text = `“${path}” ${what} in another tab or on another computer. Nothing was overwritten.`;
    const text2 = theirs ? "Take theirs" : "Close it";
    const choices = [
      button("Keep mine", () => this.on.keepMine(path)),
      button(text2, () => this.on.takeTheirs(path)),
    ];
    if (typeof theirs?.text === "string") {
      const other = theirs.text;
      choices.unshift(button("Compare", () => this.#compare(path, other)));
    }
    return [element("p", {}, text), element("div", { class: "bar-buttons" }, ...choices)];
  }

  /**
   * @param {string} path
   * @param {string} theirs
   */
  #compare(path, theirs) {
    const { body } = openDialog(`From theirs to mine: ${path}`, { width: "wide" });
    showDiff(body, theirs, this.on.mine(path));
  }
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function button(text, act) {
  const made = element("button", { type: "button", class: "button small" }, text);
  made.addEventListener("click", act);
  return made;
}
