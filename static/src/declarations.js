/** What the image's headers declare, and the sentences for it; fetched once, when first needed. */

/**
 * @typedef {object} Declaration
 * @property {string} name
 * @property {string} header
 * @property {string} text A prototype, or a constant's value.
 * @property {string} sentence
 */

const ADDRESS = "/api/declarations/";

/** @type {Promise<Map<string, Declaration>> | null} */
let loading = null;

/**
 * All declarations by name. Without the server there are none, and the next call asks again.
 *
 * @returns {Promise<Map<string, Declaration>>}
 */
export function declarations() {
  loading ??= load().catch(() => {
    loading = null;
    return new Map();
  });
  return loading;
}

async function load() {
  const answer = await fetch(ADDRESS);
  if (!answer.ok) throw new Error(`the server answered with ${answer.status}`);
  /** @type {{declarations: [string, string, string, string][]}} */
  const { declarations: rows } = await answer.json();
  return new Map(
    rows.map(([name, header, text, sentence]) => [name, { name, header, text, sentence }]),
  );
}

/** @param {Declaration} declaration */
export function isFunction({ name, text }) {
  return text.includes(`${name}(`);
}

/**
 * A small card: prototype, sentence, header.
 *
 * @param {Declaration} declaration
 */
export function card({ name, text, sentence, header }) {
  const host = document.createElement("div");
  host.className = "declaration";
  const code = document.createElement("code");
  code.textContent = text.includes(name) || text === "" ? text || name : `${name} = ${text}`;
  const said = document.createElement("p");
  said.textContent = sentence;
  const place = document.createElement("small");
  place.textContent = `<${header}>`;
  host.append(code, said, place);
  return host;
}
