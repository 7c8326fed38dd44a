/** Shows the difference between two texts, readable without its colours. */

import { element } from "./dom.js";
import { inContext, lineDiff } from "./line-diff.js";

const SIGNS = { same: " ", gone: "-", new: "+" };
const WORDS = { same: "", gone: "removed: ", new: "added: " };

/**
 * @param {HTMLElement} host
 * @param {string} before
 * @param {string} now
 */
export function showDiff(host, before, now) {
  const changes = lineDiff(before, now);
  if (changes.every(({ kind }) => kind === "same")) {
    host.append(element("p", { class: "quiet" }, "There is no difference."));
    return;
  }
  const lines = inContext(changes).map((change) =>
    change === null ? element("span", { class: "diff-gap" }, "⋯") : lineOf(change),
  );
  const all = element("div", { class: "diff", tabindex: "0", role: "region" }, ...lines);
  all.setAttribute("aria-label", "Difference");
  host.append(all);
}

/** @param {import("./line-diff.js").Change} change */
function lineOf({ kind, line }) {
  const spoken = element("span", { class: "visually-hidden" }, WORDS[kind]);
  const sign = element("span", { class: "diff-sign", "aria-hidden": "true" }, SIGNS[kind]);
  return element("span", { class: `diff-line ${kind}` }, spoken, sign, line || "\u200b");
}
