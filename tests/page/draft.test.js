import assert from "node:assert/strict";
import { test } from "node:test";
import { Draft } from "../../static/src/draft.js";
import { Clock } from "./clock.js";

class Shelf {
  #kept = new Map();
  getItem(key) {
    return this.#kept.get(key) ?? null;
  }
  setItem(key, value) {
    this.#kept.set(key, value);
  }
}

const nobody = () => assert.fail("the browser refused");

test("what was written is there after a reload", () => {
  const shelf = new Shelf();
  const draft = new Draft("7", shelf, nobody);
  draft.changed(() => "int main;");
  draft.flush();
  assert.equal(new Draft("7", shelf, nobody).load(), "int main;");
});

test("the text is saved a moment after the last key", () => {
  const clock = new Clock();
  const shelf = new Shelf();
  new Draft("7", shelf, nobody).changed(() => "a");
  clock.tick(1000);
  clock.restore();
  assert.equal(new Draft("7", shelf, nobody).load(), "a");
});

test("two people at one browser have two texts", () => {
  const shelf = new Shelf();
  const draft = new Draft("7", shelf, nobody);
  draft.changed(() => "mine");
  draft.flush();
  assert.equal(new Draft("8", shelf, nobody).load(), null);
});

test("a browser that keeps nothing is told of, and the page lives on", () => {
  const full = {
    getItem() {
      throw new Error("denied");
    },
    setItem() {
      throw new Error("full");
    },
  };
  let refusals = 0;
  const draft = new Draft("7", full, () => refusals++);
  assert.equal(draft.load(), null);
  draft.changed(() => "a");
  draft.flush();
  assert.equal(refusals, 1);
});
