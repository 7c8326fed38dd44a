import assert from "node:assert/strict";
import { test } from "node:test";
import { fatalWarnings, place, problemsOf, span } from "../../static/src/problems.js";

const violation = (fields) => ({
  category: "blocked_pattern",
  rule: "system-call",
  severity: "high",
  message: "No.",
  file: "main.c",
  line: 5,
  column: 5,
  end_column: 11,
  suggestion: null,
  ...fields,
});
const marked = (text, problem) => {
  const { from, to } = span(text, { column: null, endColumn: null, ...problem });
  return text.slice(from, to);
};

test("violations come before the compiler's messages, each with its place", () => {
  const diagnostics = [
    { severity: "fatal error", message: "m", file: "main.c", line: 1, column: 10 },
    { severity: "note", message: "n", file: null, line: null, column: null },
  ];
  const problems = problemsOf({ violations: [violation({})], diagnostics });
  assert.deepEqual(problems.map(place), ["main.c:5:5", "main.c:1:10", ""]);
  assert.deepEqual(
    problems.map(({ severity }) => severity),
    ["error", "error", "info"],
  );
});

test("a limit that the result already tells is not listed again", () => {
  const passed = violation({ category: "resource_limit", line: null, column: null });
  assert.deepEqual(problemsOf({ violations: [passed], diagnostics: [] }), []);
});

test("a violation marks exactly its columns", () => {
  assert.equal(marked('    system("x");', { column: 5, endColumn: 11 }), "system");
});

test("columns count characters, also behind one that the editor counts twice", () => {
  assert.equal(marked('puts("😀"); fork();', { column: 12, endColumn: 16 }), "fork");
});

test("a diagnostic without an end marks the word it points at", () => {
  assert.equal(marked("  int value = 1;", { column: 7 }), "value");
  assert.equal(marked("  a + ;", { column: 7 }), ";");
});

test("a problem of a whole line marks its text, not its indent", () => {
  assert.equal(marked("    fork();", {}), "fork();");
});

test("a place beyond the line stays inside it", () => {
  assert.equal(marked("short", { column: 99 }), "");
  assert.equal(marked("short", { column: 2, endColumn: 99 }), "hort");
});

test("warnings that count as errors are told from errors", () => {
  const place = { file: "main.c", line: 1, column: 1 };
  const warning = { severity: "error", message: "unused “x” [-Werror=unused-variable]", ...place };
  const error = { severity: "error", message: "expected “;”", ...place };
  const outcome = (...diagnostics) => ({ status: "compile_error", diagnostics });
  assert.equal(fatalWarnings(outcome(warning, warning)), 2);
  assert.equal(fatalWarnings(outcome(warning, error)), 0);
  assert.equal(fatalWarnings(outcome()), 0);
  assert.equal(fatalWarnings({ ...outcome(warning), status: "success" }), 0);
  const [shown] = problemsOf({ violations: [], diagnostics: [warning], result: null });
  assert.deepEqual([shown.severity, shown.message], ["warning", "unused “x” [-Wunused-variable]"]);
});
