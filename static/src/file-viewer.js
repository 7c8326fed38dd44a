/** What stands beside or in place of the editor's text: a note for other files, a network's graph. */

import { element } from "./dom.js";
import { lazily } from "./lazily.js";
import { bytes } from "./units.js";

/** @typedef {import("./saver.js").Stored} Stored */

export class FileViewer {
  /** @type {import("./net-pane.js").NetPane | null} */
  #netPane = null;
  /** @type {string | null} */
  #path = null;
  #graph = false;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.editor
   * @param {HTMLElement} parts.note In place of the editor.
   * @param {HTMLElement} parts.net In place of the editor, for a graph.
   * @param {HTMLButtonElement} parts.toggle Changes between text and graph.
   * @param {(path: string) => string} parts.addressOf
   * @param {(path: string) => string | null} parts.textOf
   * @param {(sentence: string) => void} parts.say
   */
  constructor(parts) {
    this.parts = parts;
    parts.toggle.addEventListener("click", () => {
      this.#graph = !this.#graph;
      this.#draw();
    });
  }

  /**
   * @param {string | null} path Null when no file is open.
   * @param {Stored | undefined} file
   * @param {boolean} editable
   */
  show(path, file, editable) {
    if (path !== this.#path) this.#graph = false;
    this.#path = path;
    const { note, toggle } = this.parts;
    note.replaceChildren(...(editable ? [] : this.#note(path, file)));
    note.hidden = editable;
    toggle.hidden = !editable || !path?.endsWith(".net");
    this.#draw();
  }

  #draw() {
    const { editor, note, net, toggle } = this.parts;
    editor.hidden = !note.hidden || this.#graph;
    net.hidden = !this.#graph;
    toggle.setAttribute("aria-pressed", String(this.#graph));
    if (this.#graph) this.#drawNet();
  }

  async #drawNet() {
    const path = this.#path;
    const { net, textOf, say } = this.parts;
    const part = await lazily(() => import("./net-pane.js"), say);
    if (part) this.#netPane ??= new part.NetPane(net);
    if (path && path === this.#path) this.#netPane?.show(textOf(path) ?? "");
  }

  /**
   * @param {string | null} path
   * @param {Stored | undefined} file
   */
  #note(path, file) {
    if (!path || !file) return [element("p", {}, "No file is open. Choose one in the tree.")];
    const link = element("a", { href: this.parts.addressOf(path), download: "" }, "Download it");
    const why =
      "It is not text, or it is larger than 1 MB, so it is not shown here. Programs can read it.";
    return [
      element("p", {}, element("strong", { class: "note-name" }, path), `, ${bytes(file.size)}`),
      element("p", {}, why),
      element("p", {}, link),
    ];
  }
}
