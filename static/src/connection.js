/** The WebSocket, kept open: comes back by itself after a drop, with growing pauses. */

/** @typedef {"connecting" | "open" | "lost" | "signed-out"} LinkState */

const NOT_LOGGED_IN = 4401;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** A socket that lived this long was healthy, so the pauses start small again. */
const HEALTHY_AFTER_MS = 5_000;

/**
 * The pause before attempt `attempt` (from 0), in milliseconds.
 *
 * The random half keeps a hundred pages from coming back to a restarted server at once.
 *
 * @param {number} attempt
 */
export function pauseBefore(attempt) {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
  return pause / 2 + (Math.random() * pause) / 2;
}

/**
 * What a person is told of the connection; null when there is nothing to say.
 *
 * @param {LinkState} state
 */
export function linkSentence(state) {
  if (state === "connecting") return "Connecting…";
  return state === "lost" ? "Connection lost, reconnecting…" : null;
}

export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {LinkState} */
  #state = "connecting";
  #attempts = 0;
  #openedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {() => WebSocket} options.dial Makes a new socket to the server.
   * @param {(message: import("./protocol.js").ServerMessage) => void} options.onMessage
   * @param {(state: LinkState) => void} options.onState Called on every change.
   */
  constructor({ dial, onMessage, onState }) {
    this.dial = dial;
    this.onMessage = onMessage;
    this.onState = onState;
  }

  get state() {
    return this.#state;
  }

  /** Connect now, without waiting for the pause to end. */
  connect() {
    clearTimeout(this.#timer);
    if (this.#socket || this.#state === "signed-out") return;
    const socket = this.dial();
    this.#socket = socket;
    socket.onopen = () => {
      this.#openedAt = Date.now();
      this.#change("open");
    };
    socket.onmessage = (event) => this.onMessage(JSON.parse(event.data));
    socket.onclose = (event) => this.#closed(event.code);
  }

  /**
   * Send one message; false if there is no connection to send it on.
   *
   * @param {{type: string, [field: string]: unknown}} message
   */
  send(message) {
    if (this.#state !== "open" || !this.#socket) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** @param {number} code */
  #closed(code) {
    this.#socket = null;
    if (code === NOT_LOGGED_IN) {
      this.#change("signed-out");
      return;
    }
    if (this.#openedAt && Date.now() - this.#openedAt >= HEALTHY_AFTER_MS) this.#attempts = 0;
    this.#openedAt = 0;
    this.#timer = setTimeout(() => this.connect(), pauseBefore(this.#attempts++));
    this.#change("lost");
  }

  /** @param {LinkState} state */
  #change(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.onState(state);
  }
}
