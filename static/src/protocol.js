/**
 * The messages of `/ws/execute/` as types; `executor/messages.py` defines them.
 *
 * @typedef {"queued" | "starting" | "compile" | "link" | "run"} StageName
 *
 * @typedef {object} Diagnostic One message of the compiler; places count from 1.
 * @property {string} severity
 * @property {string} message
 * @property {string | null} file
 * @property {number | null} line
 * @property {number | null} column In characters.
 *
 * @typedef {object} Violation One thing that was refused; places count from 1.
 * @property {"blocked_pattern" | "resource_limit" | "escape_attempt" | "repeated_violations"} category
 * @property {string} rule
 * @property {"low" | "medium" | "high" | "critical"} severity
 * @property {string} message
 * @property {string | null} file
 * @property {number | null} line
 * @property {number | null} column In characters.
 * @property {number | null} end_column Exclusive.
 * @property {string | null} suggestion
 *
 * @typedef {object} Outcome How an execution ended, without its streams.
 * @property {string} execution_id
 * @property {string} status
 * @property {string} message
 * @property {Diagnostic[]} diagnostics
 * @property {Violation[]} violations
 * @property {number | null} exit_code
 * @property {string | null} signal
 * @property {string | null} blocked_syscall
 * @property {string} code_hash
 * @property {number} queue_ms
 * @property {number} container_start_ms
 * @property {number} compile_ms
 * @property {number} run_ms
 * @property {number} cpu_ms
 * @property {number} total_ms
 * @property {number} peak_memory_bytes
 * @property {number} output_bytes
 * @property {boolean} truncated
 * @property {Crash | null} [crash] Where in the program a fatal signal struck.
 * @property {Sanitizer | null} [sanitizer]
 *
 * @typedef {{signal: string, function: string | null, file: string | null, line: number | null}} Crash
 * @typedef {{kind: string, message: string, file: string | null, line: number | null}} Sanitizer
 *
 * @typedef {{type: "accepted", execution_id: string, position: number}} Accepted
 * @typedef {{type: "blocked", violations: Violation[]}} Blocked
 * @typedef {{type: "rate_limited", retry_after: number, message: string}} RateLimited
 * @typedef {{type: "stage", stage: StageName}} Stage
 * @typedef {{type: "waiting", idle_seconds: number | null}} Waiting Null: it computes again.
 * @typedef {{type: "output", stream: "stdout" | "stderr" | "compiler", data: string}} Output
 * @typedef {{type: "diagnostics", items: Diagnostic[]}} Diagnostics
 * @typedef {{type: "file", name: string, size: number, content_base64: string | null}} File
 * @typedef {{type: "result"} & Outcome} Result
 * @typedef {{type: "error", code: string, message: string, detail?: {seq?: number}}} ServerError
 * @typedef {ServerError & {detail: {seq: number}}} ToolError About a check, a format, an assembly.
 * @typedef {Accepted | Blocked | RateLimited | Stage | Waiting | Output | Diagnostics | File
 *   | Result | ServerError} ServerMessage
 *
 * @typedef {object} Limits What the page needs of the limits, from the server's settings.
 * @property {number} output_bytes
 * @property {number} source_bytes
 * @property {number} memory_bytes
 * @property {number} run_seconds
 * @property {number} idle_seconds
 */

export {};
