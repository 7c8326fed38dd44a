/** Tabs after the ARIA pattern: arrows move, only the chosen tab is in the tab order. */

/**
 * @param {HTMLElement} list The element with the role `tablist`.
 * @param {(id: string) => void} onChange Called with the id of the newly shown panel.
 * @returns {(panelId: string) => void} Shows a panel.
 */
export function tabs(list, onChange) {
  const all = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);

  /** @param {string} panelId */
  function show(panelId) {
    for (const tab of all) {
      const id = tab.getAttribute("aria-controls") ?? "";
      const chosen = id === panelId;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      document.getElementById(id)?.toggleAttribute("hidden", !chosen);
    }
    onChange(panelId);
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const seen = all.filter((tab) => !tab.hidden);
    const here = seen.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = seen[(here + step + seen.length) % seen.length];
    next?.focus();
    next?.click();
  }

  list.addEventListener("keydown", move);
  for (const tab of all) {
    tab.addEventListener("click", () => show(tab.getAttribute("aria-controls") ?? ""));
  }
  return show;
}
