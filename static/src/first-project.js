/** Which project the page opens: the one in the address, the last one, or a first one made now. */

import { EXAMPLE } from "./example.js";

/**
 * @param {import("./api.js").Api} api
 * @param {object} options
 * @param {string | null} options.wanted An id from the address.
 * @param {string} options.userId
 * @param {Storage} options.storage
 * @returns {Promise<any>} A project object with texts. Throws an ApiError.
 */
export async function projectToOpen(api, { wanted, userId, storage }) {
  const last = `cloister:project:${userId}`;
  const id = wanted ?? read(storage, last);
  const project =
    (id && (await found(api, id, wanted !== null))) ||
    (await newestOrFirst(api, read(storage, `cloister:draft:${userId}`)));
  write(storage, last, project.id);
  return project;
}

/**
 * @param {import("./api.js").Api} api
 * @param {string} id
 * @param {boolean} asked Whether a person asked for this one, who is then told that it is gone.
 */
async function found(api, id, asked) {
  try {
    return await api.get(`projects/${id}/`);
  } catch (error) {
    if (asked || /** @type {import("./api.js").ApiError} */ (error).status !== 404) throw error;
    return null;
  }
}

/**
 * @param {import("./api.js").Api} api
 * @param {string | null} draft What version 0.1.0, which had no projects, left in this browser.
 */
async function newestOrFirst(api, draft) {
  const { projects } = await api.get("projects/");
  if (projects[0]) return api.get(`projects/${projects[0].id}/`);
  const files = [{ path: "main.c", content: draft ?? EXAMPLE }];
  return api.json("POST", "projects/", { name: "My first project", files });
}

/**
 * @param {Storage} storage
 * @param {string} key
 */
function read(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {Storage} storage
 * @param {string} key
 * @param {string} value
 */
function write(storage, key, value) {
  try {
    storage.setItem(key, value);
  } catch {
    // The newest project is opened next time.
  }
}
