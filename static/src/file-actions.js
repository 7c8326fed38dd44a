/** What can be done with files and folders: each asks, then tells the server, then the page. */

import { askText, confirmFirst } from "./dialog.js";
import { isC } from "./editor-setup.js";
import { lazily } from "./lazily.js";
import { folderOf, joined, movedPath } from "./tree-model.js";
import { files } from "./units.js";
import { pickFiles } from "./upload.js";

/** @typedef {import("./workbench.js").Workbench} Workbench */
/** @typedef {import("./tree-model.js").Branch} Branch */
/** @typedef {import("./menu.js").Choice} Choice */
/** @typedef {import("./project.js").Upload} Upload */
/** @typedef {import("./project.js").Change} Change */

const NAMES = "Letters, digits, spaces and . _ + @ - ; a / puts it into a folder.";

/**
 * @param {Workbench} bench
 * @param {Branch} branch
 * @returns {Choice[]}
 */
export function fileChoices(bench, { path, children }) {
  const folder = children ? path : folderOf(path);
  /** @type {Choice[]} */
  const own = children
    ? []
    : [
        { label: "Download", act: () => download(bench.project.downloadAddress(path)) },
        ...(isC(path) && path.endsWith(".c") && path !== bench.project.recipe.main
          ? [{ label: "Make it the main file", act: () => makeMain(bench, path) }]
          : []),
      ];
  return [
    ...own,
    { label: "New file here…", act: () => newFile(bench, folder) },
    { label: "Upload here…", act: () => uploadTo(bench, folder) },
    { label: "Rename or move…", keys: "F2", act: () => rename(bench, path) },
    { label: "Delete…", keys: "Delete", danger: true, act: () => remove(bench, path, children) },
  ];
}

/**
 * @param {Workbench} bench
 * @param {string} folder
 */
export function newFile(bench, folder = "") {
  askText({
    title: "New file",
    label: "Name",
    action: "Create",
    value: joined(folder, "file.c"),
    help: NAMES,
    act: async (path) => {
      await bench.project.put(path, "", null);
      bench.show(path);
      bench.editor.focus();
    },
  });
}

/**
 * @param {Workbench} bench
 * @param {string} folder
 */
export function newFolder(bench, folder = "") {
  askText({
    title: "New folder",
    label: "Name",
    action: "Create",
    value: joined(folder, "folder"),
    help: `${NAMES} A folder is kept once a file is in it.`,
    act: async (path) => {
      bench.emptyFolders.add(path);
      bench.render();
    },
  });
}

/**
 * @param {Workbench} bench
 * @param {string} folder
 */
export function uploadTo(bench, folder) {
  pickFiles((files) =>
    upload(
      bench,
      files.map((file) => ({ folder, file })),
    ),
  );
}

/**
 * Upload files; ask before any file that exists would change.
 *
 * @param {Workbench} bench
 * @param {Upload[]} uploads
 */
export async function upload(bench, uploads) {
  if (!uploads.length) return;
  try {
    await bench.save();
    const { changes, clashes } = await bench.project.upload(uploads, false);
    if (changes.length) await uploaded(bench, uploads, changes);
    if (!clashes.length) return;
    const dialog = await lazily(() => import("./overwrite-dialog.js"), bench.say);
    dialog?.askToOverwrite(bench, clashes);
  } catch (error) {
    bench.say(/** @type {Error} */ (error).message);
  }
}

/**
 * Show what an upload changed, and offer to undo it.
 *
 * @param {Workbench} bench
 * @param {Upload[]} uploads
 * @param {Change[]} changes
 */
export async function uploaded(bench, uploads, changes) {
  await bench.refresh();
  const [only] = uploads;
  const path = only ? joined(only.folder, only.file.name) : "";
  if (uploads.length === 1 && bench.project.files.has(path)) bench.show(path);
  offerUndo(bench, summary(changes), changes);
}

/**
 * @param {Workbench} bench
 * @param {string} sentence
 * @param {Change[]} changes
 */
export function offerUndo(bench, sentence, changes) {
  const ids = changes.map(({ id }) => id).filter((id) => id !== null);
  if (!ids.length) {
    bench.say(sentence);
    return;
  }
  bench.offer(sentence, "Undo", async () => {
    try {
      await bench.save();
      await bench.project.undo(ids);
      await bench.refresh();
      bench.say("Undone.");
    } catch (error) {
      bench.say(/** @type {Error} */ (error).message);
    }
  });
}

/**
 * @param {Change[]} changes
 */
function summary(changes) {
  const added = changes.flatMap((change) => change.added).length;
  const overwritten = changes.flatMap((change) => change.overwritten).length;
  const parts = [
    ...(added ? [`${files(added)} added`] : []),
    ...(overwritten ? [`${files(overwritten)} overwritten`] : []),
  ];
  if (!parts.length) return "Nothing to upload: the project has the same files.";
  const lost = changes.some(({ id }) => id === null);
  return `${parts.join(", ")}.${lost ? " The trash is full, so this cannot be undone." : ""}`;
}

/**
 * @param {Workbench} bench
 * @param {string} path
 */
function rename(bench, path) {
  askText({
    title: "Rename or move",
    label: "New name",
    action: "Rename",
    value: path,
    help: NAMES,
    act: async (to) => {
      if (to === path) return;
      if (bench.emptyFolders.has(path)) {
        bench.renamed(path, to);
        bench.render();
        return;
      }
      await bench.save();
      await bench.project.move(path, to);
      bench.renamed(path, to);
    },
  });
}

/**
 * @param {Workbench} bench
 * @param {string} path
 * @param {Branch[] | null} children
 */
function remove(bench, path, children) {
  const what = children ? `the folder “${path}” and everything in it` : `“${path}”`;
  confirmFirst({
    title: "Delete?",
    text: `This moves ${what} to the trash. The records of earlier runs stay.`,
    action: "Delete",
    act: async () => {
      await bench.save();
      await bench.project.remove(path);
      bench.emptyFolders.delete(path);
      for (const open of [...bench.open.paths]) {
        if (movedPath(open, path, "") !== null) bench.discard(open);
      }
      await bench.refresh();
      bench.say(`Moved to the trash: ${path}`);
    },
  });
}

/**
 * @param {Workbench} bench
 * @param {string} path
 */
async function makeMain(bench, path) {
  try {
    await bench.project.change({ main: path });
    bench.render();
  } catch (error) {
    bench.say(/** @type {Error} */ (error).message);
  }
}

/** @param {string} address The server says that it is an attachment, so the page stays. */
export function download(address) {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
