/** The terminal pane: xterm.js, made inert, with its text readable as plain text. */

import { FitAddon } from "@xterm/addon-fit";
import { Terminal as XTerm } from "@xterm/xterm";
import { isTyped, makeInert } from "./inert.js";
import { TextMirror } from "./text-mirror.js";
import { wrapped } from "./wrapped.js";

const SCROLLBACK_ROWS = 10_000;
/** Browsers round a font's descent down, and at 1 the rows would cut off underscores. */
const LINE_HEIGHT = 1.2;

export class Terminal {
  /** Whether keys go to a program; otherwise Tab moves the focus on, as elsewhere. */
  live = false;
  #fit = new FitAddon();

  /**
   * @param {object} options
   * @param {HTMLElement} options.host
   * @param {HTMLElement} options.text Takes the screen as plain text, for screen readers.
   * @param {() => void} options.onLeave Called for Escape while no program takes keys.
   * @param {(data: string) => void} options.onInput
   * @param {(cols: number, rows: number) => void} options.onResize
   */
  constructor({ host, text, onLeave, onInput, onResize }) {
    this.host = host;
    this.onLeave = onLeave;
    this.xterm = new XTerm({
      convertEol: true,
      cursorBlink: false,
      fontFamily: getComputedStyle(host).fontFamily,
      lineHeight: LINE_HEIGHT,
      minimumContrastRatio: 4.5,
      scrollback: SCROLLBACK_ROWS,
      theme: colours(host),
    });
    makeInert(this.xterm);
    this.xterm.loadAddon(this.#fit);
    this.xterm.open(host);
    this.xterm.textarea?.setAttribute("aria-label", "Input for the running program");
    this.xterm.attachCustomKeyEventHandler((event) => this.#takes(event));
    this.xterm.onData((data) => {
      if (this.live && isTyped(data)) onInput(data);
    });
    this.xterm.onResize(({ cols, rows }) => onResize(cols, rows));
    this.mirror = new TextMirror(text, this.xterm);
    this.xterm.onWriteParsed(() => this.mirror.update());
    new ResizeObserver(() => this.fit()).observe(host);
    document.addEventListener("themechange", () => {
      this.xterm.options.theme = colours(host);
    });
    this.fit();
  }

  /** Columns and rows, for the program's window size. */
  get size() {
    return { cols: this.xterm.cols, rows: this.xterm.rows };
  }

  /** @param {string} data */
  write(data) {
    this.xterm.write(data);
  }

  /** Empty, and in its first state: the last program may have left any mode behind. */
  clear() {
    // In the write queue, so that what an earlier write left unparsed goes too.
    this.xterm.write("\x1bc");
  }

  /**
   * A sentence of the page's own, below what the program printed and slanted.
   *
   * @param {string} text
   */
  note(text) {
    // Names out of the program may be in it: nothing of them may control the terminal.
    const harmless = text.replace(/\p{Cc}/gu, "?");
    const line = `\x1b[0;3m${wrapped(harmless, this.xterm.cols)}\x1b[0m\r\n`;
    // Where the cursor is, is known once all that was written before has been read.
    this.xterm.write("", () => {
      this.xterm.write(this.xterm.buffer.active.cursorX > 0 ? `\r\n${line}` : line);
    });
  }

  /** All that is in it, as plain text. */
  get text() {
    return this.mirror.text;
  }

  /** @param {number} px */
  set fontSize(px) {
    this.xterm.options.fontSize = px;
    this.fit();
  }

  focus() {
    this.xterm.focus();
  }

  fit() {
    if (this.host.clientWidth > 0) this.#fit.fit();
  }

  /**
   * Which keys xterm.js takes. Copy and paste stay the browser's. Shift+Tab always
   * leaves, and so does Escape while no program runs, so that nobody is trapped here.
   *
   * @param {KeyboardEvent} event
   */
  #takes(event) {
    const { key, ctrlKey, metaKey, shiftKey } = event;
    if (key === "Escape" && !this.live) {
      if (event.type === "keydown") this.onLeave();
      return false;
    }
    if (key === "Tab") return this.live && !shiftKey;
    if (!ctrlKey && !metaKey) return true;
    if (key.toLowerCase() === "c") return !shiftKey && !this.xterm.hasSelection();
    return key.toLowerCase() !== "v";
  }
}

/**
 * xterm.js wants plain colours, so they are read where CSS has resolved them.
 *
 * @param {HTMLElement} host
 */
function colours(host) {
  const { color, backgroundColor, outlineColor } = getComputedStyle(host);
  return {
    foreground: color,
    background: backgroundColor,
    cursor: color,
    cursorAccent: backgroundColor,
    selectionBackground: outlineColor,
  };
}
