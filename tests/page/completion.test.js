import assert from "node:assert/strict";
import { test } from "node:test";
import { CompletionContext } from "@codemirror/autocomplete";
import { cppLanguage } from "@codemirror/lang-cpp";
import { EditorState } from "@codemirror/state";
import { headers, names } from "../../static/src/completion.js";

const ROWS = [
  ["fann_run", "fann.h", "fann_type *fann_run(struct fann *ann, fann_type *input)", "Runs it."],
  ["sqrt", "math.h", "double sqrt(double x)", "Gives the square root."],
  ["M_PI", "math.h", "3.14159265358979323846", "Half a turn."],
];
globalThis.fetch = async () => ({ ok: true, json: async () => ({ declarations: ROWS }) });

/** A context where “|” stands in the text. */
function at(text, explicit = false) {
  const pos = text.indexOf("|");
  const doc = text.slice(0, pos) + text.slice(pos + 1);
  const state = EditorState.create({ doc, extensions: [cppLanguage] });
  return new CompletionContext(state, pos, explicit);
}

const labels = (result) => result.options.map(({ label }) => label);

test("what the headers declare is offered beside keywords and the file's own words", async () => {
  const result = await names(at("int my_count;\nint main(void) { f|"));
  for (const label of ["fann_run", "sqrt", "M_PI", "return", "size_t", "my_count"])
    assert.ok(labels(result).includes(label), label);
});

test("a name is offered once", async () => {
  const offered = labels(await names(at("double a = sqrt(2); s|")));
  assert.equal(offered.filter((label) => label === "sqrt").length, 1);
});

test("comments and strings are left alone", async () => {
  assert.equal(await names(at("// a word|")), null);
  assert.equal(await names(at("/* a word| */")), null);
  assert.equal(await names(at('char *a = "word|";')), null);
});

test("headers are offered behind #include, with the bracket that is missing", async () => {
  const result = await headers(at("#include <ma|"));
  assert.deepEqual(labels(result), ["fann.h", "math.h"]);
  assert.equal(result.options[1].apply, "math.h>");
  assert.equal((await headers(at("#include <ma|>"))).options[1].apply, "math.h");
  assert.equal((await headers(at('#include "fa|'))).options[0].apply, 'fann.h"');
  assert.equal(await headers(at("ma|")), null);
});

test("a completed call has its parentheses, unless they are there", async () => {
  const option = (await names(at("s|"))).options.find(({ label }) => label === "sqrt");
  const inserted = (text) => {
    let changes;
    const view = { state: EditorState.create({ doc: text }), dispatch: (spec) => (changes = spec) };
    option.apply(view, option, 0, 1);
    return view.state.update(changes).newDoc.toString();
  };
  assert.equal(inserted("s;"), "sqrt();");
  assert.equal(inserted("s(2)"), "sqrt(2)");
});
