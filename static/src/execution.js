/** What the page knows of one execution, and the sentence that says it. Pure: no DOM. */

/**
 * @typedef {object} Execution
 * @property {import("./protocol.js").StageName | "sending" | null} stage Null when nothing goes on.
 * @property {string | null} id
 * @property {number} position How many are ahead in the queue.
 * @property {boolean} waiting Whether the program waits for input.
 * @property {boolean} stopping
 * @property {import("./protocol.js").Diagnostic[]} diagnostics
 * @property {import("./protocol.js").Violation[]} violations
 * @property {import("./protocol.js").Outcome | null} result
 * @property {string | null} notice What the page or the server has to say instead of a result.
 */

/** @type {Readonly<Execution>} */
export const NONE = Object.freeze({
  stage: null,
  id: null,
  position: 0,
  waiting: false,
  stopping: false,
  diagnostics: [],
  violations: [],
  result: null,
  notice: null,
});

/** @type {Readonly<Execution>} */
export const SENDING = Object.freeze({ ...NONE, stage: "sending" });

/** @type {Record<string, string>} */
const STAGES = {
  sending: "Sending the program…",
  starting: "Starting a sandbox…",
  compile: "Compiling…",
  link: "Linking…",
  run: "Running…",
};

/**
 * The execution after one more message.
 *
 * @param {Execution} now
 * @param {import("./protocol.js").ServerMessage} message
 * @returns {Execution}
 */
export function after(now, message) {
  switch (message.type) {
    case "accepted":
      return { ...now, stage: "queued", id: message.execution_id, position: message.position };
    case "stage":
      return { ...now, stage: message.stage, waiting: false, notice: null };
    case "waiting":
      return { ...now, waiting: now.stage === "run" && message.idle_seconds !== null };
    case "blocked":
      return { ...now, violations: message.violations };
    case "diagnostics":
      return { ...now, diagnostics: message.items };
    case "result":
      return { ...ended(now, null), ...found(message), result: message };
    case "rate_limited":
      return ended(now, message.message);
    case "error":
      return refused(now, message.message);
    default:
      return now;
  }
}

/**
 * An execution that is over, with something to say about it.
 *
 * @param {Execution} now
 * @param {string | null} notice
 * @returns {Execution}
 */
export function ended(now, notice) {
  return { ...now, stage: null, waiting: false, stopping: false, notice };
}

/**
 * @param {import("./protocol.js").Outcome} outcome
 */
function found({ diagnostics, violations }) {
  return { diagnostics, violations };
}

/**
 * An error about a message the page sent: it ends an execution that was not yet
 * accepted, and is only a remark (a key typed too late, say) on one that goes on.
 *
 * @param {Execution} now
 * @param {string} notice
 */
function refused(now, notice) {
  const underWay = now.stage !== null && now.stage !== "sending";
  return underWay ? { ...now, notice } : ended(now, notice);
}

/**
 * One sentence that says what is going on.
 *
 * @param {Execution} now
 */
export function sentence(now) {
  if (now.stopping) return "Stopping…";
  if (now.notice) return now.notice;
  if (now.stage === "queued") {
    return now.position > 0 ? `Waiting in line (${now.position} ahead)` : "Waiting for a sandbox…";
  }
  if (now.waiting) return "Waiting for input";
  if (now.stage) return STAGES[now.stage] ?? "Working…";
  return now.result?.message ?? "Ready.";
}
