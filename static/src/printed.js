/** Numbers as C's printf writes them. Pure: no DOM. */

/** The part of a regular expression that takes one, as a group. */
export const NUMBER = String.raw`([-+]?(?:\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|nan|inf))`;

/**
 * @param {string | undefined} text What NUMBER took; nothing is NaN.
 */
export function printed(text = "nan") {
  if (text.endsWith("nan")) return Number.NaN;
  if (!text.endsWith("inf")) return Number(text);
  return text.startsWith("-") ? -Infinity : Infinity;
}
