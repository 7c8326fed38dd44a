/** The parts of the page that its template gives. */

/** @param {string} id */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} id */
export function button(id) {
  return /** @type {HTMLButtonElement} */ (byId(id));
}

/** @param {string} id */
export function input(id) {
  return /** @type {HTMLInputElement} */ (byId(id));
}

/**
 * What the server wrote into the page as JSON.
 *
 * @param {string} id
 * @returns {any}
 */
export function told(id) {
  return JSON.parse(byId(id).textContent ?? "");
}
