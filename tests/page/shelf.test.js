import assert from "node:assert/strict";
import { test } from "node:test";
import { Shelf } from "../../static/src/shelf.js";

class Storage {
  #kept = new Map();
  get length() {
    return this.#kept.size;
  }
  key(at) {
    return [...this.#kept.keys()][at];
  }
  getItem(key) {
    return this.#kept.get(key) ?? null;
  }
  setItem(key, value) {
    this.#kept.set(key, value);
  }
  removeItem(key) {
    this.#kept.delete(key);
  }
}

const nobody = () => assert.fail("the browser refused");
const DRAFT = { base: "1", text: "mine" };

test("what one page left, the next one takes over", () => {
  const storage = new Storage();
  new Shelf("7", "p", storage, nobody, "a").keep("lib/a:b.c", DRAFT);
  const next = new Shelf("7", "p", storage, nobody, "b");
  assert.deepEqual([...next.adopt()], [["lib/a:b.c", DRAFT]]);
  next.drop("lib/a:b.c");
  assert.equal(storage.length, 0);
});

test("a page that drops its text leaves another page's alone", () => {
  const storage = new Storage();
  const [one, other] = ["a", "b"].map((tab) => new Shelf("7", "p", storage, nobody, tab));
  one.keep("main.c", DRAFT);
  other.keep("main.c", { ...DRAFT, text: "other" });
  one.drop("main.c");
  assert.equal(new Shelf("7", "p", storage, nobody, "c").adopt().get("main.c").text, "other");
});

test("other people and other projects have texts of their own", () => {
  const storage = new Storage();
  new Shelf("7", "p", storage, nobody, "a").keep("main.c", DRAFT);
  assert.equal(new Shelf("8", "p", storage, nobody, "b").adopt().size, 0);
  assert.equal(new Shelf("7", "q", storage, nobody, "b").adopt().size, 0);
});

test("a browser that keeps nothing is told of once, and the page lives on", () => {
  let refusals = 0;
  const full = {
    get length() {
      throw new Error("denied");
    },
    setItem() {
      throw new Error("full");
    },
    removeItem() {
      throw new Error("denied");
    },
  };
  const shelf = new Shelf("7", "p", full, () => refusals++, "a");
  shelf.keep("main.c", DRAFT);
  shelf.keep("main.c", DRAFT);
  shelf.drop("main.c");
  assert.equal(shelf.adopt().size, 0);
  assert.equal(refusals, 1);
});
