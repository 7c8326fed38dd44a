/** A small menu at a button or a row, after the ARIA pattern. */

import { element } from "./dom.js";

/**
 * @typedef {object} Choice
 * @property {string} label
 * @property {() => void} act
 * @property {string} [keys] Shown beside the label.
 * @property {boolean} [danger]
 */

/**
 * @param {HTMLElement} anchor Gets the focus back.
 * @param {string} label What the menu is about.
 * @param {Choice[]} choices
 */
export function openMenu(anchor, label, choices) {
  const menu = element("div", {
    role: "menu",
    class: "menu",
    popover: "auto",
    "aria-label": label,
  });
  const items = choices.map((choice) => itemOf(choice, menu, anchor));
  menu.append(...items);
  menu.addEventListener("keydown", (event) => move(event, items));
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed") menu.remove();
  });
  // Outside of an open dialog nothing can be reached.
  (anchor.closest("dialog") ?? document.body).append(menu);
  menu.showPopover();
  placeAt(menu, anchor);
  items[0]?.focus();
}

/**
 * @param {Choice} choice
 * @param {HTMLElement} menu
 * @param {HTMLElement} anchor
 */
function itemOf({ label, act, keys, danger }, menu, anchor) {
  const item = element("button", { type: "button", role: "menuitem", tabindex: "-1" }, label);
  if (keys) item.append(element("kbd", {}, keys));
  if (danger) item.classList.add("danger");
  item.addEventListener("click", () => {
    menu.hidePopover();
    anchor.focus();
    act();
  });
  return item;
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} items
 */
function move(event, items) {
  const here = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = {
    ArrowDown: here + 1,
    ArrowUp: here - 1,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}

/**
 * Below the anchor, or wherever there is room.
 *
 * @param {HTMLElement} menu
 * @param {HTMLElement} anchor
 */
function placeAt(menu, anchor) {
  const from = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = from.bottom + height < innerHeight;
  menu.style.left = `${Math.max(4, Math.min(from.left, innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(4, below ? from.bottom : from.top - height)}px`;
}
