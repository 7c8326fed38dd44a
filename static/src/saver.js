/**
 * Saves what is typed: into this browser at once, to the server a moment later.
 *
 * Each file remembers the content it was opened from. The server refuses to overwrite
 * another one (412); the file then waits for its person, and nothing is lost on either side.
 * Pure but for timers: what reads, keeps and sends is given.
 */

import { pauseBefore } from "./connection.js";

const KEEP_AFTER_MS = 300;
const SEND_AFTER_MS = 1_000;

/** @typedef {"saved" | "unsaved" | "saving" | "offline" | "refused" | "conflict" | "signed-out"} SaveState */
/** @typedef {{path: string, size: number, sha256: string, text?: string | null}} Stored */

/**
 * @typedef {object} Entry
 * @property {string | null} base SHA-256 of what the server had; null when it had nothing.
 * @property {boolean} dirty Changed since it was sent last.
 * @property {boolean} kept Whether the browser has the newest text.
 * @property {Promise<void> | null} sending Settles when what is on its way is there, or failed.
 * @property {Stored | null | undefined} theirs In a conflict: the server's file, null when it
 *   is gone. Undefined without a conflict.
 * @property {string | null} problem Why the server refused.
 */

export class Saver {
  /** @type {Map<string, Entry>} */
  #files = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #keepTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #sendTimer;
  #failures = 0;
  #signedOut = false;

  /**
   * @param {object} options
   * @param {(path: string) => string | null} options.read The text as it is now; null when gone.
   * @param {(path: string, text: string, base: string | null) => Promise<Stored>} options.put
   * @param {Pick<import("./shelf.js").Shelf, "keep" | "drop">} options.shelf
   * @param {() => void} options.onChange Called when {@link Saver.state} or a conflict changed.
   */
  constructor({ read, put, shelf, onChange }) {
    this.read = read;
    this.put = put;
    this.shelf = shelf;
    this.onChange = onChange;
  }

  /**
   * The server has this content under this path.
   *
   * @param {string} path
   * @param {string | null} sha256
   */
  know(path, sha256) {
    this.#files.set(path, {
      base: sha256,
      dirty: false,
      kept: true,
      sending: null,
      theirs: undefined,
      problem: null,
    });
  }

  /** @param {string} path */
  base(path) {
    return this.#files.get(path)?.base ?? null;
  }

  /** @param {string} path */
  isDirty(path) {
    const file = this.#files.get(path);
    return file !== undefined && (file.dirty || file.sending !== null || file.theirs !== undefined);
  }

  /** Conflicts by path. @returns {Map<string, Stored | null>} */
  get conflicts() {
    const found = [...this.#files].filter(([, { theirs }]) => theirs !== undefined);
    return new Map(found.map(([path, { theirs }]) => [path, theirs ?? null]));
  }

  /** @returns {SaveState} The worst of all files. */
  get state() {
    const files = [...this.#files.values()];
    if (this.#signedOut) return "signed-out";
    if (files.some(({ theirs }) => theirs !== undefined)) return "conflict";
    if (files.some(({ problem }) => problem)) return "refused";
    if (this.#failures && files.some(({ dirty }) => dirty)) return "offline";
    if (files.some(({ sending }) => sending)) return "saving";
    return files.some(({ dirty }) => dirty) ? "unsaved" : "saved";
  }

  /** Why the server refused a file; null when it did not. */
  get problem() {
    return [...this.#files.values()].find(({ problem }) => problem)?.problem ?? null;
  }

  /**
   * A person changed this file.
   *
   * @param {string} path
   */
  changed(path) {
    const file = this.#files.get(path);
    if (!file) return;
    const before = this.state;
    Object.assign(file, { dirty: true, kept: false, problem: null });
    clearTimeout(this.#keepTimer);
    this.#keepTimer = setTimeout(() => this.keep(), KEEP_AFTER_MS);
    this.#soon(SEND_AFTER_MS);
    if (this.state !== before) this.onChange();
  }

  /** Put every unsaved text into the browser's storage now. */
  keep() {
    clearTimeout(this.#keepTimer);
    for (const [path, file] of this.#files) {
      const text = file.kept ? null : this.read(path);
      if (text === null) continue;
      this.shelf.keep(path, { base: file.base, text });
      file.kept = true;
    }
  }

  /** Save now; resolves when there is nothing more to send, or sending it failed. */
  async flush() {
    clearTimeout(this.#sendTimer);
    this.keep();
    await Promise.all([...this.#files.keys()].map((path) => this.#send(path)));
    this.onChange();
    return this.state === "saved";
  }

  /**
   * End a conflict in favour of this page's text.
   *
   * @param {string} path
   */
  keepMine(path) {
    const file = this.#files.get(path);
    if (file?.theirs === undefined) return;
    Object.assign(file, {
      base: file.theirs?.sha256 ?? null,
      theirs: undefined,
      dirty: true,
      kept: false,
    });
    this.#soon(0);
    this.onChange();
  }

  /**
   * Forget a file, and what the browser kept of it.
   *
   * @param {string} path
   */
  forget(path) {
    this.#files.delete(path);
    this.shelf.drop(path);
    this.onChange();
  }

  /**
   * @param {string} from
   * @param {string} to
   */
  rename(from, to) {
    const file = this.#files.get(from);
    if (!file) return;
    this.#files.delete(from);
    // The same object: what is on its way ends in it.
    this.#files.set(to, Object.assign(file, { kept: !file.dirty && file.theirs === undefined }));
    this.keep();
    this.shelf.drop(from);
  }

  /** @param {number} ms */
  #soon(ms) {
    clearTimeout(this.#sendTimer);
    this.#sendTimer = setTimeout(() => this.flush(), ms);
  }

  /** @param {string} path */
  async #send(path) {
    const file = this.#files.get(path);
    // What is on its way takes along what was typed since.
    if (file?.sending) return file.sending;
    const text = this.read(path);
    if (!file?.dirty || file.theirs !== undefined || text === null) return;
    file.dirty = false;
    file.sending = this.#put(path, file, text);
    this.onChange();
    return file.sending;
  }

  /**
   * @param {string} path
   * @param {Entry} file
   * @param {string} text
   */
  async #put(path, file, text) {
    try {
      const stored = await this.put(path, text, file.base);
      file.sending = null;
      this.#sent(path, file, stored.sha256);
    } catch (error) {
      Object.assign(file, { sending: null, dirty: true });
      this.#failed(file, /** @type {import("./api.js").ApiError} */ (error));
      return;
    }
    // What was typed while it was on its way goes next.
    if (file.dirty) await this.#send(path);
  }

  /**
   * @param {string} path
   * @param {Entry} file
   * @param {string} sha256
   */
  #sent(path, file, sha256) {
    this.#failures = 0;
    this.#signedOut = false;
    Object.assign(file, { base: sha256, problem: null });
    // The path may be another one by now, or gone: then its draft is somebody else's to drop.
    if (!file.dirty && this.#files.get(path) === file) this.shelf.drop(path);
  }

  /**
   * @param {Entry} file
   * @param {import("./api.js").ApiError} error
   */
  #failed(file, error) {
    if (error.status === 412) file.theirs = error.body.current ?? null;
    else if (error.code === "not-logged-in") this.#signedOut = true;
    else if (error.passing) this.#soon(pauseBefore(this.#failures++));
    else file.problem = error.message;
  }
}
