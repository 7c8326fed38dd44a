/** The result panel: how it ended, in words and numbers. */

import { bytes, duration } from "./units.js";

/** @type {Record<string, [label: string, tone: "good" | "bad" | "limit" | "plain"]>} */
const STATUSES = {
  success: ["Success", "good"],
  runtime_error: ["Runtime error", "bad"],
  compile_error: ["Compile error", "bad"],
  blocked: ["Blocked", "bad"],
  blocked_syscall: ["Blocked system call", "bad"],
  compile_timeout: ["Compile time limit", "limit"],
  timeout: ["Time limit", "limit"],
  idle_timeout: ["Idle limit", "limit"],
  memory_limit: ["Memory limit", "limit"],
  output_limit: ["Output limit", "limit"],
  stopped: ["Stopped", "plain"],
  sandbox_error: ["Sandbox error", "bad"],
};

const HASH_CHARACTERS = 12;

/**
 * A status as a person reads it, and the tone it is shown in.
 *
 * @param {string} status
 */
export function badge(status) {
  const [label, tone] = STATUSES[status] ?? [status.replaceAll("_", " "), "plain"];
  return { label, tone };
}

/**
 * The facts of an outcome as pairs of name and value, in the order shown.
 *
 * @param {import("./protocol.js").Outcome} outcome
 * @param {import("./protocol.js").Limits} limits
 * @returns {[name: string, value: string][]}
 */
export function facts(outcome, limits) {
  return [
    ["Compile", duration(outcome.compile_ms)],
    ...(outcome.run_ms > 0 ? factsOfRun(outcome, limits) : []),
    ["Total", duration(outcome.total_ms)],
    ...factsOfEnd(outcome),
    ["Code", outcome.code_hash.slice(0, HASH_CHARACTERS)],
  ];
}

/**
 * @param {import("./protocol.js").Outcome} outcome
 * @param {import("./protocol.js").Limits} limits
 * @returns {[name: string, value: string][]}
 */
function factsOfRun(outcome, limits) {
  const output = `${bytes(outcome.output_bytes)} of ${bytes(limits.output_bytes)}`;
  return [
    ["Run", duration(outcome.run_ms)],
    ["CPU", duration(outcome.cpu_ms)],
    ["Peak memory", `${bytes(outcome.peak_memory_bytes)} of ${bytes(limits.memory_bytes)}`],
    ["Output", outcome.truncated ? `${output}, cut` : output],
  ];
}

/**
 * @param {import("./protocol.js").Outcome} outcome
 * @returns {[name: string, value: string][]} Empty for a program that did not run.
 */
function factsOfEnd(outcome) {
  const end = ending(outcome);
  return end === null ? [] : [["Ended by", end]];
}

/** @param {import("./protocol.js").Outcome} outcome */
function ending({ exit_code, signal, blocked_syscall, crash }) {
  if (blocked_syscall) return `system call ${blocked_syscall}`;
  if (crash?.line) return `${crash.signal}, ${crash.file}:${crash.line}`;
  if (signal) return `signal ${signal}`;
  return exit_code === null ? null : `exit code ${exit_code}`;
}

export class ResultPanel {
  /**
   * @param {HTMLElement} panel
   * @param {import("./protocol.js").Limits} limits
   */
  constructor(panel, limits) {
    this.panel = panel;
    this.limits = limits;
  }

  clear() {
    this.panel.hidden = true;
  }

  /** @param {import("./protocol.js").Outcome} outcome */
  show(outcome) {
    const { label, tone } = badge(outcome.status);
    const mark = this.#part(".badge");
    mark.textContent = label;
    mark.dataset.tone = tone;
    this.panel.dataset.status = outcome.status;
    this.#part(".result-message").textContent = outcome.message;
    const record = /** @type {HTMLAnchorElement} */ (this.#part(".result-record"));
    record.href = `/executions/${outcome.execution_id}/`;
    this.#part("dl").replaceChildren(...facts(outcome, this.limits).map(row));
    this.#part("dl > :last-child dd").title = `SHA-256 ${outcome.code_hash}`;
    this.panel.hidden = false;
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.panel.querySelector(selector));
  }
}

/** @param {[name: string, value: string]} fact */
function row([name, value]) {
  const pair = document.createElement("div");
  const term = pair.appendChild(document.createElement("dt"));
  const description = pair.appendChild(document.createElement("dd"));
  term.textContent = name;
  description.textContent = value;
  return pair;
}
