/** Which files of a project are open, and which one is shown; kept for the next visit. Pure. */

export class OpenFiles {
  /** @type {string[]} In the order of their tabs. */
  paths = [];
  /** @type {string | null} */
  shown = null;

  /**
   * @param {string} projectId
   * @param {Pick<Storage, "getItem" | "setItem">} storage
   */
  constructor(projectId, storage) {
    this.key = `cloister:open:${projectId}`;
    this.storage = storage;
  }

  /**
   * What was open on the last visit, as far as it exists; else the main file.
   *
   * @param {(path: string) => boolean} exists
   * @param {string} main
   */
  restore(exists, main) {
    const { paths, shown } = this.#stored();
    this.paths = paths.filter(exists);
    if (!this.paths.length && exists(main)) this.paths = [main];
    this.shown = this.paths.includes(shown) ? shown : (this.paths[0] ?? null);
  }

  /** @param {string} path */
  show(path) {
    if (!this.paths.includes(path)) this.paths.push(path);
    this.shown = path;
    this.#store();
  }

  /** @param {string} path */
  close(path) {
    const at = this.paths.indexOf(path);
    if (at < 0) return;
    this.paths.splice(at, 1);
    if (this.shown === path) this.shown = this.paths[at] ?? this.paths.at(-1) ?? null;
    this.#store();
  }

  /**
   * @param {string} from
   * @param {string} to
   */
  rename(from, to) {
    this.paths = this.paths.map((path) => (path === from ? to : path));
    if (this.shown === from) this.shown = to;
    this.#store();
  }

  /**
   * The open file `step` tabs further, round and round.
   *
   * @param {number} step
   */
  beside(step) {
    const { length } = this.paths;
    return this.paths[(this.paths.indexOf(this.shown ?? "") + step + length) % length] ?? null;
  }

  #stored() {
    try {
      const { paths, shown } = JSON.parse(this.storage.getItem(this.key) ?? "{}");
      return { paths: Array.isArray(paths) ? paths.map(String) : [], shown };
    } catch {
      return { paths: [], shown: null };
    }
  }

  #store() {
    try {
      this.storage.setItem(this.key, JSON.stringify({ paths: this.paths, shown: this.shown }));
    } catch {
      // The next visit then begins with the main file.
    }
  }
}
