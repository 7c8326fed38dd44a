/** Sentences in columns. Pure: no DOM. */

/**
 * A sentence broken between its words, where the terminal would break it anywhere.
 *
 * @param {string} text
 * @param {number} columns
 */
export function wrapped(text, columns) {
  let width = 0;
  return text
    .split(" ")
    .map((word, at) => {
      const fits = width + 1 + word.length <= columns;
      width = fits && at > 0 ? width + 1 + word.length : word.length;
      if (at === 0) return word;
      return fits ? ` ${word}` : `\r\n${word}`;
    })
    .join("");
}
