/** Files from the person's computer: picked, or dropped with their folders. */

import { joined } from "./tree-model.js";

/**
 * @param {(files: File[]) => void} onFiles
 * @param {string} [accept] One file of these endings, instead of any number of any.
 */
export function pickFiles(onFiles, accept) {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = accept === undefined;
  input.accept = accept ?? "";
  input.addEventListener("change", () => onFiles([...(input.files ?? [])]));
  input.click();
}

/** @param {File} file */
export function isArchive(file) {
  return file.name.toLowerCase().endsWith(".zip");
}

/**
 * Make a project of an archive, named after it.
 *
 * @param {import("./api.js").Api} api
 * @param {File} archive
 * @returns {Promise<{id: string}>}
 */
export function newProjectFrom(api, archive) {
  const form = new FormData();
  form.append(
    "name",
    archive.name
      .replace(/\.zip$/i, "")
      .trim()
      .slice(0, 100) || "Untitled",
  );
  form.append("files", archive, archive.name);
  return api.request("POST", "projects/upload/", { body: form });
}

/**
 * Takes files that are dropped on `target`.
 *
 * @param {HTMLElement} target Gets the class `dropping` while files are above it.
 * @param {(uploads: {folder: string, file: File}[]) => void} onFiles
 * @param {(place: EventTarget | null) => string} folderAt The folder that a place stands for.
 */
export function takeDrops(target, onFiles, folderAt) {
  const over = (/** @type {DragEvent} */ event) => {
    if (taken(event)) target.classList.add("dropping");
  };
  target.addEventListener("dragover", over, { capture: true });
  target.addEventListener("dragleave", (event) => {
    if (!target.contains(/** @type {Node | null} */ (event.relatedTarget)))
      target.classList.remove("dropping");
  });
  const drop = async (/** @type {DragEvent} */ event) => {
    target.classList.remove("dropping");
    if (!taken(event)) return;
    const folder = folderAt(event.target);
    // The entries must be taken before the first pause: the browser empties the list then.
    const dropped = [...(event.dataTransfer?.items ?? [])].map(
      (item) => item.webkitGetAsEntry() ?? item.getAsFile(),
    );
    onFiles((await Promise.all(dropped.map((one) => filesOf(one, folder)))).flat());
  };
  target.addEventListener("drop", drop, { capture: true });
}

/**
 * Whether files are dragged; then neither the browser opens them nor the editor inserts them.
 *
 * @param {DragEvent} event
 */
function taken(event) {
  if (!event.dataTransfer?.types.includes("Files")) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/**
 * @param {FileSystemEntry | File | null} entry
 * @param {string} folder
 * @returns {Promise<{folder: string, file: File}[]>}
 */
async function filesOf(entry, folder) {
  if (entry === null) return [];
  if (entry instanceof File) return [{ folder, file: entry }];
  if (entry.isFile) {
    const one = /** @type {FileSystemFileEntry} */ (entry);
    const file = await new Promise((done, fail) => one.file(done, fail));
    return [{ folder, file }];
  }
  const inside = joined(folder, entry.name);
  const entries = await entriesOf(/** @type {FileSystemDirectoryEntry} */ (entry));
  return (await Promise.all(entries.map((one) => filesOf(one, inside)))).flat();
}

/**
 * @param {FileSystemDirectoryEntry} directory
 * @returns {Promise<FileSystemEntry[]>}
 */
async function entriesOf(directory) {
  const reader = directory.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    // Chromium gives a hundred at a time, and an empty list at the end.
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return all;
    all.push(...some);
  }
}
