/** Dialogs: the browser's own, which keeps the focus inside and gives it back at the end. */

import { element } from "./dom.js";

let opened = 0;

/**
 * Open a dialog with a heading, a button that closes it, and a body.
 *
 * @param {string} title
 * @param {object} [options]
 * @param {"narrow" | "wide"} [options.width]
 * @param {() => void} [options.onClose]
 * @returns {{dialog: HTMLDialogElement, body: HTMLElement, close: () => void}}
 */
export function openDialog(title, { width = "narrow", onClose } = {}) {
  opened += 1;
  const heading = element("h2", { id: `dialog-${opened}`, tabindex: "-1" }, title);
  const shut = element(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close" },
    "×",
  );
  const body = element("div", { class: "dialog-body" });
  const dialog = element(
    "dialog",
    { class: `dialog ${width}`, "aria-labelledby": heading.id },
    element("div", { class: "dialog-head" }, heading, shut),
    body,
  );
  shut.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, body, close: () => dialog.close() };
}

/**
 * Ask for one line of text.
 *
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.label
 * @param {string} question.action What the button says.
 * @param {string} [question.value]
 * @param {string} [question.help]
 * @param {(value: string) => Promise<unknown>} question.act Done with what was typed; the dialog
 *   stays, with the error's sentence, when it throws.
 */
export function askText({ title, label, action, value = "", help = "", act }) {
  const { body, close } = openDialog(title);
  const input = element("input", { type: "text", id: "dialog-text", autocomplete: "off" });
  const problem = element("p", { class: "alert", role: "alert" });
  problem.hidden = true;
  input.value = value;
  input.spellcheck = false;
  const form = element(
    "form",
    { method: "dialog" },
    element(
      "div",
      { class: "field" },
      element("label", { for: input.id }, label),
      input,
      ...(help ? [element("p", { class: "field-help" }, help)] : []),
    ),
    problem,
    buttons(action, close),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(input.value.trim()).then(close, (error) => {
      problem.textContent = error.message;
      problem.hidden = false;
      input.focus();
    });
  });
  body.append(form);
  input.focus();
  selectStem(input);
}

/**
 * Ask before data are lost or replaced.
 *
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text
 * @param {HTMLElement} [question.details] Shown below the text.
 * @param {string} question.action
 * @param {() => Promise<unknown>} question.act
 * @param {{label: string, act: () => Promise<unknown>}} [question.instead] Another way on.
 */
export function confirmFirst({ title, text, details, action, act, instead }) {
  const { body, close } = openDialog(title);
  const problem = element("p", { class: "alert", role: "alert" });
  problem.hidden = true;
  const form = element("form", { method: "dialog" }, element("p", {}, text));
  const choices = buttons(action, close, "danger");
  form.append(...(details ? [details] : []), problem, choices);
  /** @param {() => Promise<unknown>} work */
  const attempt = (work) =>
    work().then(close, (error) => {
      problem.textContent = error.message;
      problem.hidden = false;
    });
  if (instead) {
    const other = element("button", { type: "button", class: "button" }, instead.label);
    other.addEventListener("click", () => attempt(instead.act));
    choices.lastElementChild?.before(other);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(act);
  });
  body.append(form);
}

/**
 * @param {string} action
 * @param {() => void} close
 * @param {string} [kind]
 */
function buttons(action, close, kind = "primary") {
  const cancel = element("button", { type: "button", class: "button" }, "Cancel");
  cancel.addEventListener("click", close);
  const submit = element("button", { type: "submit", class: `button ${kind}` }, action);
  return element("div", { class: "dialog-buttons" }, cancel, submit);
}

/**
 * Select a file's name without folder and ending, which usually stay.
 *
 * @param {HTMLInputElement} input
 */
function selectStem(input) {
  const from = input.value.lastIndexOf("/") + 1;
  const end = input.value.indexOf(".", from);
  input.setSelectionRange(from, end > from ? end : input.value.length);
}
