/** The line beside Run: what goes on, or what has just been done. */

import { element } from "./dom.js";

export class Status {
  #sentence = "";
  #notice = "";
  /** Whether a button stands beside the notice. */
  #offering = false;

  /**
   * @param {HTMLElement} host A live region.
   */
  constructor(host) {
    this.host = host;
  }

  /**
   * Something has just been done; said until something else goes on.
   *
   * @param {string} notice
   */
  note(notice) {
    this.#notice = notice;
    this.#offering = false;
    this.#say(notice);
  }

  /**
   * Show what has been done, with a button; until something else goes on.
   *
   * @param {string} notice
   * @param {string} label
   * @param {() => void} act
   */
  offer(notice, label, act) {
    this.note(notice);
    this.#offering = true;
    const made = element("button", { type: "button", class: "button small" }, label);
    made.addEventListener("click", act);
    this.host.append(" ", made);
  }

  /** @param {string} sentence What goes on. */
  show(sentence) {
    if (sentence !== this.#sentence) {
      this.#notice = "";
      this.#offering = false;
    }
    this.#sentence = sentence;
    if (!this.#offering) this.#say(this.#notice || sentence);
  }

  /**
   * A sentence, and where to go on.
   *
   * @param {string} sentence
   * @param {string} label
   * @param {string} address
   */
  link(sentence, label, address) {
    // Made anew, a link would lose the focus and be read aloud again.
    if (this.host.querySelector("a")?.getAttribute("href") === address) return;
    const link = document.createElement("a");
    link.href = address;
    link.textContent = label;
    this.host.replaceChildren(`${sentence} `, link, ".");
    this.host.title = sentence;
  }

  /** @param {string} text */
  #say(text) {
    // Writing the same words again would make a screen reader repeat them.
    if (this.host.textContent !== text) this.host.textContent = text;
    this.host.title = text;
  }
}
