/** Moves the focus into the terminal when a program starts, and back when it ends. */

export class TerminalFocus {
  /** What had the focus when the program started. @type {HTMLElement | null} */
  #origin = null;
  /** Whether the user has clicked anywhere since then. */
  #clicked = false;

  /**
   * @param {object} options
   * @param {HTMLElement} options.pane The output pane, which holds the terminal and its tab.
   * @param {Promise<import("./terminal.js").Terminal | null>} options.terminalReady
   */
  constructor({ pane, terminalReady }) {
    this.pane = pane;
    this.terminalReady = terminalReady;
    document.addEventListener(
      "pointerdown",
      () => {
        this.#clicked = true;
      },
      { capture: true },
    );
  }

  /** A program starts: from now on, the user types to it. */
  async claim() {
    this.#origin = focused();
    this.#clicked = false;
    const terminal = await this.terminalReady;
    if (this.#clicked || !this.#isFree()) return;
    terminal?.focus();
  }

  /**
   * The program has ended. A user who typed to it stays in the terminal, or keys typed ahead
   * would change the source.
   *
   * @param {boolean} typed
   */
  release(typed) {
    const origin = this.#origin;
    this.#origin = null;
    if (typed || this.#clicked || !this.pane.contains(document.activeElement)) return;
    // A button would be pressed by the keys that were meant for the program.
    if (origin instanceof HTMLButtonElement || !origin?.checkVisibility()) return;
    origin.focus();
  }

  /** Whether the focus is where the program was started, nowhere, or in the pane itself. */
  #isFree() {
    const now = focused();
    return now === null || now === this.#origin || this.pane.contains(now);
  }
}

function focused() {
  const { activeElement, body } = document;
  return activeElement === body ? null : /** @type {HTMLElement | null} */ (activeElement);
}
