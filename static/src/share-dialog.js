/** Links to a snapshot of the project: make, copy, list, revoke. */

import { copied } from "./clipboard.js";
import { openDialog } from "./dialog.js";
import { element } from "./dom.js";

/** @typedef {{token: string, url: string, created: string, expires: string | null}} Share */

const ENDS = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["365", "a year"],
  ["", "forever"],
];

/**
 * @param {object} context
 * @param {import("./api.js").Api} context.api
 * @param {string} context.address The project's, below `/api/`.
 */
export async function openShares({ api, address }) {
  const { body } = openDialog("Share", { width: "narrow" });
  const status = element("p", { role: "status", class: "quiet" });
  const list = element("ul", { class: "share-list", "aria-label": "Share links" });
  const days = element("select", { id: "share-days" });
  days.append(...ENDS.map(([value = "", text = ""]) => element("option", { value }, text)));
  const make = element("button", { type: "submit", class: "button primary" }, "Create link");
  const form = element(
    "form",
    { class: "share-form" },
    element("label", { for: days.id }, "The link works for"),
    days,
    make,
  );
  const fill = async () => {
    const { shares } = await api.get(`${address}shares/`);
    list.replaceChildren(...shares.map((/** @type {Share} */ one) => row(one, status, revoke)));
  };
  /** @param {Share} share */
  const revoke = (share) =>
    told(status, async () => {
      await api.request("DELETE", `shares/${share.token}/`);
      await fill();
      return "The link no longer works.";
    });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    told(status, async () => {
      const value = days.value ? Number(days.value) : null;
      const share = await api.json("POST", `${address}shares/`, { days: value });
      await fill();
      return copied(share.url);
    });
  });
  const about =
    "Whoever has the link can read the files as they are now, and make a copy of their own. " +
    "What you change later does not show.";
  body.append(element("p", { class: "quiet" }, about), form, status, list);
  await told(status, fill);
}

/**
 * @param {HTMLElement} status
 * @param {() => Promise<string | void>} work
 */
async function told(status, work) {
  try {
    status.textContent = (await work()) ?? "";
  } catch (error) {
    status.textContent = /** @type {Error} */ (error).message;
  }
}

/**
 * @param {Share} share
 * @param {HTMLElement} status
 * @param {(share: Share) => void} onRevoke
 */
function row(share, status, onRevoke) {
  const link = element("input", { type: "text", readonly: "", value: share.url });
  link.setAttribute("aria-label", "Share link");
  link.addEventListener("focus", () => link.select());
  const copy = element("button", { type: "button", class: "button small" }, "Copy");
  copy.addEventListener("click", () => told(status, () => copied(share.url)));
  const revoke = element("button", { type: "button", class: "button small danger" }, "Revoke");
  revoke.addEventListener("click", () => onRevoke(share));
  const ends = share.expires
    ? `Works until ${new Date(share.expires).toLocaleDateString("en-GB", { dateStyle: "medium" })}.`
    : "Works until it is revoked.";
  return element("li", {}, link, copy, revoke, element("small", { class: "quiet" }, ends));
}
