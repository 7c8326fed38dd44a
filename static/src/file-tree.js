/** The project's files as a tree, after the ARIA pattern: arrows move, Enter opens. */

import { element } from "./dom.js";
import { folderOf, shown, treeOf } from "./tree-model.js";

/** @typedef {import("./tree-model.js").Branch} Branch */

export class FileTree {
  /** @type {Set<string>} */
  #closed = new Set();
  /** @type {Branch[]} */
  #branches = [];
  /** The path in the tab order. */
  #here = "";
  #main = "";
  /** @type {string | null} */
  #open = null;

  /**
   * @param {HTMLElement} host The element with the role `tree`.
   * @param {object} on
   * @param {(path: string) => void} on.open A file was chosen.
   * @param {(branch: Branch, row: HTMLElement) => void} on.menu What can be done with it is asked.
   * @param {(branch: Branch) => void} on.rename
   * @param {(branch: Branch) => void} on.remove
   */
  constructor(host, on) {
    this.host = host;
    this.on = on;
    host.addEventListener("keydown", (event) => this.#key(event));
    host.addEventListener("click", (event) => this.#click(event));
    host.addEventListener("contextmenu", (event) => {
      const row = rowOf(event.target);
      const branch = this.#find(row?.dataset.path);
      if (!row || !branch) return;
      event.preventDefault();
      this.on.menu(branch, row);
    });
  }

  /**
   * @param {Iterable<string>} paths
   * @param {string} main The program's main file.
   * @param {string | null} open The shown file.
   * @param {Iterable<string>} emptyFolders
   */
  show(paths, main, open, emptyFolders) {
    this.#branches = treeOf(paths, emptyFolders);
    this.#main = main;
    if (open !== this.#open && open) {
      this.#here = open;
      for (let folder = folderOf(open); folder; folder = folderOf(folder))
        this.#closed.delete(folder);
    }
    this.#open = open;
    this.#draw();
  }

  #draw() {
    const focused = this.host.contains(document.activeElement);
    const rows = shown(this.#branches, this.#closed);
    if (!rows.some(({ branch }) => branch.path === this.#here))
      this.#here = rows[0]?.branch.path ?? "";
    this.host.replaceChildren(...rows.map(({ branch, level }) => this.#row(branch, level)));
    if (focused) this.#focus(this.#here);
  }

  /**
   * @param {Branch} branch
   * @param {number} level
   */
  #row({ name, path, children }, level) {
    const row = element("div", {
      role: "treeitem",
      class: "tree-row",
      "aria-level": String(level),
    });
    row.dataset.path = path;
    row.style.setProperty("--level", String(level));
    row.tabIndex = path === this.#here ? 0 : -1;
    row.setAttribute("aria-selected", String(path === this.#open));
    if (children) row.setAttribute("aria-expanded", String(!this.#closed.has(path)));
    const kind = children ? "tree-folder" : "tree-file";
    row.append(element("span", { class: kind, title: name }, name));
    if (path === this.#main) row.append(element("span", { class: "tree-main" }, "main"));
    const more = element("button", { type: "button", class: "tree-more", tabindex: "-1" }, "⋯");
    more.setAttribute("aria-label", `Actions for ${path}`);
    row.append(more);
    return row;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const row = rowOf(event.target);
    const branch = this.#find(row?.dataset.path);
    if (!row || !branch) return;
    this.#here = branch.path;
    if (event.target instanceof Element && event.target.closest(".tree-more")) {
      this.on.menu(branch, row);
    } else this.#choose(branch);
  }

  /** @param {Branch} branch */
  #choose(branch) {
    if (branch.children) this.#fold(branch.path, !this.#closed.has(branch.path));
    else this.on.open(branch.path);
  }

  /**
   * @param {string} path
   * @param {boolean} close
   */
  #fold(path, close) {
    if (close) this.#closed.add(path);
    else this.#closed.delete(path);
    this.#draw();
    this.#focus(path);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const rows = shown(this.#branches, this.#closed).map(({ branch }) => branch);
    const at = rows.findIndex(({ path }) => path === this.#here);
    const branch = rows[at];
    if (!branch || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.#keys(rows, at, branch)[
      event.key === "F10" && event.shiftKey ? "ContextMenu" : event.key
    ];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /**
   * @param {Branch[]} rows
   * @param {number} at
   * @param {Branch} branch
   * @returns {Record<string, () => void>}
   */
  #keys(rows, at, branch) {
    const open = branch.children && !this.#closed.has(branch.path);
    return {
      ArrowDown: () => this.#focus(rows[at + 1]?.path),
      ArrowUp: () => this.#focus(rows[at - 1]?.path),
      Home: () => this.#focus(rows[0]?.path),
      End: () => this.#focus(rows.at(-1)?.path),
      ArrowRight: () => {
        if (open) this.#focus(rows[at + 1]?.path);
        else if (branch.children) this.#fold(branch.path, false);
      },
      ArrowLeft: () => {
        if (open) this.#fold(branch.path, true);
        else this.#focus(folderOf(branch.path));
      },
      Enter: () => this.#choose(branch),
      " ": () => this.#choose(branch),
      F2: () => this.on.rename(branch),
      Delete: () => this.on.remove(branch),
      ContextMenu: () => this.#menuAt(branch),
    };
  }

  /** @param {Branch} branch */
  #menuAt(branch) {
    const row = this.#rowOf(branch.path);
    if (row) this.on.menu(branch, row);
  }

  /** @param {string | undefined} path */
  #focus(path) {
    const row = path ? this.#rowOf(path) : null;
    if (!row || !path) return;
    const rows = this.host.querySelectorAll("[role=treeitem]");
    for (const other of /** @type {NodeListOf<HTMLElement>} */ (rows)) other.tabIndex = -1;
    this.#here = path;
    row.tabIndex = 0;
    row.focus();
  }

  /** @param {string} path */
  #rowOf(path) {
    return /** @type {HTMLElement | null} */ (
      this.host.querySelector(`[data-path="${CSS.escape(path)}"]`)
    );
  }

  /** @param {string | undefined} path */
  #find(path) {
    return shown(this.#branches, new Set()).find(({ branch }) => branch.path === path)?.branch;
  }
}

/**
 * @param {EventTarget | null} target
 * @returns {HTMLElement | null}
 */
function rowOf(target) {
  return target instanceof Element ? target.closest("[role=treeitem]") : null;
}

/**
 * The folder that a place on the page stands for when something is dropped there.
 *
 * @param {EventTarget | null} place
 * @returns {string} Empty for the project itself.
 */
export function folderAt(place) {
  const row = rowOf(place);
  const path = row?.dataset.path ?? "";
  return row?.hasAttribute("aria-expanded") ? path : folderOf(path);
}
