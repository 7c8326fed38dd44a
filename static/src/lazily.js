/** Parts of the page that are loaded when somebody first asks for them. */

const NOT_LOADED =
  "This part of the page could not be loaded. Try again once the server answers; your text is kept.";

/**
 * @template T
 * @param {() => Promise<T>} load
 * @param {(sentence: string) => void} say
 * @returns {Promise<T | null>} Null when it cannot be loaded, which has been said then.
 */
export async function lazily(load, say) {
  try {
    return await load();
  } catch {
    say(NOT_LOADED);
    return null;
  }
}
