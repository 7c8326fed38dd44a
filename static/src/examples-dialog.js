/** The gallery of examples: one click makes a project of one. */

import { openDialog } from "./dialog.js";
import { element } from "./dom.js";

/** @typedef {{slug: string, title: string, summary: string, files: string[]}} Example */

/**
 * @param {object} context
 * @param {import("./api.js").Api} context.api
 * @param {(id: string) => void} context.onOpen
 */
export async function openExamples({ api, onOpen }) {
  const { body } = openDialog("Examples", { width: "wide" });
  const problem = element("p", { class: "alert", role: "alert" });
  problem.hidden = true;
  const list = element("ul", { class: "gallery", "aria-label": "Examples" });
  body.append(
    element("p", { class: "quiet" }, "Each opens as a project of your own, with its data."),
    problem,
    list,
  );
  /** @param {Promise<unknown>} work */
  const told = (work) =>
    work.catch((error) => {
      problem.textContent = error.message;
      problem.hidden = false;
    });
  /** @param {Example} example */
  const open = ({ slug, title }) =>
    told(
      api.json("POST", "projects/", { name: title, example: slug }).then(({ id }) => onOpen(id)),
    );
  await told(
    api.get("examples/").then(({ examples }) => {
      list.append(...examples.map((/** @type {Example} */ one) => card(one, open)));
    }),
  );
}

/**
 * @param {Example} example
 * @param {(example: Example) => void} onOpen
 */
function card(example, onOpen) {
  const files = example.files.join(", ");
  const button = element(
    "button",
    { type: "button", class: "card-button" },
    element("strong", {}, example.title),
    element("span", {}, example.summary),
    element("small", { class: "quiet" }, files),
  );
  button.addEventListener("click", () => onOpen(example));
  return element("li", {}, button);
}
