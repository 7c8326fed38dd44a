/** Loads the terminal when nothing else is to be done: xterm.js is not needed to write a program. */

import { byId } from "./parts.js";

const LONGEST_WAIT_MS = 500;

/**
 * @param {Promise<void>} opening Settles once the page has shown its text.
 * @param {import("./preferences.js").Preferences} preferences
 * @param {object} on
 * @param {() => void} on.onLeave
 * @param {(data: string) => void} on.onInput
 * @param {(cols: number, rows: number) => void} on.onResize
 * @returns {Promise<import("./terminal.js").Terminal | null>} Null when it cannot be loaded.
 */
export async function terminalAfter(opening, preferences, on) {
  await opening;
  await rest();
  try {
    const { Terminal } = await import("./terminal.js");
    const terminal = new Terminal({ host: byId("terminal"), text: byId("terminal-text"), ...on });
    preferences.follow(({ fontSize }) => {
      terminal.fontSize = fontSize;
    });
    return terminal;
  } catch {
    return null;
  }
}

function rest() {
  return new Promise((done) => {
    if ("requestIdleCallback" in window) requestIdleCallback(done, { timeout: LONGEST_WAIT_MS });
    else setTimeout(done, LONGEST_WAIT_MS);
  });
}
