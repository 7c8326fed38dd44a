/** The open project as the server has it, and what can be asked of the server about it. */

import { fileAddress } from "./api.js";

/** @typedef {import("./saver.js").Stored} Stored */
/** @typedef {{sanitize?: boolean, fixed_seed?: boolean, warnings?: "error" | "show"}} Options */
/** @typedef {{name: string, main: string, options: Options, args: string[], stdin: string}} Recipe */

/** @typedef {{folder: string, file: File}} Upload */
/** @typedef {{id: string | null, added: string[], overwritten: string[]}} Change Null: no undo. */
/** @typedef {{path: string, size: number, new_size: number}} Overwritten */
/** @typedef {{uploads: Upload[], changes: Overwritten[], added: string[]}} Clash */

const TEXT_BYTES = 1 << 20;

export class Project {
  /** Files by path; a text is null where it cannot be shown as one. @type {Map<string, Stored>} */
  files = new Map();
  /** @type {Recipe} */
  recipe = { name: "", main: "", options: {}, args: [], stdin: "" };
  /** Counts what was changed from here. */
  #changes = 0;

  /**
   * @param {import("./api.js").Api} api
   * @param {any} answer A project object with texts.
   */
  constructor(api, answer) {
    this.api = api;
    /** @type {string} */
    this.id = answer.id;
    this.take(answer);
  }

  /**
   * What the server says of the project now; texts that it left out are kept where they still hold.
   *
   * @param {any} answer
   */
  take({ name, main, options, args, stdin, files }) {
    this.recipe = { name, main, options, args, stdin };
    const known = new Map([...this.files.values()].map((file) => [file.sha256, file.text]));
    this.files = new Map(
      files.map((/** @type {Stored} */ file) => [
        file.path,
        { ...file, text: file.text === undefined ? known.get(file.sha256) : file.text },
      ]),
    );
  }

  get address() {
    return `projects/${this.id}/`;
  }

  /**
   * Ask anew, texts included.
   *
   * @returns {Promise<any>} An answer that no change from here has overtaken on its way.
   */
  async read() {
    const changes = this.#changes;
    const answer = await this.api.get(this.address);
    return changes === this.#changes ? answer : this.read();
  }

  async refresh() {
    this.take(await this.read());
  }

  /**
   * Save a file unless the server has another content than `base`, the one it was made from.
   *
   * @param {string} path
   * @param {string} text
   * @param {string | null} base SHA-256; null for a new file.
   * @returns {Promise<Stored>}
   */
  async put(path, text, base) {
    /** @type {Record<string, string>} */
    const condition = base === null ? { "If-None-Match": "*" } : { "If-Match": `"${base}"` };
    const stored = await this.#write(path, text, condition);
    this.files.set(path, { ...stored, text: stored.size > TEXT_BYTES ? null : text });
    return stored;
  }

  /**
   * Put bytes under a path, whatever was there.
   *
   * @param {string} path
   * @param {Uint8Array<ArrayBuffer>} content
   */
  async overwrite(path, content) {
    await this.#write(path, content, {});
    await this.refresh();
  }

  /**
   * @param {string} path
   * @param {BodyInit} body
   * @param {Record<string, string>} condition
   */
  async #write(path, body, condition) {
    const headers = { "Content-Type": "application/octet-stream", ...condition };
    const stored = await this.api.request("PUT", fileAddress(this.id, path), { body, headers });
    this.#changes += 1;
    return stored;
  }

  /** @param {string} path A file, or a folder with all that is in it. */
  async remove(path) {
    const gone = [...this.files.keys()].filter((one) => one === path || one.startsWith(`${path}/`));
    for (const one of gone) await this.api.request("DELETE", fileAddress(this.id, one));
    this.#changes += 1;
    await this.refresh();
  }

  /**
   * @param {string} from A file or a folder.
   * @param {string} to
   */
  async move(from, to) {
    const moved = await this.api.json("POST", `${this.address}move/`, { from, to });
    this.#changes += 1;
    this.take(moved);
  }

  /**
   * Add files, all of one folder or none; archives are unpacked.
   *
   * @param {Upload[]} uploads
   * @param {boolean} overwrite Whether files that exist may change.
   * @returns {Promise<{changes: Change[], clashes: Clash[]}>} Clashes were not uploaded.
   */
  async upload(uploads, overwrite) {
    /** @type {Change[]} */
    const changes = [];
    /** @type {Clash[]} */
    const clashes = [];
    // The server takes one folder at a time: a form's file names have no folders.
    for (const folder of new Set(uploads.map((upload) => upload.folder))) {
      const some = uploads.filter((upload) => upload.folder === folder);
      try {
        changes.push(await this.#send(folder, some, overwrite));
      } catch (error) {
        const { code, body } = /** @type {import("./api.js").ApiError} */ (error);
        if (overwrite || code !== "exists") throw error;
        clashes.push({ uploads: some, changes: body.changes, added: body.added });
      }
    }
    await this.refresh();
    return { changes, clashes };
  }

  /**
   * @param {string} folder
   * @param {Upload[]} uploads
   * @param {boolean} overwrite
   * @returns {Promise<Change>}
   */
  async #send(folder, uploads, overwrite) {
    const form = new FormData();
    form.append("folder", folder);
    form.append("overwrite", overwrite ? "yes" : "no");
    for (const { file } of uploads) form.append("files", file, file.name);
    const answer = await this.api.request("POST", `${this.address}upload/`, { body: form });
    this.#changes += 1;
    return answer.change;
  }

  /**
   * Undo changes, of which the server gave the ids.
   *
   * @param {string[]} changes
   */
  async undo(changes) {
    for (const change of changes) await this.api.json("POST", "trash/restore/", { change });
    this.#changes += 1;
    await this.refresh();
  }

  /** @param {Partial<Recipe>} changed */
  async change(changed) {
    const answer = await this.api.json("PATCH", this.address, changed);
    this.#changes += 1;
    this.take(answer);
  }

  /** @param {string} path */
  downloadAddress(path) {
    return `/api/${fileAddress(this.id, path)}`;
  }
}
