/** Figures as the training doctor says and writes them. Pure: no DOM. */

/**
 * Up to two digits that matter.
 *
 * @param {number} value
 */
export function roundUp(value) {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / step) * step;
}

/** @param {number} value */
export function count(value) {
  return value.toLocaleString("en");
}

/**
 * @param {number} value
 * @param {number} [digits] That matter, at most.
 */
export function brief(value, digits = 3) {
  return String(Number(value.toPrecision(digits)));
}

/**
 * A number as C's float.
 *
 * @param {number} value
 */
export function literal(value) {
  const text = brief(value);
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}
