/**
 * Makes a terminal that only shows things, whatever a program prints.
 *
 * A real terminal answers questions (“where is the cursor?”) by typing the answer
 * into the program, opens links, writes the clipboard, takes titles and follows
 * the mouse. None of this is for a stranger's output, so there are two walls:
 * every sequence that asks or reaches out is swallowed before xterm.js sees it,
 * and what xterm.js wants to send is dropped where it has the shape of an answer.
 * The bell rings nobody: xterm.js 6 only raises an event that nothing here hears.
 */

/** Title, icon, palette, folder, links, colours, clipboard, notices, and other vendors' own. */
const OSC = [
  0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 22, 50, 51, 52, 99, 104, 105,
  106, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 133, 633, 777, 1337,
];

/** Identity, status and cursor reports, mode queries, window operations, keyboard protocol. */
const CSI = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
  { prefix: ">", final: "q" },
  { final: "t" },
  { final: "x" },
  { prefix: "?", final: "u" },
  { prefix: ">", final: "u" },
];

/** Settings queries, terminfo queries, key definitions, sixel and ReGIS pictures. */
const DCS = [
  { intermediates: "$", final: "q" },
  { intermediates: "+", final: "q" },
  { intermediates: "+", final: "p" },
  { final: "|" },
  { final: "q" },
  { final: "p" },
];

/** Modes that would have the mouse or the focus typed into the program. */
const REPORTING_MODES = new Set([9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016]);

/** A device answer. Shift-F3 looks like a cursor report and is lost with them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin with Escape
const ANSWER = /^\x1b(?:\[[?>=<]?[\d;]*\$?[cnRtyux]|\[[IO]|\[<[\d;]*[Mm]|\[M|[\]P^_].)/s;

const swallow = () => true;

/** @param {{parser: import("@xterm/xterm").IParser}} terminal */
export function makeInert({ parser }) {
  for (const id of OSC) parser.registerOscHandler(id, swallow);
  for (const id of CSI) parser.registerCsiHandler(id, swallow);
  for (const id of DCS) parser.registerDcsHandler(id, swallow);
  parser.registerEscHandler({ final: "Z" }, swallow);
  parser.registerCsiHandler({ prefix: "?", final: "h" }, (params) =>
    params.flat().some((mode) => REPORTING_MODES.has(mode)),
  );
}

/**
 * Whether the terminal's data is a person's, and not its own answer to a program.
 *
 * @param {string} data
 */
export function isTyped(data) {
  return !ANSWER.test(data);
}
