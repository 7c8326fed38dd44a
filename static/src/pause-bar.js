/** A bar that stays while runs are paused, and warns before they are. */

import { element } from "./dom.js";

/**
 * @typedef {object} Standing
 * @property {{until: string, reason: string, execution: string} | null} pause
 * @property {number | null} left Refused programs until a pause; null if there never is one.
 * @property {number} minutes Within which they count.
 * @property {number} pause_minutes
 */

const LONGEST_TIMER_MS = 3_600_000;

export class PauseBar {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} host A live region.
   * @param {import("./api.js").Api} api
   */
  constructor(host, api) {
    this.host = host;
    this.api = api;
  }

  get shown() {
    return !this.host.hidden;
  }

  /** Ask the server, and show what it answers. */
  async refresh() {
    clearTimeout(this.#timer);
    try {
      this.#show(await this.api.get("standing/"));
    } catch {
      // The bar stays as it is until the next run.
    }
  }

  /** @param {Standing} standing */
  #show(standing) {
    const text = sentence(standing);
    this.host.hidden = text === null;
    if (text === null) return;
    const { pause } = standing;
    // Writing the same words again would make a screen reader repeat them.
    if (!this.host.textContent?.startsWith(text)) {
      const link = pause && element("a", { href: `/executions/${pause.execution}/` }, "See why");
      this.host.replaceChildren(element("p", {}, text, ...(link ? [" ", link] : [])));
    }
    if (!pause) return;
    const left = Math.max(1000, Date.parse(pause.until) - Date.now() + 1000);
    this.#timer = setTimeout(() => this.refresh(), Math.min(left, LONGEST_TIMER_MS));
  }
}

/**
 * Null when there is nothing to say.
 *
 * @param {Standing} standing
 * @param {Date} [now]
 */
export function sentence({ pause, left, minutes, pause_minutes }, now = new Date()) {
  if (pause) return `Runs paused until ${clock(pause.until, now)}: ${pause.reason}`;
  if (left !== 1) return null;
  return `One more refused program within ${several(minutes)} pauses your runs for ${several(pause_minutes)}.`;
}

/** @param {number} minutes */
function several(minutes) {
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

/**
 * A time in the browser's time zone; the minute that has begun counts as a whole.
 *
 * @param {string} iso
 * @param {Date} now
 */
function clock(iso, now) {
  const end = new Date(Math.ceil(Date.parse(iso) / 60_000) * 60_000);
  const time = end.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (end.toDateString() === now.toDateString()) return time;
  return `${end.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}, ${time}`;
}
