/** What can be done with the page as a whole: its keys, its menu, its dialogs. */

import { copied } from "./clipboard.js";
import { download, newFile, newFolder, offerUndo, uploadTo } from "./file-actions.js";
import { alt, altShift, ctrl, listen, questionMark, showKeys } from "./keyboard.js";
import { lazily } from "./lazily.js";
import { openMenu } from "./menu.js";
import { button } from "./parts.js";

/** What Ctrl + D types, for keyboards that have no Ctrl. */
const END_OF_INPUT = "\x04";

/**
 * @typedef {object} Page
 * @property {import("./workbench.js").Workbench} bench
 * @property {import("./layout.js").Layout} layout
 * @property {import("./preferences.js").Preferences} preferences
 * @property {import("./run-session.js").RunSession} session
 * @property {() => void} run
 * @property {() => void} save
 * @property {() => void} format
 * @property {(pane: import("./layout.js").Pane) => void} focus
 * @property {(name: string) => void} onRename The project has a new name.
 */

/** @param {Page} page */
export function listenToPage(page) {
  const { bench, session } = page;
  const keys = pageKeys(page);
  listen(keys);
  const on = (/** @type {string} */ id, /** @type {() => void} */ act) =>
    button(id).addEventListener("click", act);
  on("run", page.run);
  on("stop", () => session.stop());
  on("project", () => showProjects(page));
  on("examples", () => showExamples(bench));
  on("history", () => showHistory(page));
  on("share", () => showShares(page));
  on("more", () => openMenu(button("more"), "More", pageMenu(page, keys)));
  on("new-file", () => newFile(bench));
  on("new-folder", () => newFolder(bench));
  on("upload", () => uploadTo(bench, ""));
  on("end-input", () => {
    session.type(END_OF_INPUT);
    session.terminal?.focus();
  });
  on("clear-output", () => session.terminal?.clear());
  on("copy-output", async () => bench.say(await copied(session.terminal?.text ?? "")));
}

/** @param {string} id */
function leaveFor(id) {
  location.assign(id ? `/?project=${id}` : "/");
}

/**
 * @param {Page} page
 * @returns {import("./keyboard.js").Key[]}
 */
function pageKeys(page) {
  const { bench, layout, preferences, session } = page;
  /** @type {import("./keyboard.js").Key[]} */
  const keys = [
    { shown: "Ctrl + Enter", does: "Save and run", is: ctrl("Enter"), act: page.run },
    { shown: "Alt + .", does: "Stop", is: alt("Period"), act: () => session.stop() },
    { shown: "Ctrl + S", does: "Save now", is: ctrl("s"), act: page.save },
    { shown: "Alt + Shift + F", does: "Format the file", is: altShift("KeyF"), act: page.format },
    { shown: "Alt + N", does: "New file", is: alt("KeyN"), act: () => newFile(bench) },
    { shown: "Alt + W", does: "Close the file", is: alt("KeyW"), act: () => closeShown(bench) },
    { shown: "Alt + Page Down", does: "Next file", is: alt("PageDown"), act: () => bench.step(1) },
    { shown: "Alt + Page Up", does: "Previous file", is: alt("PageUp"), act: () => bench.step(-1) },
    { shown: "Alt + 1", does: "Focus files", is: alt("Digit1"), act: () => page.focus("files") },
    { shown: "Alt + 2", does: "Focus editor", is: alt("Digit2"), act: () => page.focus("code") },
    { shown: "Alt + 3", does: "Focus output", is: alt("Digit3"), act: () => page.focus("output") },
    {
      shown: "Alt + B",
      does: "Show or hide the files",
      is: alt("KeyB"),
      act: () => layout.toggleTree(),
    },
    {
      shown: "Alt + Z",
      does: "Only the code (zen)",
      is: alt("KeyZ"),
      act: () => layout.toggleZen(),
    },
    { shown: "Alt + =", does: "Larger font", is: alt("Equal"), act: () => preferences.resize(1) },
    { shown: "Alt + -", does: "Smaller font", is: alt("Minus"), act: () => preferences.resize(-1) },
    {
      shown: "?",
      does: "This list, outside the editor",
      is: questionMark,
      act: () => showKeys(keys),
    },
  ];
  return keys;
}

