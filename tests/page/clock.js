/** Time that moves when a test says so (Debian's Node cannot mock dates itself). */

const REAL = { setTimeout, clearTimeout, now: Date.now };

export class Clock {
  #now = 0;
  #next = 1;
  #waiting = new Map();

  constructor() {
    Date.now = () => this.#now;
    globalThis.setTimeout = (callback, ms) => {
      this.#waiting.set(this.#next, { callback, at: this.#now + ms });
      return this.#next++;
    };
    globalThis.clearTimeout = (id) => this.#waiting.delete(id);
  }

  /** Let `ms` milliseconds pass, timers going off on their way. */
  tick(ms) {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#waiting].filter(([, { at }]) => at <= end);
      if (!due.length) break;
      const [id, { callback, at }] = due.reduce((a, b) => (b[1].at < a[1].at ? b : a));
      this.#waiting.delete(id);
      this.#now = at;
      callback();
    }
    this.#now = end;
  }

  restore() {
    globalThis.setTimeout = REAL.setTimeout;
    globalThis.clearTimeout = REAL.clearTimeout;
    Date.now = REAL.now;
  }
}
