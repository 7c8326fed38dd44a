/** The assembler text of a file, its lines tied to those of the source. */

import { place, problemsOf } from "./problems.js";

/**
 * @typedef {object} Listing
 * @property {string} text
 * @property {[number, number][]} lines Pairs of its line and the source's, from 1.
 * @property {import("./protocol.js").Violation[]} violations
 * @property {import("./protocol.js").Diagnostic[]} items
 */

export class AssemblyPane {
  #outdated = true;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.panel
   * @param {HTMLElement} parts.note
   * @param {HTMLElement} parts.list
   * @param {HTMLButtonElement} parts.refresh
   * @param {() => void} parts.onAsk
   */
  constructor({ panel, note, list, refresh, onAsk }) {
    this.panel = panel;
    this.noteHost = note;
    this.list = list;
    this.refresh = refresh;
    this.onAsk = onAsk;
    refresh.addEventListener("click", onAsk);
  }

  get shown() {
    return !this.panel.hidden;
  }

  /** The panel is looked at: what is old is asked for anew. */
  open() {
    if (this.#outdated) this.onAsk();
  }

  /** The source is not what this was made of any more. */
  outdated() {
    this.#outdated = true;
    this.refresh.hidden = false;
  }

  /** @param {string} sentence */
  note(sentence) {
    this.noteHost.textContent = sentence;
    this.noteHost.hidden = false;
    this.list.replaceChildren();
    this.refresh.hidden = false;
    this.#outdated = true;
  }

  /**
   * @param {Listing} listing
   * @param {(line: number) => void} jump To a line of the source.
   */
  show({ text, lines, violations, items }, jump) {
    if (!text) {
      this.note(refusal(violations, items));
      return;
    }
    const sources = new Map(lines);
    const rows = text.split("\n").map((words, index) => row(words, sources.get(index + 1), jump));
    this.list.replaceChildren(...rows);
    this.noteHost.hidden = true;
    this.refresh.hidden = true;
    this.#outdated = false;
  }
}

/**
 * @param {import("./protocol.js").Violation[]} violations
 * @param {import("./protocol.js").Diagnostic[]} diagnostics
 */
function refusal(violations, diagnostics) {
  const [first] = problemsOf({ violations, diagnostics, result: null });
  if (!first) return "There is no assembler text.";
  return ["The file does not compile:", place(first), first.message].filter(Boolean).join(" ");
}

/**
 * @param {string} words
 * @param {number | undefined} source
 * @param {(line: number) => void} jump
 */
function row(words, source, jump) {
  const line = document.createElement("li");
  if (source === undefined) line.textContent = words || " ";
  else {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words || " ";
    button.title = `Line ${source}`;
    button.addEventListener("click", () => jump(source));
    line.append(button);
    // Neighbours of one source line share a tint, and the next ones have the other.
    line.dataset.tint = String(source % 2);
  }
  return line;
}
