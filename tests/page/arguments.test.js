import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedArguments, writtenArguments } from "../../static/src/arguments.js";

test("arguments are separated by any white space", () => {
  assert.deepEqual(parsedArguments("  500 \t xor.data\n"), ["500", "xor.data"]);
  assert.deepEqual(parsedArguments("   "), []);
});

test("quotes hold words together, and may stand within a word", () => {
  assert.deepEqual(parsedArguments(`'two words' "and more" a' 'b`), [
    "two words",
    "and more",
    "a b",
  ]);
});

test("an empty argument is written as two quotes", () => {
  assert.deepEqual(parsedArguments(`"" ''`), ["", ""]);
});

test("a backslash takes the next sign as it is; in single quotes it is itself", () => {
  assert.deepEqual(parsedArguments(String.raw`a\ b \" "\"\\" '\' "\n"`), [
    "a b",
    '"',
    '"\\',
    "\\",
    "\\n",
  ]);
});

test("nothing is expanded, since there is no shell", () => {
  assert.deepEqual(parsedArguments("* $HOME `ls` ; |"), ["*", "$HOME", "`ls`", ";", "|"]);
});

test("an open quote and a last backslash are errors with a sentence", () => {
  assert.throws(() => parsedArguments("'open"), /A ' is not closed/);
  assert.throws(() => parsedArguments("end\\"), /A \\ ends the line/);
});

test("what is written reads back as the same arguments", () => {
  for (const args of [[], ["a"], ["", "a b", '"', "\\", "'", "ü\n", "a\\"], ["--x=1"]]) {
    assert.deepEqual(parsedArguments(writtenArguments(args)), args);
  }
});
