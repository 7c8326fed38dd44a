/** The text being written, kept in this browser so that a reload loses nothing. */

const SAVE_AFTER_MS = 300;

export class Draft {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => string) | null} */
  #unsaved = null;

  /**
   * @param {string} userId Two people at one browser do not see each other's text.
   * @param {Storage} storage
   * @param {() => void} onRefusal Called when the browser refuses to keep the text.
   */
  constructor(userId, storage, onRefusal) {
    this.key = `cloister:draft:${userId}`;
    this.storage = storage;
    this.onRefusal = onRefusal;
  }

  /** The kept text, or null when there is none. */
  load() {
    try {
      return this.storage.getItem(this.key);
    } catch {
      return null;
    }
  }

  /**
   * Save soon; `read` is called only then, since a large text is costly to copy per key.
   *
   * @param {() => string} read
   */
  changed(read) {
    this.#unsaved = read;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), SAVE_AFTER_MS);
  }

  /** Save now what is not saved yet. */
  flush() {
    clearTimeout(this.#timer);
    if (!this.#unsaved) return;
    try {
      this.storage.setItem(this.key, this.#unsaved());
      this.#unsaved = null;
    } catch {
      this.onRefusal();
    }
  }
}
