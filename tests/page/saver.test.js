import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../static/src/api.js";
import { Saver } from "../../static/src/saver.js";
import { Clock } from "./clock.js";

/** A server with one file and answers as the real one's, and an editor in front of it. */
class House {
  texts = new Map([["main.c", "old"]]);
  kept = new Map();
  sent = [];
  current = { sha256: "1", text: "old" };
  failing = null;

  constructor() {
    this.saver = new Saver({
      read: (path) => this.texts.get(path) ?? null,
      put: (path, text, base) => this.#put(path, text, base),
      shelf: {
        keep: (path, draft) => this.kept.set(path, draft),
        drop: (path) => this.kept.delete(path),
      },
      onChange: () => {},
    });
    this.saver.know("main.c", "1");
  }

  type(text) {
    this.texts.set("main.c", text);
    this.saver.changed("main.c");
  }

  async #put(path, text, base) {
    this.sent.push({ path, text, base });
    if (this.failing) throw this.failing;
    if (this.current && this.current.text !== text && this.current.sha256 !== base)
      throw new ApiError("changed-elsewhere", "No.", 412, { current: this.current });
    this.current = { path, size: text.length, sha256: `${Number(base) + 1}`, text };
    return this.current;
  }
}

test("what is typed is kept at once and sent after a pause, on top of what was there", async () => {
  const clock = new Clock();
  const house = new House();
  house.type("new");
  clock.tick(400);
  assert.deepEqual(house.kept.get("main.c"), { base: "1", text: "new" });
  assert.deepEqual(house.sent, []);
  clock.tick(1000);
  clock.restore();
  await house.saver.flush();
  assert.deepEqual(house.sent, [{ path: "main.c", text: "new", base: "1" }]);
  assert.equal(house.saver.state, "saved");
  assert.equal(house.kept.size, 0);
});

test("what is typed while the last text is on its way is sent after it", async () => {
  const house = new House();
  house.type("one");
  const sent = house.saver.flush();
  house.type("two");
  assert.equal(await sent, true);
  assert.deepEqual(
    house.sent.map(({ text, base }) => [text, base]),
    [
      ["one", "1"],
      ["two", "2"],
    ],
  );
});

test("a file changed elsewhere is not overwritten, and both texts stay", async () => {
  const house = new House();
  house.current = { sha256: "9", text: "theirs" };
  house.type("mine");
  assert.equal(await house.saver.flush(), false);
  assert.equal(house.saver.state, "conflict");
  assert.equal(house.saver.conflicts.get("main.c").text, "theirs");
  assert.equal(house.current.text, "theirs");
  assert.equal(house.kept.get("main.c").text, "mine");
  // And nothing more is sent until its person has chosen.
  house.type("mine, longer");
  await house.saver.flush();
  assert.equal(house.sent.length, 1);
});

test("keeping mine overwrites the text that was seen, not a later one", async () => {
  const house = new House();
  house.current = { sha256: "9", text: "theirs" };
  house.type("mine");
  await house.saver.flush();
  house.current = { sha256: "10", text: "theirs, later" };
  house.saver.keepMine("main.c");
  await house.saver.flush();
  assert.equal(house.saver.state, "conflict");
  house.saver.keepMine("main.c");
  assert.equal(await house.saver.flush(), true);
  assert.equal(house.current.text, "mine");
});

test("a server that is away is asked again, and the browser has the text", async () => {
  const clock = new Clock();
  const house = new House();
  house.failing = new ApiError("offline", "Away.");
  house.type("mine");
  await house.saver.flush();
  assert.equal(house.saver.state, "offline");
  assert.equal(house.kept.get("main.c").text, "mine");
  house.failing = null;
  clock.tick(600);
  clock.restore();
  await house.saver.flush();
  assert.equal(house.saver.state, "saved");
  assert.equal(house.current.text, "mine");
});

test("a text that the server refuses is kept, its reason said, and sent again once changed", async () => {
  const house = new House();
  house.failing = new ApiError("code-size", "Too long. Shorten it.", 413);
  house.type("long");
  assert.equal(await house.saver.flush(), false);
  assert.equal(house.saver.problem, "Too long. Shorten it.");
  assert.equal(house.kept.get("main.c").text, "long");
  house.failing = null;
  house.type("short");
  assert.equal(await house.saver.flush(), true);
});

test("whoever is logged out keeps the text, and saves it after logging in", async () => {
  const house = new House();
  house.failing = new ApiError("not-logged-in", "Log in.", 403);
  house.type("mine");
  await house.saver.flush();
  assert.equal(house.saver.state, "signed-out");
  house.failing = null;
  assert.equal(await house.saver.flush(), true);
});

test("a renamed file is saved under its new name", async () => {
  const house = new House();
  house.type("mine");
  house.texts.set("new.c", "mine");
  house.saver.rename("main.c", "new.c");
  assert.deepEqual([...house.kept.keys()], ["new.c"]);
  await house.saver.flush();
  assert.equal(house.sent.at(-1).path, "new.c");
});

/** A saver whose server answers when the test says so. */
function slow() {
  const sent = [];
  const answers = [];
  let text = "one";
  const saver = new Saver({
    read: () => text,
    put: (path, content) =>
      new Promise((done) => {
        sent.push([path, content]);
        answers.push(() => done({ path, size: 1, sha256: content }));
      }),
    shelf: { keep() {}, drop() {} },
    onChange() {},
  });
  saver.know("main.c", "old");
  const type = (words) => {
    text = words;
    saver.changed("main.c");
  };
  return { saver, sent, answers, type };
}

test("saving now waits for what is on its way, and for what was typed since", async () => {
  const { saver, sent, answers, type } = slow();
  type("one");
  const first = saver.flush();
  type("two");
  const second = saver.flush();
  answers.shift()();
  await new Promise((done) => setImmediate(done));
  answers.shift()();
  assert.deepEqual(await Promise.all([first, second]), [true, true]);
  assert.deepEqual(sent, [
    ["main.c", "one"],
    ["main.c", "two"],
  ]);
});

test("a file that gets another name while it is on its way is saved when it is there", async () => {
  const { saver, answers, type } = slow();
  type("one");
  const flushed = saver.flush();
  saver.rename("main.c", "other.c");
  answers.shift()();
  await flushed;
  assert.deepEqual([saver.state, saver.base("other.c")], ["saved", "one"]);
});
