/** The server's HTTP interface, below `/api/`; docs/protocol.md describes it. */

const OFFLINE = "The server cannot be reached. What you typed is kept in this browser.";

/** A refusal, with a sentence for a person. */
export class ApiError extends Error {
  /**
   * @param {string} code Stable; “offline” when no answer came.
   * @param {string} message
   * @param {number} status The HTTP status, 0 without an answer.
   * @param {Record<string, any>} body All that the answer said.
   */
  constructor(code, message, status = 0, body = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.body = body;
  }

  /** Whether the same request may well succeed a little later. */
  get passing() {
    return this.status === 0 || this.status >= 500 || this.status === 429;
  }
}

/** @typedef {{body?: BodyInit, headers?: Record<string, string>}} Sent */

export class Api {
  /**
   * @param {string} token Proves that the request comes from this site's page.
   * @param {typeof fetch} [send]
   */
  constructor(token, send = (...request) => fetch(...request)) {
    this.token = token;
    this.send = send;
  }

  /**
   * @param {string} path Below `/api/`.
   * @returns {Promise<any>}
   */
  get(path) {
    return this.request("GET", path);
  }

  /**
   * Send a JSON object.
   *
   * @param {"POST" | "PATCH"} method
   * @param {string} path
   * @param {Record<string, unknown>} fields
   * @returns {Promise<any>}
   */
  json(method, path, fields) {
    const headers = { "Content-Type": "application/json" };
    return this.request(method, path, { body: JSON.stringify(fields), headers });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Sent} [sent]
   * @returns {Promise<any>} The JSON of the answer, null without one. Throws {@link ApiError}.
   */
  async request(method, path, { body, headers = {} } = {}) {
    const response = await this.#answer(method, path, {
      body,
      headers: { Accept: "application/json", "X-CSRFToken": this.token, ...headers },
    });
    const text = await response.text();
    const answer = parsed(text);
    if (response.ok) return answer;
    const { code = "refused", message } = answer?.error ?? {};
    const said = message ?? `The server refused the request (status ${response.status}).`;
    throw new ApiError(code, said, response.status, answer ?? {});
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {RequestInit} options
   */
  async #answer(method, path, options) {
    try {
      return await this.send(`/api/${path}`, { method, credentials: "same-origin", ...options });
    } catch {
      throw new ApiError("offline", OFFLINE);
    }
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/**
 * A file's place in an address: folders stay folders, everything else is escaped.
 *
 * @param {string} projectId
 * @param {string} path Throws an {@link ApiError} where an address would mean another file.
 */
export function fileAddress(projectId, path) {
  // The browser resolves these before it sends anything.
  if (path.split("/").some((part) => ["", ".", ".."].includes(part))) {
    const why = `“${path}” is not a name for a file: it has an empty part, or one made of dots.`;
    throw new ApiError("bad-name", `${why} Nothing was changed.`, 400);
  }
  return `projects/${projectId}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}
