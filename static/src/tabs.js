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
    const left = all.find((tab) => panelOf(tab)?.contains(document.activeElement));
    for (const tab of all) {
      const chosen = tab.getAttribute("aria-controls") === panelId;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      panelOf(tab)?.toggleAttribute("hidden", !chosen);
      if (!chosen) continue;
      tab.scrollIntoView({ block: "nearest", inline: "nearest" });
      // The focus was in a panel that is hidden now, and would be lost with it.
      if (left && left !== tab) tab.focus();
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

/** @param {HTMLElement} tab */
function panelOf(tab) {
  return document.getElementById(tab.getAttribute("aria-controls") ?? "");
}
