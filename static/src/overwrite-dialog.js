/** Asks before an upload changes files that exist, and lists what it would change. */

import { confirmFirst } from "./dialog.js";
import { element } from "./dom.js";
import { uploaded } from "./file-actions.js";
import { bytes, files } from "./units.js";
import { isArchive, newProjectFrom } from "./upload.js";

/** @typedef {import("./project.js").Clash} Clash */

/**
 * @param {import("./workbench.js").Workbench} bench
 * @param {Clash[]} clashes Uploads that the server refused.
 */
export function askToOverwrite(bench, clashes) {
  const uploads = clashes.flatMap((clash) => clash.uploads);
  const changes = clashes.flatMap((clash) => clash.changes);
  const added = clashes.flatMap((clash) => clash.added);
  const archive = uploads.length === 1 ? uploads[0]?.file : undefined;
  confirmFirst({
    title: `Overwrite ${files(changes.length)}?`,
    text: "The project has these files with other content. The current versions move to the trash.",
    details: listOf(changes, added),
    action: "Overwrite",
    act: async () => {
      const done = await bench.project.upload(uploads, true);
      await uploaded(bench, uploads, done.changes);
    },
    ...(archive && isArchive(archive)
      ? {
          instead: {
            label: "New project",
            act: async () => {
              const { id } = await newProjectFrom(bench.project.api, archive);
              location.assign(`/?project=${id}`);
            },
          },
        }
      : {}),
  });
}

/**
 * @param {import("./project.js").Overwritten[]} changes
 * @param {string[]} added
 */
function listOf(changes, added) {
  const rows = changes.map(({ path, size, new_size }) =>
    row(path, `${bytes(size)} → ${bytes(new_size)}`),
  );
  const news = added.map((path) => row(path, "new"));
  return element(
    "ul",
    { class: "change-list", "aria-label": "Changes", tabindex: "0" },
    ...rows,
    ...news,
  );
}

/**
 * @param {string} path
 * @param {string} what
 */
function row(path, what) {
  return element("li", {}, element("span", {}, path), element("span", { class: "quiet" }, what));
}
