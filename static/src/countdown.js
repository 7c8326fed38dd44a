/** Shows how long a program still waits for input before the idle limit stops it. */

const SOON_SECONDS = 30;
const LONGEST_IN_SECONDS = 120;

export class Countdown {
  #end = 0;
  #warned = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {HTMLElement} options.host Not a live region: a screen reader would read every second.
   * @param {(sentence: string) => void} options.onSoon Called once when little time is left.
   * @param {() => number} [options.now] Milliseconds of a clock that never goes back.
   */
  constructor({ host, onSoon, now = () => performance.now() }) {
    this.host = host;
    this.onSoon = onSoon;
    this.now = now;
  }

  /** @param {number | null} seconds Until the limit; null when the program does not wait. */
  show(seconds) {
    clearInterval(this.#timer);
    this.host.hidden = seconds === null;
    if (seconds === null) {
      this.#warned = false;
      return;
    }
    this.#end = this.now() + 1000 * seconds;
    this.#timer = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  #tick() {
    const left = Math.max(0, Math.ceil((this.#end - this.now()) / 1000));
    this.host.textContent = remaining(left);
    if (left > SOON_SECONDS || this.#warned) return;
    this.#warned = true;
    this.onSoon(`Waiting for input. The program stops in ${left} s unless you type.`);
  }
}

/** @param {number} seconds */
function remaining(seconds) {
  if (seconds <= LONGEST_IN_SECONDS) return `${seconds} s left`;
  return `${Math.ceil(seconds / 60)} min left`;
}
