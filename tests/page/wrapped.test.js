import assert from "node:assert/strict";
import { test } from "node:test";
import { wrapped } from "../../static/src/wrapped.js";

test("a sentence is broken between its words, at the last one that fits", () => {
  assert.equal(wrapped("one two three", 7), "one two\r\nthree");
  assert.equal(wrapped("one two three", 8), "one two\r\nthree");
  assert.equal(wrapped("one two three", 13), "one two three");
});

test("a word that is wider than the terminal keeps a line of its own", () => {
  assert.equal(wrapped("a very_long_name ends", 6), "a\r\nvery_long_name\r\nends");
});

test("nothing stays nothing", () => {
  assert.equal(wrapped("", 80), "");
});
