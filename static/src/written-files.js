/** The files that a program wrote: look at them, download them, keep them in the project. */

import { openDialog } from "./dialog.js";
import { element } from "./dom.js";
import { bytes } from "./units.js";

/** @typedef {import("./protocol.js").File} Written */

const SHOWN_CHARACTERS = 200_000;

export class WrittenFiles {
  /** @type {Written[]} */
  #files = [];

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.list
   * @param {HTMLElement} parts.empty
   * @param {HTMLElement} parts.count On the tab.
   * @param {HTMLButtonElement} parts.keepAll
   * @param {(path: string, content: Uint8Array<ArrayBuffer>) => Promise<void>} parts.keep
   * @param {(sentence: string) => void} parts.say
   */
  constructor(parts) {
    this.parts = parts;
    parts.keepAll.addEventListener("click", () => this.#keep(this.#files.filter(here)));
  }

  clear() {
    this.#files = [];
    this.parts.list.replaceChildren();
    this.#tidy();
  }

  /** In the order of their names. @param {Written} file */
  add(file) {
    const before = this.#files.findIndex(({ name }) => name > file.name);
    const at = before < 0 ? this.#files.length : before;
    this.#files.splice(at, 0, file);
    this.parts.list.insertBefore(this.#item(file), this.parts.list.children[at] ?? null);
    this.#tidy();
  }

  #tidy() {
    const { length } = this.#files;
    this.parts.count.textContent = length ? String(length) : "";
    this.parts.empty.hidden = length > 0;
    this.parts.list.hidden = length === 0;
    this.parts.keepAll.hidden = this.#files.filter(here).length < 2;
  }

  /** @param {Written} file */
  #item(file) {
    const item = element(
      "li",
      { class: "written" },
      element("span", { class: "written-name" }, file.name),
      element("span", { class: "quiet" }, bytes(file.size)),
    );
    if (!here(file)) {
      item.append(element("span", { class: "quiet" }, "not here: too large, or already gone"));
      return item;
    }
    item.append(
      element(
        "span",
        { class: "written-actions" },
        button("View", file.name, () => view(file)),
        button("Download", file.name, () => save(file)),
        button("Keep in project", file.name, () => this.#keep([file])),
      ),
    );
    return item;
  }

  /** @param {Written[]} files */
  async #keep(files) {
    try {
      for (const file of files) await this.parts.keep(file.name, contentOf(file));
      const what = files.length === 1 ? `“${files[0]?.name}” is` : `${files.length} files are`;
      this.parts.say(`${what} in the project now; the next run can read it.`);
    } catch (error) {
      this.parts.say(/** @type {Error} */ (error).message);
    }
  }
}

/** @param {Written} file */
function here(file) {
  return typeof file.content_base64 === "string";
}

/**
 * @param {Written} file
 * @returns {Uint8Array<ArrayBuffer>}
 */
function contentOf({ content_base64 }) {
  return Uint8Array.from(atob(content_base64 ?? ""), (sign) => sign.charCodeAt(0));
}

/** @param {Written} file */
function view(file) {
  const { body } = openDialog(file.name, { width: "wide" });
  const text = textOf(contentOf(file));
  if (text === null) {
    body.append(element("p", {}, "This is not text. Download it to look at it."));
    return;
  }
  const shown = element(
    "pre",
    { class: "file-text", tabindex: "0" },
    text.slice(0, SHOWN_CHARACTERS),
  );
  shown.setAttribute("aria-label", file.name);
  body.append(shown);
  if (text.length > SHOWN_CHARACTERS)
    body.append(
      element(
        "p",
        { class: "quiet" },
        "This is only the beginning. Download the file to see all of it.",
      ),
    );
}

/** @param {Uint8Array} content */
function textOf(content) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** @param {Written} file */
function save(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([contentOf(file)]));
  link.download = file.name.slice(file.name.lastIndexOf("/") + 1);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * @param {string} label
 * @param {string} name
 * @param {() => void} act
 */
function button(label, name, act) {
  const made = element("button", { type: "button", class: "button small" }, label);
  made.setAttribute("aria-label", `${label}: ${name}`);
  made.addEventListener("click", act);
  return made;
}
