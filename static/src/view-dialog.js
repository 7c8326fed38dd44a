/** What a person may choose about the page: font size, vim keys, colours. */

import { openDialog } from "./dialog.js";
import { element } from "./dom.js";
import { FONT_SIZES } from "./preferences.js";

/** @param {import("./preferences.js").Preferences} preferences */
export function openView(preferences) {
  const { body } = openDialog("View");
  const { fontSize, vim } = preferences.choices;
  const size = element("select", { id: "view-size" });
  size.append(...FONT_SIZES.map((px) => element("option", { value: String(px) }, `${px} pixels`)));
  size.value = String(fontSize);
  size.addEventListener("change", () => preferences.choose({ fontSize: Number(size.value) }));
  const keys = element("input", { type: "checkbox", id: "view-vim" });
  keys.checked = vim;
  keys.addEventListener("change", () => preferences.choose({ vim: keys.checked }));
  body.append(
    element("div", { class: "setting" }, element("label", { for: size.id }, "Font size"), size),
    element("div", { class: "setting" }, element("label", { for: keys.id }, "Vim keys"), keys),
    element(
      "p",
      { class: "quiet" },
      "Kept in this browser. Light and dark: the button at the top.",
    ),
  );
}
