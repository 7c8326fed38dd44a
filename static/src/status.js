/** The line beside Run: what goes on, or what has just been done. */

export class Status {
  #sentence = "";
  #notice = "";

  /**
   * @param {HTMLElement} host A live region.
   * @param {string} loginUrl
   */
  constructor(host, loginUrl) {
    this.host = host;
    this.loginUrl = loginUrl;
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

  signedOut() {
    const link = document.createElement("a");
    link.href = this.loginUrl;
    link.textContent = "Log in again";
    this.host.replaceChildren("You are not logged in any more. Your text is kept. ", link, ".");
  }

  /** @param {string} text */
  #say(text) {
    // Writing the same words again would make a screen reader repeat them.
    if (this.host.textContent !== text) this.host.textContent = text;
    this.host.title = text;
  }
}
