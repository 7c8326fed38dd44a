/** Run and Stop: which of them can be pressed, and the wait after too many runs. */

export class RunButtons {
  #seconds = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {HTMLButtonElement} options.run
   * @param {HTMLButtonElement} options.stop
   * @param {() => void} options.onRested Called when the wait is over.
   */
  constructor({ run, stop, onRested }) {
    this.run = run;
    this.stop = stop;
    this.onRested = onRested;
    this.label = /** @type {HTMLElement} */ (run.querySelector(".button-label"));
  }

  get resting() {
    return this.#seconds > 0;
  }

  /**
   * @param {object} state
   * @param {boolean} state.connected
   * @param {boolean} state.active
   * @param {boolean} state.stopping
   */
  show({ connected, active, stopping }) {
    this.run.disabled = !connected || active || this.resting;
    this.stop.disabled = !connected || !active || stopping;
  }

  /**
   * Keep Run back for a while, counting down on the button itself: a status line
   * that changed each second would be read aloud each second.
   *
   * @param {number} seconds
   */
  rest(seconds) {
    clearInterval(this.#timer);
    this.#seconds = Math.max(1, Math.ceil(seconds));
    this.#timer = setInterval(() => this.#tick(), 1000);
    this.#label();
  }

  #tick() {
    this.#seconds -= 1;
    this.#label();
    if (this.resting) return;
    clearInterval(this.#timer);
    this.onRested();
  }

  #label() {
    this.label.textContent = this.resting ? `Wait ${this.#seconds} s` : "Run";
  }
}
