import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, ApiError, fileAddress } from "../../static/src/api.js";
import { OpenFiles } from "../../static/src/open-files.js";
import { Preferences } from "../../static/src/preferences.js";
import { problemsOf } from "../../static/src/problems.js";
import { ago } from "../../static/src/units.js";

class Storage {
  kept = new Map();
  getItem(key) {
    return this.kept.get(key) ?? null;
  }
  setItem(key, value) {
    this.kept.set(key, value);
  }
}

test("the open files are those of the last visit, as far as they exist", () => {
  const storage = new Storage();
  const before = new OpenFiles("p", storage);
  for (const path of ["a.c", "b.c", "gone.c"]) before.show(path);
  before.show("b.c");
  const now = new OpenFiles("p", storage);
  now.restore((path) => path !== "gone.c", "main.c");
  assert.deepEqual([now.paths, now.shown], [["a.c", "b.c"], "b.c"]);
});

test("a first visit opens the main file", () => {
  const open = new OpenFiles("p", new Storage());
  open.restore(() => true, "main.c");
  assert.deepEqual([open.paths, open.shown], [["main.c"], "main.c"]);
});

test("closing the shown file shows its neighbour", () => {
  const open = new OpenFiles("p", new Storage());
  for (const path of ["a", "b", "c"]) open.show(path);
  open.show("b");
  open.close("b");
  assert.equal(open.shown, "c");
  open.close("c");
  assert.equal(open.shown, "a");
  open.close("a");
  assert.equal(open.shown, null);
});

test("tabs are walked round and round, and a renamed one keeps its place", () => {
  const open = new OpenFiles("p", new Storage());
  for (const path of ["a", "b"]) open.show(path);
  assert.equal(open.beside(1), "a");
  assert.equal(open.beside(-1), "a");
  open.rename("b", "z");
  assert.deepEqual([open.paths, open.shown], [["a", "z"], "z"]);
});

test("choices are kept, and what no page ever stored is not believed", () => {
  const storage = new Storage();
  new Preferences(storage).choose({ vim: true, fontSize: 18 });
  assert.equal(new Preferences(storage).choices.vim, true);
  assert.equal(new Preferences(storage).choices.fontSize, 18);
  storage.setItem("cloister:preferences", '{"fontSize": 900, "split": "x", "vim": "yes"}');
  const { fontSize, split, vim } = new Preferences(storage).choices;
  assert.deepEqual([fontSize, split, vim], [14, 0.54, false]);
  storage.setItem("cloister:preferences", "{");
  assert.equal(new Preferences(storage).choices.fontSize, 14);
});

test("an address keeps folders, escapes the rest, and cannot mean another file", () => {
  assert.equal(fileAddress("p", "a/b c%.c"), "projects/p/files/a/b%20c%25.c");
  for (const path of ["../x.c", "a/./x.c", "a//x.c", "/x.c", ""]) {
    assert.throws(() => fileAddress("p", path), ApiError);
  }
});

test("a refusal carries the server's sentence, and silence is a passing error", async () => {
  const body = { error: { code: "exists", message: "It is there." } };
  const api = new Api("t", async () => new Response(JSON.stringify(body), { status: 409 }));
  await assert.rejects(api.get("x/"), { message: "It is there.", code: "exists", status: 409 });
  const away = new Api("t", async () => Promise.reject(new TypeError("network")));
  await assert.rejects(away.get("x/"), (error) => error.passing && error.code === "offline");
  const proxy = new Api("t", async () => new Response("<html>", { status: 502 }));
  await assert.rejects(proxy.get("x/"), (error) => error.passing);
});

test("every request says that it is the page's", async () => {
  /** @type {any} */
  let seen;
  const api = new Api("token", async (address, options) => {
    seen = { address, ...options };
    return new Response(null, { status: 204 });
  });
  assert.equal(await api.request("DELETE", "projects/p/"), null);
  assert.equal(seen.address, "/api/projects/p/");
  assert.equal(seen.headers["X-CSRFToken"], "token");
});

test("how long ago is said in words", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  assert.equal(ago("2026-11-24T11:59:30Z", now), "just now");
  assert.equal(ago("2026-11-24T11:57:00Z", now), "3 minutes ago");
  assert.equal(ago("2026-11-23T11:00:00Z", now), "yesterday");
  assert.match(ago("2026-10-01T11:00:00Z", now), /2026/);
});

test("the line of a crash is a problem with its place, and a sanitizer's words come instead", () => {
  const crash = { signal: "SIGSEGV", function: "f", file: "main.c", line: 3 };
  const none = { violations: [], diagnostics: [] };
  const [problem] = problemsOf({ ...none, result: { crash, sanitizer: null } });
  assert.deepEqual([problem.file, problem.line, problem.rule], ["main.c", 3, "SIGSEGV"]);
  const sanitizer = { kind: "heap-buffer-overflow", message: "Too far.", file: "a.c", line: 9 };
  const found = problemsOf({ ...none, result: { crash, sanitizer } });
  assert.deepEqual(
    found.map(({ message }) => message),
    ["Too far."],
  );
});
