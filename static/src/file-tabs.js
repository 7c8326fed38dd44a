/** The open files, as a row of buttons: the shown one, those not saved yet, and a way to close. */

import { element } from "./dom.js";

export class FileTabs {
  /**
   * @param {HTMLElement} list A `ul`.
   * @param {object} on
   * @param {(path: string) => void} on.show
   * @param {(path: string) => void} on.close
   */
  constructor(list, on) {
    this.list = list;
    list.addEventListener("click", (event) => {
      const { path, act } = pressed(event);
      if (path) (act === "close" ? on.close : on.show)(path);
    });
    list.addEventListener("auxclick", (event) => {
      const { path } = pressed(event);
      if (!path || event.button !== 1) return;
      event.preventDefault();
      on.close(path);
    });
    // Without it the middle button would begin to scroll.
    list.addEventListener("mousedown", (event) => {
      if (event.button === 1) event.preventDefault();
    });
  }

  /**
   * @param {string[]} open
   * @param {string | null} shown
   * @param {(path: string) => boolean} isDirty
   */
  show(open, shown, isDirty) {
    const focused = document.activeElement;
    const again = focused && this.list.contains(focused) ? pressed({ target: focused }) : null;
    this.list.replaceChildren(...open.map((path) => tab(path, label(path, open), isDirty(path))));
    for (const item of this.list.children) {
      const current = /** @type {HTMLElement} */ (item).dataset.path === shown;
      item.querySelector(".file-tab-name")?.setAttribute("aria-current", String(current));
      if (current) item.scrollIntoView({ block: "nearest", inline: "nearest" });
      if (again && /** @type {HTMLElement} */ (item).dataset.path === again.path)
        /** @type {HTMLElement} */ (item.querySelector(`[data-act=${again.act}]`)).focus();
    }
  }
}

/** @param {{target: EventTarget | null}} event */
function pressed({ target }) {
  const button = target instanceof Element ? target.closest("[data-act]") : null;
  const item = /** @type {HTMLElement | null} */ (button?.closest("li") ?? null);
  return { path: item?.dataset.path, act: button?.getAttribute("data-act") ?? "" };
}

/**
 * @param {string} path
 * @param {string} name
 * @param {boolean} dirty
 */
function tab(path, name, dirty) {
  const show = element(
    "button",
    { type: "button", class: "file-tab-name", "data-act": "show" },
    name,
  );
  show.title = path;
  if (dirty) show.append(element("span", { class: "visually-hidden" }, " (not saved yet)"));
  const close = element("button", { type: "button", class: "file-tab-close", "data-act": "close" });
  close.setAttribute("aria-label", `Close ${path}`);
  const item = element("li", { class: dirty ? "file-tab dirty" : "file-tab" }, show, close);
  item.dataset.path = path;
  return item;
}

/**
 * The file's name; with its folder where another open file is called the same.
 *
 * @param {string} path
 * @param {string[]} open
 */
function label(path, open) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const twins = open.filter((other) => other.slice(other.lastIndexOf("/") + 1) === name);
  return twins.length > 1 ? path : name;
}
