/**
 * Texts that the server does not have yet, kept in this browser.
 *
 * Each page load writes under a name of its own, so two tabs never overwrite each other's;
 * a page that opens a project takes over whatever any tab left there. Where that tab still
 * lives, both hold the same text, and saving the same text twice is no conflict.
 */

/** @typedef {{base: string | null, text: string}} Draft `base`: SHA-256 it was made from. */

export class Shelf {
  #refused = false;

  /**
   * @param {string} userId Two people at one browser do not see each other's text.
   * @param {string} projectId
   * @param {Storage} storage
   * @param {() => void} onRefusal Called once when the browser refuses to keep a text.
   * @param {string} [tab] Unique for each page load.
   */
  constructor(userId, projectId, storage, onRefusal, tab = Math.random().toString(36).slice(2)) {
    this.prefix = `cloister:unsaved:${userId}:${projectId}:`;
    this.storage = storage;
    this.onRefusal = onRefusal;
    this.tab = tab;
  }

  /**
   * @param {string} path
   * @param {Draft} draft
   */
  keep(path, draft) {
    try {
      this.storage.setItem(this.#key(path), JSON.stringify(draft));
    } catch {
      if (!this.#refused) this.onRefusal();
      this.#refused = true;
    }
  }

  /** @param {string} path */
  drop(path) {
    this.#quietly(() => this.storage.removeItem(this.#key(path)));
  }

  /**
   * All texts that any tab left for this project, now under this page's name.
   *
   * @returns {Map<string, Draft>} By path.
   */
  adopt() {
    /** @type {Map<string, Draft>} */
    const found = new Map();
    this.#quietly(() => {
      for (const key of keysOf(this.storage)) {
        if (!key.startsWith(this.prefix)) continue;
        const draft = JSON.parse(this.storage.getItem(key) ?? "null");
        const path = key.slice(key.indexOf(":", this.prefix.length) + 1);
        if (typeof draft?.text === "string") found.set(path, draft);
        this.storage.removeItem(key);
      }
    });
    for (const [path, draft] of found) this.keep(path, draft);
    return found;
  }

  /** @param {string} path */
  #key(path) {
    return `${this.prefix}${this.tab}:${path}`;
  }

  /** @param {() => void} act */
  #quietly(act) {
    try {
      act();
    } catch {
      // A browser that keeps nothing was told of when it first refused.
    }
  }
}

/** @param {Storage} storage */
function keysOf(storage) {
  return Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? "");
}
