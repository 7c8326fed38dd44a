/** Asks the server, a moment after typing stopped, what policy and compiler say of the text. */

const STILL_MS = 500;
const BUSY_AGAIN_MS = 4000;

/**
 * @typedef {object} Checked The server's answer; see `executor/messages.py`.
 * @property {"checked"} type
 * @property {number} seq
 * @property {import("./protocol.js").Violation[]} violations
 * @property {import("./protocol.js").Diagnostic[]} items
 * @property {"done" | "busy" | "skipped"} compiler
 */

export class TypingCheck {
  #seq = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Whether the text has no answer yet that was shown. */
  #open = false;

  /**
   * @param {object} parts
   * @param {(seq: number) => boolean} parts.ask Send the text as it is now; false if it cannot be.
   * @param {(answer: Checked) => boolean} parts.show Called with the latest text's answer only;
   *   false if it is not shown now.
   */
  constructor({ ask, show }) {
    this.ask = ask;
    this.show = show;
  }

  /** The text changed: its answer is awaited from now on, and no older one. */
  changed() {
    this.#seq += 1;
    this.#open = true;
    this.#later(STILL_MS);
  }

  /** No answer is wanted any more, for instance because the program is being run. */
  cancel() {
    this.#seq += 1;
    this.#open = false;
    clearTimeout(this.#timer);
  }

  /** A text whose answer was lost, with the connection or because of a run, is asked about anew. */
  again() {
    if (this.#open) this.#later(STILL_MS);
  }

  /** @param {Checked} answer */
  receive(answer) {
    if (answer.seq !== this.#seq) return;
    this.#open = !this.show(answer);
    // Runs go first; the compiler has time for this text a little later.
    if (answer.compiler === "busy") this.#later(BUSY_AGAIN_MS);
  }

  /** @param {number} ms */
  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ask(this.#seq), ms);
  }
}
