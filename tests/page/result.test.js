import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { badge, facts } from "../../static/src/result.js";
import { bytes, duration } from "../../static/src/units.js";

const LIMITS = { output_bytes: 65536, memory_bytes: 134217728 };
const OUTCOME = {
  compile_ms: 41.26,
  run_ms: 2345,
  cpu_ms: 3,
  total_ms: 2400,
  peak_memory_bytes: 3_355_443,
  output_bytes: 65536,
  truncated: true,
  exit_code: 0,
  signal: null,
  blocked_syscall: null,
  code_hash: "0123456789abcdef",
};

test("the facts are said with their units, limits and the short hash", () => {
  assert.deepEqual(Object.fromEntries(facts(OUTCOME, LIMITS)), {
    Compile: "41.3 ms",
    Run: "2.35 s",
    CPU: "3 ms",
    Total: "2.40 s",
    "Peak memory": "3.2 MB of 128 MB",
    Output: "64 KB of 64 KB, cut",
    "Ended by": "exit code 0",
    Code: "0123456789ab",
  });
});

test("a program that did not run has no facts of a run", () => {
  const refused = { ...OUTCOME, run_ms: 0, exit_code: null };
  assert.deepEqual(
    facts(refused, LIMITS).map(([name]) => name),
    ["Compile", "Total", "Code"],
  );
});

test("what ended a program is the most exact thing known", () => {
  const ending = (fields) =>
    Object.fromEntries(facts({ ...OUTCOME, exit_code: null, ...fields }, LIMITS))["Ended by"];
  assert.equal(ending({ signal: "SIGSEGV" }), "signal SIGSEGV");
  assert.equal(ending({ signal: "SIGKILL", blocked_syscall: "socket" }), "system call socket");
  const crash = { signal: "SIGSEGV", function: "f", file: "main.c", line: 3 };
  assert.equal(ending({ signal: "SIGSEGV", crash }), "SIGSEGV, main.c:3");
  assert.equal(ending({}), undefined);
});

test("every status the server knows has its own words", () => {
  const source = readFileSync(new URL("../../executor/outcome.py", import.meta.url), "utf8");
  const block = source.match(/class Status[\s\S]*?\n\n\n/)[0];
  const statuses = [...block.matchAll(/ = "(\w+)"/g)].map(([, status]) => status);
  assert.equal(statuses.length, 12);
  for (const status of statuses) assert.notEqual(badge(status).label, status.replaceAll("_", " "));
});

test("sizes and times keep their scale", () => {
  assert.deepEqual([0, 1, 1023, 1536, 1048576].map(bytes), [
    "0 bytes",
    "1 byte",
    "1023 bytes",
    "1.5 KB",
    "1 MB",
  ]);
  assert.deepEqual([0, 0.04, 999, 1000].map(duration), ["0 ms", "0 ms", "999 ms", "1.00 s"]);
});
