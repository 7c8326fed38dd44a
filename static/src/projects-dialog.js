/** All of a person's projects: open, make, rename, delete, download, upload; and the examples. */

import { askText, confirmFirst, openDialog } from "./dialog.js";
import { element } from "./dom.js";
import { download } from "./file-actions.js";
import { openMenu } from "./menu.js";
import { ago, bytes } from "./units.js";

/** @typedef {{id: string, name: string, main: string, updated: string, files: number, bytes: number}} Listed */

/**
 * @typedef {object} Context
 * @property {import("./api.js").Api} api
 * @property {string} openId The open project's id.
 * @property {(id: string) => void} onOpen Leaves for another project.
 * @property {(name: string) => void} onRename The open project has a new name.
 * @property {() => void} onExamples
 */

/** @param {Context} context */
export async function openProjects(context) {
  const { body, close } = openDialog("Projects", { width: "wide" });
  const list = element("ul", { class: "choice-list", "aria-label": "Projects" });
  const fill = async () => {
    try {
      const { projects } = await context.api.get("projects/");
      list.replaceChildren(...projects.map((/** @type {Listed} */ one) => row(one, context, fill)));
    } catch (error) {
      list.replaceChildren(element("li", { class: "alert" }, /** @type {Error} */ (error).message));
    }
  };
  const make = button("New project…", "primary", () => newProject(context));
  const example = button("From an example…", "", () => {
    close();
    context.onExamples();
  });
  body.append(element("div", { class: "dialog-tools" }, make, example), list);
  await fill();
}

/**
 * @param {Listed} project
 * @param {Context} context
 * @param {() => Promise<void>} again
 */
function row({ id, name, updated, files, bytes: size }, context, again) {
  const open = element(
    "a",
    { class: "choice", href: `/?project=${id}` },
    element("strong", {}, name),
  );
  if (id === context.openId) open.setAttribute("aria-current", "true");
  const count = files === 1 ? "1 file" : `${files} files`;
  open.append(element("span", { class: "quiet" }, `${count}, ${bytes(size)}, ${ago(updated)}`));
  const more = button("⋯", "icon-button", () =>
    openMenu(more, `Actions for ${name}`, [
      { label: "Rename…", act: () => rename(id, name, context, again) },
      { label: "Download as zip", act: () => download(`/api/projects/${id}/download/`) },
      { label: "Delete…", danger: true, act: () => remove(id, name, context, again) },
    ]),
  );
  more.setAttribute("aria-label", `Actions for ${name}`);
  return element("li", {}, open, more);
}

/** @param {Context} context */
function newProject({ api, onOpen }) {
  askText({
    title: "New project",
    label: "Name",
    action: "Create",
    value: "Untitled",
    act: async (name) => onOpen((await api.json("POST", "projects/", { name })).id),
  });
}

/**
 * @param {string} id
 * @param {string} name
 * @param {Context} context
 * @param {() => Promise<void>} again
 */
function rename(id, name, { api, openId, onRename }, again) {
  askText({
    title: "Rename the project",
    label: "Name",
    action: "Rename",
    value: name,
    act: async (to) => {
      const project = await api.json("PATCH", `projects/${id}/`, { name: to });
      if (id === openId) onRename(project.name);
      await again();
    },
  });
}

/**
 * @param {string} id
 * @param {string} name
 * @param {Context} context
 * @param {() => Promise<void>} again
 */
function remove(id, name, { api, openId, onOpen }, again) {
  confirmFirst({
    title: "Delete the project?",
    text: `“${name}”, its files and its share links will be gone. The records of its runs stay.`,
    action: "Delete the project",
    act: async () => {
      await api.request("DELETE", `projects/${id}/`);
      if (id === openId) onOpen("");
      else await again();
    },
  });
}

/**
 * @param {string} text
 * @param {string} kind
 * @param {() => void} act
 */
function button(text, kind, act) {
  const className = kind === "icon-button" ? kind : `button ${kind}`;
  const made = element("button", { type: "button", class: className }, text);
  made.addEventListener("click", act);
  return made;
}
