/** What can be done with files and folders: each asks, then tells the server, then the page. */

import { askText, confirmFirst } from "./dialog.js";
import { isC } from "./editor-setup.js";
import { folderOf, joined, movedPath } from "./tree-model.js";
import { pickFiles } from "./upload.js";

/** @typedef {import("./workbench.js").Workbench} Workbench */
/** @typedef {import("./tree-model.js").Branch} Branch */
/** @typedef {import("./menu.js").Choice} Choice */

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
 * @param {Workbench} bench
 * @param {{folder: string, file: File}[]} uploads
 */
export async function upload(bench, uploads) {
  if (!uploads.length) return;
  try {
    await bench.save();
    await bench.project.upload(uploads);
    await bench.refresh();
    const [only] = uploads;
    const path = only ? joined(only.folder, only.file.name) : "";
    if (uploads.length === 1 && bench.project.files.has(path)) bench.show(path);
    bench.say(
      uploads.length === 1 ? "The file was uploaded." : `${uploads.length} files were uploaded.`,
    );
  } catch (error) {
    bench.say(/** @type {Error} */ (error).message);
  }
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
    text: `This deletes ${what} from the project. The records of earlier runs stay.`,
    action: "Delete",
    act: async () => {
      await bench.save();
      await bench.project.remove(path);
      bench.emptyFolders.delete(path);
      for (const open of [...bench.open.paths]) {
        if (movedPath(open, path, "") !== null) bench.discard(open);
      }
      await bench.refresh();
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
