/** The trash dialog: restores deleted and overwritten files, or empties the trash. */

import { confirmFirst, openDialog } from "./dialog.js";
import { element } from "./dom.js";
import { ago, bytes, files as counted } from "./units.js";

/** @typedef {{id: string, project: {id: string, name: string}, path: string, size: number,
 *   reason: "deleted" | "overwritten", deleted: string}} TrashedFile */
/** @typedef {{id: string, name: string, files: number, bytes: number, deleted: string}} Deleted */

/**
 * @typedef {object} Context
 * @property {import("./api.js").Api} api
 * @property {string} openId The open project's id.
 * @property {() => Promise<void>} onRestored A file of the open project is back.
 */

/** @param {Context} context */
export async function openTrash(context) {
  const { api } = context;
  const { body } = openDialog("Trash", { width: "wide" });
  const status = element("p", { role: "status", class: "trash-status" });
  const list = element("div");
  const empty = button("Empty trash…", "danger", () => emptyFirst(api, () => reporting(fill)));
  body.append(list, element("div", { class: "dialog-tools" }, empty), status);

  /** @param {() => Promise<void>} work */
  const reporting = (work) =>
    work().catch((error) => {
      status.textContent = error.message;
    });
  const fill = async () => {
    const { days, files, projects } = await api.get("trash/");
    const nothing = !files.length && !projects.length;
    empty.hidden = nothing;
    list.replaceChildren(
      element("p", { class: "quiet" }, nothing ? "The trash is empty." : kept(days)),
      ...section("Projects", projects.map(projectRow)),
      ...section("Files", files.map(fileRow)),
    );
  };
  /**
   * @param {"file" | "project"} kind
   * @param {string} id
   * @param {string} name
   */
  const restore = (kind, id, name) =>
    reporting(async () => {
      const project = await api.json("POST", "trash/restore/", { [kind]: id });
      await fill();
      if (project.id === context.openId) await context.onRestored();
      status.textContent = `Restored: ${name}`;
    });
  /** @param {Deleted} project */
  const projectRow = ({ id, name, files, bytes: size, deleted }) =>
    row(name, `${counted(files)}, ${bytes(size)}, deleted ${ago(deleted)}`, () =>
      restore("project", id, name),
    );
  /** @param {TrashedFile} file */
  const fileRow = ({ id, project, path, size, reason, deleted }) => {
    const where = project.id === context.openId ? "" : `${project.name}, `;
    return row(path, `${where}${bytes(size)}, ${reason} ${ago(deleted)}`, () =>
      restore("file", id, path),
    );
  };
  await reporting(fill);
}

/** @param {number} days */
function kept(days) {
  return `Kept for ${days === 1 ? "1 day" : `${days} days`}. When your files need the space, the oldest are deleted earlier.`;
}

/**
 * @param {string} title
 * @param {HTMLElement[]} rows
 */
function section(title, rows) {
  if (!rows.length) return [];
  const list = element("ul", { class: "choice-list trash-list", "aria-label": title }, ...rows);
  return [element("h3", {}, title), list];
}

/**
 * @param {string} name
 * @param {string} facts
 * @param {() => void} onRestore
 */
function row(name, facts, onRestore) {
  const restore = button("Restore", "small", onRestore);
  restore.setAttribute("aria-label", `Restore ${name}`);
  const text = element(
    "div",
    { class: "trash-text" },
    element("strong", {}, name),
    element("span", { class: "quiet" }, facts),
  );
  return element("li", {}, text, restore);
}

/**
 * @param {import("./api.js").Api} api
 * @param {() => void} onEmptied
 */
function emptyFirst(api, onEmptied) {
  confirmFirst({
    title: "Empty the trash?",
    text: "This deletes everything in the trash. You cannot undo it.",
    action: "Empty trash",
    act: async () => {
      await api.request("DELETE", "trash/");
      onEmptied();
    },
  });
}

/**
 * @param {string} text
 * @param {string} kind
 * @param {() => void} act
 */
function button(text, kind, act) {
  const made = element("button", { type: "button", class: `button ${kind}` }, text);
  made.addEventListener("click", act);
  return made;
}
