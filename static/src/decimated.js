/**
 * A row of points that never grows beyond a limit and never loses an extreme.
 *
 * At the limit every four points become two: the lowest and the highest. From then on a point
 * stands for a stretch twice as long, so the row stays evenly dense however much is pushed.
 * Pure: no DOM.
 *
 * @template T
 */
export class Decimated {
  /** @type {T[]} */
  #kept = [];
  /** How many pushed points one kept point stands for. */
  #stride = 1;
  /** @type {Stretch<T> | null} */
  #open = null;
  /** @type {T | null} */
  #first = null;
  /** @type {T | null} */
  #last = null;
  #pushed = 0;

  /**
   * @param {number} limit Points kept at most; a multiple of four.
   * @param {(point: T) => number} height What makes a point high or low; never NaN.
   */
  constructor(limit, height) {
    this.limit = limit;
    this.height = height;
  }

  /** The last point that was pushed. */
  get last() {
    return this.#last;
  }

  /** How many points were pushed, kept or not. */
  get pushed() {
    return this.#pushed;
  }

  /** @param {T} point */
  push(point) {
    this.#first ??= point;
    this.#last = point;
    this.#pushed += 1;
    this.#open = this.#wider(this.#open, point);
    if (this.#open.count < (this.#stride > 1 ? 2 * this.#stride : 1)) return;
    this.#kept.push(...ends(this.#open));
    this.#open = null;
    if (this.#kept.length >= this.limit) this.#halve();
  }

  /** The points in the order pushed: the first, the last and every extreme among them. */
  get points() {
    const points = this.#open ? [...this.#kept, ...ends(this.#open)] : [...this.#kept];
    if (this.#first !== null && points[0] !== this.#first) points.unshift(this.#first);
    if (this.#last !== null && points.at(-1) !== this.#last) points.push(this.#last);
    return points;
  }

  #halve() {
    /** @type {T[]} */
    const halved = [];
    for (let at = 0; at < this.#kept.length; at += 4) {
      /** @type {Stretch<T> | null} */
      let stretch = null;
      for (const point of this.#kept.slice(at, at + 4)) stretch = this.#wider(stretch, point);
      if (stretch) halved.push(...ends(stretch));
    }
    this.#kept = halved;
    this.#stride *= 2;
  }

  /**
   * @param {Stretch<T> | null} stretch
   * @param {T} point
   * @returns {Stretch<T>}
   */
  #wider(stretch, point) {
    if (!stretch) return { low: point, high: point, lowFirst: true, count: 1 };
    stretch.count += 1;
    const height = this.height(point);
    if (height < this.height(stretch.low)) {
      stretch.low = point;
      stretch.lowFirst = false;
    } else if (height > this.height(stretch.high)) {
      stretch.high = point;
      stretch.lowFirst = true;
    }
    return stretch;
  }
}

/**
 * @template T
 * @typedef {{low: T, high: T, lowFirst: boolean, count: number}} Stretch
 */

/**
 * @template T
 * @param {Stretch<T>} stretch
 * @returns {T[]}
 */
function ends({ low, high, lowFirst }) {
  if (low === high) return [low];
  return lowFirst ? [low, high] : [high, low];
}
