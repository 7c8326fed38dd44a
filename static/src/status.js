/** The line beside Run: what goes on, or what has just been done. */

export class Status {
  #sentence = "";
  #notice = "";

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
    this.#say(notice);
  }

  /** @param {string} sentence What goes on. */
  show(sentence) {
    if (sentence !== this.#sentence) this.#notice = "";
    this.#sentence = sentence;
    this.#say(this.#notice || sentence);
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
