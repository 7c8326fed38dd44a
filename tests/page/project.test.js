import assert from "node:assert/strict";
import { test } from "node:test";
import { Project } from "../../static/src/project.js";

const RECIPE = { id: "p", name: "P", main: "main.c", options: {}, args: [], stdin: "" };
const file = (path) => ({ path, size: 0, sha256: `of ${path}`, text: "" });

test("an answer that a change from here has overtaken is asked for again", async () => {
  const stored = [file("main.c")];
  const waiting = [];
  const api = {
    get: () =>
      new Promise((done) => {
        // The server answers with what it has now; the answer arrives when the test says so.
        const answer = { ...RECIPE, files: [...stored] };
        waiting.push(() => done(answer));
      }),
    request: async () => {
      stored.push(file("new.c"));
      return file("new.c");
    },
  };
  const project = new Project(/** @type {any} */ (api), { ...RECIPE, files: [...stored] });
  const refreshed = project.refresh();
  await project.put("new.c", "", null);
  waiting.shift()();
  await new Promise((done) => setImmediate(done));
  waiting.shift()();
  await refreshed;
  assert.deepEqual([...project.files.keys()], ["main.c", "new.c"]);
});
