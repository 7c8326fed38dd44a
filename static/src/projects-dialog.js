/** All of a person's projects: open, make, rename, delete, download, upload; and the examples. */

import { askText, confirmFirst, openDialog } from "./dialog.js";
import { element } from "./dom.js";
import { download } from "./file-actions.js";
import { openMenu } from "./menu.js";
import { ago, bytes, files as counted } from "./units.js";
import { newProjectFrom, pickFiles } from "./upload.js";

/** @typedef {{id: string, name: string, main: string, updated: string, files: number, bytes: number}} Listed */

/**
 * @typedef {object} Context
 * @property {import("./api.js").Api} api
 * @property {string} openId The open project's id.
 * @property {(id: string) => void} onOpen Leaves for another project.
 * @property {(name: string) => void} onRename The open project has a new name.
 * @property {() => void} onExamples
 * @property {() => void} onTrash
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
  const problem = element("p", { class: "alert", role: "alert" });
  problem.hidden = true;
  const archive = button("From a zip archive…", "", () =>
    pickFiles(([file]) => {
      if (file) importFrom(file, context, problem);
    }, ".zip"),
  );
  const trash = button("Trash…", "", () => {
    close();
    context.onTrash();
  });
  const tools = element("div", { class: "dialog-tools" }, make, example, archive, trash);
  body.append(tools, problem, list);
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
  open.append(
    element("span", { class: "quiet" }, `${counted(files)}, ${bytes(size)}, ${ago(updated)}`),
  );
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

/**
 * @param {File} archive
 * @param {Context} context
 * @param {HTMLElement} problem
 */
async function importFrom(archive, { api, onOpen }, problem) {
  try {
    onOpen((await newProjectFrom(api, archive)).id);
  } catch (error) {
    problem.textContent = /** @type {Error} */ (error).message;
    problem.hidden = false;
  }
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
    text: `“${name}” moves to the trash. Its share links stop working. The records of its runs stay.`,
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
