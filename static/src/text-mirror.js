/**
 * The terminal's text in the document: what a screen reader hears and a test reads.
 *
 * xterm.js draws; its own screen reader mode holds only the rows in view. This
 * keeps one span per row, the whole scrollback, and touches only rows that can
 * have changed, so that a live region announces what is new and nothing else.
 */

const UPDATE_EVERY_MS = 100;

export class TextMirror {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #firstOpenRow = 0;
  #cols = 0;

  /**
   * @param {HTMLElement} element
   * @param {import("@xterm/xterm").Terminal} xterm
   */
  constructor(element, xterm) {
    this.element = element;
    this.xterm = xterm;
  }

  /** Show the terminal's text soon; many calls in a row cost one update. */
  update() {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#copy();
    }, UPDATE_EVERY_MS);
  }

  /** All of it, as it is now. */
  get text() {
    this.#copy();
    return this.element.textContent ?? "";
  }

  #copy() {
    const buffer = this.xterm.buffer.active;
    const last = lastUsedRow(buffer);
    for (let row = this.#firstChanged(buffer); row <= last; row++)
      this.#set(row, rowText(buffer, row));
    while (this.element.childElementCount > last + 1) this.element.lastElementChild?.remove();
    this.#firstOpenRow = buffer.baseY;
    this.#cols = this.xterm.cols;
  }

  /**
   * Rows above the screen are final, unless a new width or a full scrollback moved them.
   *
   * @param {import("@xterm/xterm").IBuffer} buffer
   */
  #firstChanged(buffer) {
    const full = buffer.length >= this.xterm.rows + (this.xterm.options.scrollback ?? 0);
    const moved = full || this.#cols !== this.xterm.cols || buffer.baseY < this.#firstOpenRow;
    return moved ? 0 : this.#firstOpenRow;
  }

  /**
   * @param {number} row
   * @param {string} text
   */
  #set(row, text) {
    const span =
      this.element.children[row] ?? this.element.appendChild(document.createElement("span"));
    if (span.textContent !== text) span.textContent = text;
  }
}

/** @param {import("@xterm/xterm").IBuffer} buffer */
function lastUsedRow(buffer) {
  let row = buffer.length - 1;
  while (row >= 0 && !buffer.getLine(row)?.translateToString(true)) row--;
  return row;
}

/**
 * A row's text; one that goes on in the next row has no line end between.
 *
 * @param {import("@xterm/xterm").IBuffer} buffer
 * @param {number} row
 */
function rowText(buffer, row) {
  const goesOn = buffer.getLine(row + 1)?.isWrapped ?? false;
  return (buffer.getLine(row)?.translateToString(!goesOn) ?? "") + (goesOn ? "" : "\n");
}