/**
 * @param {Page} page
 * @param {import("./keyboard.js").Key[]} keys
 * @returns {import("./menu.js").Choice[]}
 */
function pageMenu(page, keys) {
  const { bench, layout } = page;
  // Where the toolbar has no room for them: on a phone, on a small tablet, in zen.
  const small = !button("examples").checkVisibility();
  const dialogs = [
    { label: "Examples…", act: () => showExamples(bench) },
    { label: "History…", act: () => showHistory(page) },
    { label: "Share…", act: () => showShares(page) },
  ];
  return [
    ...(small ? dialogs : []),
    { label: "New file…", keys: "Alt + N", act: () => newFile(bench) },
    { label: "New folder…", act: () => newFolder(bench) },
    { label: "Upload…", act: () => uploadTo(bench, "") },
    { label: "Format the file", keys: "Alt + Shift + F", act: page.format },
    { label: "Trash…", act: () => showTrash(bench) },
    {
      label: "Download as zip",
      act: () => {
        page.save();
        download(`/api/${bench.project.address}download/`);
      },
    },
    ...(layout.isPhone
      ? []
      : [{ label: "Only the code", keys: "Alt + Z", act: () => layout.toggleZen() }]),
    {
      label: "View…",
      act: () => showView(page),
    },
    ...(small ? [{ label: "Statistics", act: () => location.assign("/statistics/") }] : []),
    { label: "Keys", keys: "?", act: () => showKeys(keys) },
  ];
}

/** @param {import("./workbench.js").Workbench} bench */
async function showExamples({ project: { api }, say }) {
  const dialog = await lazily(() => import("./examples-dialog.js"), say);
  dialog?.openExamples({ api, onOpen: leaveFor });
}

/** @param {Page} page */
async function showView({ bench, preferences }) {
  const dialog = await lazily(() => import("./view-dialog.js"), bench.say);
  dialog?.openView(preferences);
}

/** @param {Page} page */
async function showProjects({ bench, onRename }) {
  const { api, id } = bench.project;
  await bench.save();
  const dialog = await lazily(() => import("./projects-dialog.js"), bench.say);
  dialog?.openProjects({
    api,
    openId: id,
    onOpen: leaveFor,
    onRename,
    onExamples: () => showExamples(bench),
    onTrash: () => showTrash(bench),
  });
}

/** @param {import("./workbench.js").Workbench} bench */
async function showTrash(bench) {
  const { api, id } = bench.project;
  await bench.save();
  const dialog = await lazily(() => import("./trash-dialog.js"), bench.say);
  dialog?.openTrash({ api, openId: id, onRestored: () => bench.refresh() });
}

/** @param {Page} page */
async function showShares({ bench }) {
  const { api, address } = bench.project;
  // What is shared is what is saved.
  await bench.save();
  const dialog = await lazily(() => import("./share-dialog.js"), bench.say);
  dialog?.openShares({ api, address });
}

/** @param {Page} page */
async function showHistory({ bench }) {
  const { project, editor } = bench;
  await bench.save();
  const dialog = await lazily(() => import("./history-dialog.js"), bench.say);
  dialog?.openHistory({
    api: project.api,
    projectId: project.id,
    textOf: (path) => editor.text(path) ?? project.files.get(path)?.text ?? null,
    onRestore: async (executionId) => {
      const address = `executions/${executionId}/restore/`;
      const { change } = await project.api.json("POST", address, { project: project.id });
      await bench.refresh();
      bench.show(project.recipe.main);
      offerUndo(bench, "Restored.", [change]);
    },
  });
}

/** @param {import("./workbench.js").Workbench} bench */
function closeShown(bench) {
  if (bench.open.shown) bench.close(bench.open.shown);
}
