/** The open project on the page: its tree, its tabs, the editor, and saving them. */

import { ConflictBar } from "./conflict-bar.js";
import { fileChoices } from "./file-actions.js";
import { FileTabs } from "./file-tabs.js";
import { FileTree } from "./file-tree.js";
import { openMenu } from "./menu.js";
import { OpenFiles } from "./open-files.js";
import { Project } from "./project.js";
import { Saver } from "./saver.js";
import { Shelf } from "./shelf.js";
import { movedPath } from "./tree-model.js";

/** @typedef {import("./saver.js").Stored} Stored */

/**
 * @typedef {object} Parts
 * @property {HTMLElement} tree
 * @property {HTMLElement} tabs
 * @property {HTMLElement} conflict
 */

export class Workbench {
  /** Folders made here in which no file is yet. @type {Set<string>} */
  emptyFolders = new Set();

  /**
   * @param {object} options
   * @param {Project} options.project
   * @param {import("./editor.js").Editor} options.editor
   * @param {import("./file-viewer.js").FileViewer} options.viewer
   * @param {Parts} options.parts
   * @param {string} options.userId
   * @param {(sentence: string) => void} options.say
   * @param {(sentence: string, label: string, act: () => void) => void} options.offer
   * @param {() => void} options.onChange Called when what is shown or saved changed.
   */
  constructor({ project, editor, viewer, parts, userId, say, offer, onChange }) {
    this.project = project;
    this.editor = editor;
    this.viewer = viewer;
    this.say = say;
    this.offer = offer;
    this.onChange = onChange;
    this.open = new OpenFiles(project.id, localStorage);
    this.shelf = new Shelf(userId, project.id, localStorage, () => say(NOT_KEPT));
    this.saver = new Saver({
      read: (path) => editor.text(path),
      put: (path, text, base) => project.put(path, text, base),
      shelf: this.shelf,
      onChange: () => this.render(),
    });
    this.tree = new FileTree(parts.tree, {
      open: (path) => this.show(path),
      menu: (branch, row) => openMenu(row, `Actions for ${branch.path}`, fileChoices(this, branch)),
      rename: (branch) =>
        fileChoices(this, branch)
          .find(({ keys }) => keys === "F2")
          ?.act(),
      remove: (branch) =>
        fileChoices(this, branch)
          .find(({ keys }) => keys === "Delete")
          ?.act(),
    });
    this.tabs = new FileTabs(parts.tabs, {
      show: (path) => this.show(path),
      close: (path) => this.close(path),
    });
    this.conflict = new ConflictBar(parts.conflict, {
      mine: (path) => editor.text(path) ?? "",
      keepMine: (path) => this.saver.keepMine(path),
      takeTheirs: (path) => this.#takeTheirs(path),
    });
  }

  /** Show what was open, with what earlier pages could not save any more. */
  begin() {
    const drafts = this.shelf.adopt();
    const exists = (/** @type {string} */ path) => this.project.files.has(path) || drafts.has(path);
    this.open.restore(exists, this.project.recipe.main);
    for (const [path, { base, text }] of drafts) {
      this.editor.load(path, text);
      this.saver.know(path, base);
      this.saver.changed(path);
      this.open.show(path);
    }
    if (this.open.shown) this.show(this.open.shown);
    else this.render();
  }

  /** @param {string} path */
  show(path) {
    this.#load(path);
    this.open.show(path);
    if (this.editor.has(path)) this.editor.show(path);
    this.render();
    this.viewer.show(path, this.project.files.get(path), this.editor.has(path));
  }

  /** @param {string} path */
  async close(path) {
    if (this.saver.isDirty(path)) await this.saver.flush();
    // What could not be saved stays open: closing it would hide it.
    if (this.saver.isDirty(path)) {
      this.say(`“${path}” is not saved yet, so it stays open.`);
      return;
    }
    const [text, sha256] = [this.editor.text(path), this.saver.base(path)];
    const file = this.project.files.get(path);
    // An answer to something else may have been on its way while this was saved.
    if (file && text !== null && sha256) this.project.files.set(path, { ...file, sha256, text });
    this.discard(path);
  }

  /** Save everything now; false when something could not be saved. */
  save() {
    return this.saver.flush();
  }

  /** Show the file `step` tabs further. @param {number} step */
  step(step) {
    const path = this.open.beside(step);
    if (path) this.show(path);
  }

  /** Take what other tabs did; what is not saved here stays as it is. */
  async refresh() {
    const bases = new Map([...this.editor.paths].map((path) => [path, this.saver.base(path)]));
    this.project.take(await this.project.read());
    for (const [path, base] of bases) {
      // Whatever was saved meanwhile is newer than the answer.
      if (this.saver.isDirty(path) || this.saver.base(path) !== base) continue;
      const file = this.project.files.get(path);
      if (typeof file?.text !== "string") this.discard(path);
      else if (file.sha256 !== base) {
        this.editor.replace(path, file.text);
        this.saver.know(path, file.sha256);
      }
    }
    for (const path of [...this.open.paths]) {
      if (!this.project.files.has(path) && !this.editor.has(path)) this.discard(path);
    }
    this.render();
  }

  /**
   * A file or folder has another name now, on the server too.
   *
   * @param {string} from
   * @param {string} to
   */
  renamed(from, to) {
    for (const path of [...this.open.paths]) {
      const moved = movedPath(path, from, to);
      if (moved === null) continue;
      this.editor.rename(path, moved);
      this.saver.rename(path, moved);
      this.open.rename(path, moved);
    }
    for (const folder of [...this.emptyFolders]) {
      const moved = movedPath(folder, from, to);
      if (moved === null) continue;
      this.emptyFolders.delete(folder);
      this.emptyFolders.add(moved);
    }
    if (this.open.shown) this.show(this.open.shown);
  }

  /**
   * The problem's file is shown, and the cursor put there.
   *
   * @param {import("./problems.js").Problem} problem
   */
  jump(problem) {
    if (!problem.file || !this.project.files.has(problem.file)) return;
    this.show(problem.file);
    this.editor.jump(problem);
  }

  render() {
    const { project, open, saver } = this;
    this.tree.show(project.files.keys(), project.recipe.main, open.shown, this.emptyFolders);
    this.tabs.show(open.paths, open.shown, (path) => saver.isDirty(path));
    this.conflict.show(open.shown, open.shown ? saver.conflicts.get(open.shown) : undefined);
    this.onChange();
  }

  /** @param {string} path */
  #load(path) {
    const file = this.project.files.get(path);
    if (this.editor.has(path) || typeof file?.text !== "string") return;
    this.editor.load(path, file.text);
    this.saver.know(path, file.sha256);
  }

  /**
   * Close a file without a question, whatever is unsaved in it.
   *
   * @param {string} path
   */
  discard(path) {
    this.editor.close(path);
    this.saver.forget(path);
    const shown = this.open.shown === path;
    this.open.close(path);
    if (shown && this.open.shown) this.show(this.open.shown);
    else if (shown) this.viewer.show(null, undefined, false);
    this.render();
  }

  /** @param {string} path */
  async #takeTheirs(path) {
    const theirs = this.saver.conflicts.get(path);
    if (typeof theirs?.text === "string") {
      // As a change: undo brings the own text back.
      this.editor.replace(path, theirs.text);
      this.saver.know(path, theirs.sha256);
      this.shelf.drop(path);
      this.render();
    } else {
      this.discard(path);
      await this.refresh();
    }
  }
}

const NOT_KEPT =
  "This browser refuses to keep your text. Copy it elsewhere before you leave the page.";
