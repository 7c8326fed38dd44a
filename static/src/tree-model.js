/** Paths as a tree of folders and files. Pure: no DOM. */

/**
 * @typedef {object} Branch
 * @property {string} name The last part of the path.
 * @property {string} path
 * @property {Branch[] | null} children Null for a file.
 */

/**
 * @param {Iterable<string>} paths Of files.
 * @param {Iterable<string>} [emptyFolders] Folders that exist on this page only, until a file is in them.
 * @returns {Branch[]} Folders first, then files, each by name.
 */
export function treeOf(paths, emptyFolders = []) {
  /** @type {Branch[]} */
  const top = [];
  for (const path of paths) {
    const at = path.lastIndexOf("/");
    folderIn(top, path.slice(0, Math.max(0, at))).push({
      name: path.slice(at + 1),
      path,
      children: null,
    });
  }
  for (const folder of emptyFolders) folderIn(top, folder);
  return sorted(top);
}

/**
 * @param {Branch[]} top
 * @param {string} folder
 * @returns {Branch[]} The folder's children; folders on the way are made.
 */
function folderIn(top, folder) {
  let children = top;
  let path = "";
  for (const name of folder.split("/").filter(Boolean)) {
    path = joined(path, name);
    const here = path;
    const found = children.find((branch) => branch.path === here && branch.children);
    const inside = found?.children ?? [];
    if (!found) children.push({ name, path, children: inside });
    children = inside;
  }
  return children;
}

/**
 * @param {Branch[]} branches
 * @returns {Branch[]}
 */
function sorted(branches) {
  for (const { children } of branches) if (children) sorted(children);
  return branches.sort(
    (a, b) =>
      Number(b.children !== null) - Number(a.children !== null) ||
      a.name.localeCompare(b.name, "en", { numeric: true }),
  );
}

/**
 * The branches a person sees, from top to bottom, with their depth from 1.
 *
 * @param {Branch[]} branches
 * @param {Set<string>} closed Paths of folders that are shut.
 * @param {number} [level]
 * @returns {{branch: Branch, level: number}[]}
 */
export function shown(branches, closed, level = 1) {
  return branches.flatMap((branch) => {
    const inside = branch.children && !closed.has(branch.path) ? branch.children : [];
    return [{ branch, level }, ...shown(inside, closed, level + 1)];
  });
}

/**
 * @param {string} folder Empty for the project itself.
 * @param {string} name
 */
export function joined(folder, name) {
  return folder ? `${folder}/${name}` : name;
}

/**
 * The folder a path is in; empty for the project itself.
 *
 * @param {string} path
 */
export function folderOf(path) {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/**
 * Where `path` is after `from` (it, or a folder around it) became `to`; null where it is not moved.
 *
 * @param {string} path
 * @param {string} from
 * @param {string} to
 */
export function movedPath(path, from, to) {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : null;
}
