/** How the panes share the window: the split, the tree, zen, and one pane at a time on a phone. */

/** @typedef {"files" | "code" | "output"} Pane */

const STEP = 0.03;
const PHONE = matchMedia("(max-width: 759px)");

export class Layout {
  /**
   * @param {object} parts
   * @param {HTMLElement} parts.page
   * @param {HTMLElement} parts.divider The element with the role `separator`.
   * @param {HTMLElement} parts.bar The phone's bottom bar.
   * @param {HTMLButtonElement} parts.treeToggle
   * @param {import("./preferences.js").Preferences} parts.preferences
   * @param {() => void} parts.onChange Called when panes have new sizes.
   */
  constructor(parts) {
    this.parts = parts;
    const { divider, bar, treeToggle, preferences } = parts;
    preferences.follow((choices) => this.#apply(choices));
    treeToggle.addEventListener("click", () => this.toggleTree());
    divider.addEventListener("pointerdown", (event) => this.#drag(event));
    divider.addEventListener("keydown", (event) => this.#key(event));
    bar.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button?.dataset.pane) this.show(/** @type {Pane} */ (button.dataset.pane));
    });
    this.show("code");
  }

  /** Whether only one pane is seen at a time. */
  get isPhone() {
    return PHONE.matches;
  }

  get zen() {
    return this.parts.page.classList.contains("zen");
  }

  /** Only the code, or everything again. */
  toggleZen() {
    document.body.classList.toggle("zen-page", !this.zen);
    this.parts.page.classList.toggle("zen");
    this.parts.onChange();
  }

  toggleTree() {
    const { preferences } = this.parts;
    preferences.choose({ tree: !preferences.choices.tree });
  }

  /**
   * Bring a pane to the front: on a phone it is the one that is seen.
   *
   * @param {Pane} pane
   */
  show(pane) {
    const { page, bar, onChange } = this.parts;
    page.dataset.pane = pane;
    for (const button of bar.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset.pane === pane));
    if (pane !== "code" && this.zen) this.toggleZen();
    onChange();
  }

  /** @param {import("./preferences.js").Choices} choices */
  #apply({ split, tree, fontSize }) {
    const { page, divider, treeToggle, onChange } = this.parts;
    page.style.setProperty("--split", `${(split * 100).toFixed(1)}fr`);
    page.style.setProperty("--rest", `${((1 - split) * 100).toFixed(1)}fr`);
    page.style.setProperty("--code-size", `${fontSize}px`);
    page.classList.toggle("no-tree", !tree);
    divider.setAttribute("aria-valuenow", String(Math.round(split * 100)));
    treeToggle.setAttribute("aria-expanded", String(tree));
    onChange();
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const { divider, preferences } = this.parts;
    event.preventDefault();
    divider.setPointerCapture(event.pointerId);
    const { left, right } = this.#room();
    const move = (/** @type {PointerEvent} */ { clientX }) =>
      preferences.choose({ split: clamp((clientX - left) / (right - left)) });
    const end = () => {
      divider.removeEventListener("pointermove", move);
      divider.removeEventListener("pointerup", end);
      divider.removeEventListener("pointercancel", end);
    };
    divider.addEventListener("pointermove", move);
    divider.addEventListener("pointerup", end);
    divider.addEventListener("pointercancel", end);
  }

  /** Where editor and output are, in pixels from the left. */
  #room() {
    const editor = this.parts.divider.previousElementSibling?.getBoundingClientRect();
    const output = this.parts.divider.nextElementSibling?.getBoundingClientRect();
    return { left: editor?.left ?? 0, right: output?.right ?? innerWidth };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { preferences } = this.parts;
    const { split } = preferences.choices;
    const to = { ArrowLeft: split - STEP, ArrowRight: split + STEP, Home: 0.2, End: 0.8 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    preferences.choose({ split: clamp(to) });
  }
}

/** @param {number} split */
function clamp(split) {
  return Math.min(0.8, Math.max(0.2, split));
}
