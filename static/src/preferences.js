/** What a person chose about the page itself, kept in this browser. */

const KEY = "cloister:preferences";

export const FONT_SIZES = [12, 13, 14, 15, 16, 18, 20, 24];

/**
 * @typedef {object} Choices
 * @property {number} fontSize Of editor and terminal, in pixels.
 * @property {boolean} vim
 * @property {boolean} tree Whether the file tree is shown on a wide screen.
 * @property {number} split The editor's share of the room beside the output, 0.2 to 0.8.
 */

/** @type {Readonly<Choices>} */
const DEFAULTS = Object.freeze({ fontSize: 14, vim: false, tree: true, split: 0.54 });

export class Preferences {
  /** @type {((choices: Choices) => void)[]} */
  #listeners = [];
  /** @type {Choices} */
  #choices;

  /** @param {Pick<Storage, "getItem" | "setItem">} storage */
  constructor(storage) {
    this.storage = storage;
    this.#choices = sound(this.#stored());
  }

  get choices() {
    return this.#choices;
  }

  /** @param {Partial<Choices>} changed */
  choose(changed) {
    this.#choices = sound({ ...this.#choices, ...changed });
    try {
      this.storage.setItem(KEY, JSON.stringify(this.#choices));
    } catch {
      // The choice then lasts until the page is left.
    }
    for (const listener of this.#listeners) listener(this.#choices);
  }

  /**
   * One size larger or smaller.
   *
   * @param {1 | -1} step
   */
  resize(step) {
    const at = FONT_SIZES.indexOf(this.#choices.fontSize) + step;
    this.choose({ fontSize: FONT_SIZES[Math.max(0, Math.min(FONT_SIZES.length - 1, at))] });
  }

  /**
   * Call `listener` now and after every change.
   *
   * @param {(choices: Choices) => void} listener
   */
  follow(listener) {
    this.#listeners.push(listener);
    listener(this.#choices);
  }

  #stored() {
    try {
      return JSON.parse(this.storage.getItem(KEY) ?? "{}");
    } catch {
      return {};
    }
  }
}

/**
 * Choices as they may be, whatever was stored.
 *
 * @param {any} stored
 * @returns {Choices}
 */
function sound(stored) {
  const { fontSize, vim, tree, split } = { ...DEFAULTS, ...stored };
  return {
    fontSize: FONT_SIZES.includes(fontSize) ? fontSize : DEFAULTS.fontSize,
    vim: vim === true,
    tree: tree !== false,
    split: split >= 0.2 && split <= 0.8 ? split : DEFAULTS.split,
  };
}
