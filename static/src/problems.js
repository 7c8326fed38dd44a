/** Diagnostics and violations as one list of problems, each with its place. Pure: no DOM. */

/**
 * @typedef {object} Problem
 * @property {"error" | "warning" | "info"} severity
 * @property {string} rule The policy's rule, or “gcc”.
 * @property {string} message
 * @property {string | null} suggestion
 * @property {string | null} file
 * @property {number | null} line From 1; null when no place is to blame.
 * @property {number | null} column In characters, from 1.
 * @property {number | null} endColumn Exclusive.
 */

/**
 * @param {Pick<import("./execution.js").Execution, "violations" | "diagnostics" | "result">} found
 * @returns {Problem[]}
 */
export function problemsOf({ violations, diagnostics, result }) {
  return [
    ...violations.filter(hasNews).map(ofViolation),
    ...diagnostics.map(ofDiagnostic),
    ...whereItStopped(result ?? {}),
  ];
}

/**
 * The line on which the program crashed, or did what a sanitizer found.
 *
 * @param {Pick<import("./protocol.js").Outcome, "crash" | "sanitizer"> | {crash?: null, sanitizer?: null}} outcome
 * @returns {Problem[]}
 */
function whereItStopped({ crash, sanitizer }) {
  const place = { suggestion: null, column: null, endColumn: null };
  if (sanitizer) {
    const { kind, message, file, line } = sanitizer;
    return [{ ...place, severity: "error", rule: kind, message, file, line }];
  }
  if (!crash) return [];
  const { signal, file, line } = crash;
  const where = crash.function ? ` in ${crash.function}` : "";
  const message = `The program crashed here${where} (${signal}).`;
  return [{ ...place, severity: "error", rule: signal, message, file, line }];
}

/**
 * A limit that was passed is told by the result; here it would only be said twice.
 *
 * @param {import("./protocol.js").Violation} violation
 */
function hasNews({ category, line }) {
  return category !== "resource_limit" || line !== null;
}

/**
 * @param {import("./protocol.js").Violation} violation
 * @returns {Problem}
 */
function ofViolation({ rule, message, suggestion, file, line, column, end_column }) {
  return {
    severity: "error",
    rule,
    message,
    suggestion,
    file,
    line,
    column,
    endColumn: end_column,
  };
}

/** How gcc marks a warning that counts as an error. */
const FATAL_WARNING = /\[-Werror(?:=([^\]]+))?\]$/;

/**
 * The number of warnings that alone stopped a program; 0 when there are real errors.
 *
 * @param {Pick<import("./protocol.js").Outcome, "status" | "diagnostics">} outcome
 */
export function fatalWarnings({ status, diagnostics }) {
  if (status !== "compile_error") return 0;
  const errors = diagnostics.filter(({ severity }) => severity.includes("error"));
  return errors.every(({ message }) => FATAL_WARNING.test(message)) ? errors.length : 0;
}

/**
 * @param {import("./protocol.js").Diagnostic} diagnostic
 * @returns {Problem}
 */
function ofDiagnostic({ severity, message, file, line, column }) {
  const fatal = FATAL_WARNING.exec(message);
  const error = severity.includes("error") && !fatal;
  return {
    severity: error ? "error" : fatal || severity === "warning" ? "warning" : "info",
    rule: "gcc",
    message: message.replace(FATAL_WARNING, (_, name) => (name ? `[-W${name}]` : "")),
    suggestion: null,
    file,
    line,
    column,
    endColumn: null,
  };
}

/**
 * Where a problem is, as people write it: “main.c:12:5”, or nothing.
 *
 * @param {Problem} problem
 */
export function place({ file, line, column }) {
  return [file, line, column].filter((part) => part !== null).join(":");
}

/**
 * The stretch of a line's text to mark, as UTF-16 offsets into it.
 *
 * The server counts characters, the editor counts UTF-16 units. Without an end
 * the word at the column is marked, or one character where there is no word.
 *
 * @param {string} text The line.
 * @param {Pick<Problem, "column" | "endColumn">} problem
 * @returns {{from: number, to: number}}
 */
export function span(text, { column, endColumn }) {
  if (column === null) return { from: text.length - text.trimStart().length, to: text.length };
  const from = offset(text, column);
  if (endColumn !== null) return { from, to: Math.max(from, offset(text, endColumn)) };
  const word = /^\w+/.exec(text.slice(from));
  return { from, to: Math.min(text.length, from + (word ? word[0].length : 1)) };
}

/**
 * @param {string} text
 * @param {number} column
 */
function offset(text, column) {
  return Array.from(text)
    .slice(0, Math.max(0, column - 1))
    .join("").length;
}
