/**
 * An axis from the smallest to the largest value, straight or logarithmic.
 *
 * Programs print what they like, 1e300 beside 1e-300 included. Charts are therefore drawn in
 * shares of an axis, from 0 to 1, and its ticks are counted here: no loop runs over values.
 * Pure: no DOM.
 */

/** Beyond this no difference of two values would be a number. */
export const LARGEST = 1e300;
/** Up to this many decades get ticks at 2 and 5 too. */
const FINE_DECADES = 2;

/**
 * @typedef {object} Scale
 * @property {(value: number) => number} place Where a value lies, as a share of the axis.
 * @property {(share: number) => number} value The value at a share of the axis.
 * @property {(from: number, to: number, most: number) => number[]} ticks Round values between
 *   two shares, no more than about `most`.
 */

/**
 * @param {number} min
 * @param {number} max
 * @param {boolean} log Wants a `min` above 0.
 * @returns {Scale}
 */
export function scaleOf(min, max, log) {
  const [low, high] = widened(log ? Math.log10(min) : min, log ? Math.log10(max) : max);
  /** @param {number} share */
  const raw = (share) => {
    const value = low + share * (high - low);
    // Where an axis crosses 0, rounding leaves a rest of it.
    return Math.abs(value) < (high - low) * 1e-12 ? 0 : value;
  };
  return {
    place: (value) => ((log ? Math.log10(value) : value) - low) / (high - low),
    value: (share) => (log ? 10 ** raw(share) : raw(share)),
    ticks: (from, to, most) =>
      log ? logTicks(raw(from), raw(to), most) : ticks(raw(from), raw(to), most),
  };
}

/**
 * A little air, and a width where there is none.
 *
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
function widened(low, high) {
  const air = (high - low) * 0.04 || Math.abs(low) * 0.1 || 0.5;
  return [low - air, high + air];
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} most
 */
function ticks(from, to, most) {
  const step = niceStep((to - from) / most);
  const first = Math.ceil(from / step);
  const found = Array.from({ length: most + 1 }, (_, at) => (first + at) * step);
  return found.filter((value) => value <= to).map((value) => Number(value.toPrecision(12)));
}

/**
 * @param {number} from Exponent of ten.
 * @param {number} to
 * @param {number} most
 */
function logTicks(from, to, most) {
  if (to - from < 1) return ticks(10 ** from, 10 ** to, most);
  const step = Math.max(1, niceStep((to - from) / most));
  const steps = to - from <= FINE_DECADES ? [1, 2, 5] : [1];
  const first = Math.floor(from / step) * step;
  const decades = Array.from({ length: most + 2 }, (_, at) => first + at * step);
  return decades
    .flatMap((exponent) => steps.map((digit) => Number(`${digit}e${exponent}`)))
    .filter((value) => Math.log10(value) >= from && Math.log10(value) <= to);
}

/**
 * 1, 2 or 5 times a power of ten, no less than what is asked for.
 *
 * @param {number} least Above 0.
 */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  const digit = [1, 2, 5].find((candidate) => candidate * power >= least * 0.999) ?? 10;
  return digit * power;
}

/**
 * A value as a tick says it: `0.05`, `1,000`, `1e-7`.
 *
 * @param {number} value
 */
export function tickLabel(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return Number(value.toPrecision(6)).toExponential().replace("e+", "e");
  }
  return value.toLocaleString("en", { maximumSignificantDigits: 9 });
}
