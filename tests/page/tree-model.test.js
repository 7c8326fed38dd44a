import assert from "node:assert/strict";
import { test } from "node:test";
import { folderOf, joined, movedPath, shown, treeOf } from "../../static/src/tree-model.js";

const rows = (branches, closed = []) =>
  shown(branches, new Set(closed)).map(({ branch, level }) => `${level} ${branch.path}`);

test("folders come first, then files, each by name", () => {
  const tree = treeOf(["z.c", "a.c", "lib/b.c", "lib/deep/c.c", "file10.c", "file9.c"]);
  assert.deepEqual(rows(tree), [
    "1 lib",
    "2 lib/deep",
    "3 lib/deep/c.c",
    "2 lib/b.c",
    "1 a.c",
    "1 file9.c",
    "1 file10.c",
    "1 z.c",
  ]);
});

test("a closed folder hides what is in it", () => {
  assert.deepEqual(rows(treeOf(["a/b.c", "c.c"]), ["a"]), ["1 a", "1 c.c"]);
});

test("a folder without files is shown as well", () => {
  assert.deepEqual(rows(treeOf(["a.c"], ["new/deep"])), ["1 new", "2 new/deep", "1 a.c"]);
});

test("a moved folder moves what is in it, and nothing that is only called alike", () => {
  assert.equal(movedPath("lib/a.c", "lib", "src"), "src/a.c");
  assert.equal(movedPath("lib", "lib", "src"), "src");
  assert.equal(movedPath("library/a.c", "lib", "src"), null);
});

test("a path is taken apart and put together", () => {
  assert.equal(folderOf("a/b/c.c"), "a/b");
  assert.equal(folderOf("c.c"), "");
  assert.equal(joined("", "c.c"), "c.c");
  assert.equal(joined("a", "c.c"), "a/c.c");
});
