/** What this project ran: each execution's source, output and difference to now; restore. */

import { openDialog } from "./dialog.js";
import { showDiff } from "./diff-view.js";
import { element } from "./dom.js";
import { badge } from "./result.js";
import { ago, duration } from "./units.js";

/** @typedef {{id: string, created: string, status: string, message: string, run_ms: number}} Run */
/** @typedef {{path: string, text: string}} Source */

/**
 * @typedef {object} Context
 * @property {import("./api.js").Api} api
 * @property {string} projectId
 * @property {(path: string) => string | null} textOf A file as it is now; null when gone.
 * @property {(executionId: string) => Promise<void>} onRestore
 */

/** @param {Context} context */
export async function openHistory(context) {
  const { body, close } = openDialog("Runs of this project", { width: "wide" });
  const list = element("ul", { class: "history-list", "aria-label": "Runs" });
  const detail = element("div", { class: "history-detail", "aria-live": "polite" });
  const more = element("button", { type: "button", class: "button small" }, "Earlier runs");
  more.hidden = true;
  body.append(element("div", { class: "history" }, element("div", {}, list, more), detail));
  /** @type {string | null} */
  let next = null;
  const fill = () =>
    told(detail, async () => {
      const before = next ? `&before=${encodeURIComponent(next)}` : "";
      const address = `executions/?project=${context.projectId}&limit=30${before}`;
      const answer = await context.api.get(address);
      next = answer.next;
      more.hidden = next === null;
      list.append(
        ...answer.executions.map((/** @type {Run} */ run) =>
          row(run, (item) => choose(run, item, { list, detail, close }, context)),
        ),
      );
      if (list.childElementCount === 0)
        detail.append(
          element("p", { class: "quiet" }, "Nothing has been run in this project yet."),
        );
    });
  more.addEventListener("click", fill);
  await fill();
  list.querySelector("button")?.click();
}

/**
 * @param {Run} run
 * @param {(button: HTMLElement) => void} onChoose
 */
function row({ created, status, run_ms }, onChoose) {
  const { label, tone } = badge(status);
  const mark = element("span", { class: "badge", "data-tone": tone }, label);
  const when = element("span", { class: "quiet" }, `${ago(created)}, ran ${duration(run_ms ?? 0)}`);
  const button = element("button", { type: "button", class: "choice" }, mark, when);
  button.title = new Date(created).toLocaleString("en-GB");
  button.addEventListener("click", () => onChoose(button));
  return element("li", {}, button);
}

/**
 * @param {Run} run
 * @param {HTMLElement} button
 * @param {{list: HTMLElement, detail: HTMLElement, close: () => void}} parts
 * @param {Context} context
 */
function choose(run, button, { list, detail, close }, context) {
  for (const other of list.querySelectorAll("[aria-current]"))
    other.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  return told(detail, async () => {
    const record = await context.api.get(`executions/${run.id}/`);
    // Another run may have been chosen while this one was fetched.
    if (!button.hasAttribute("aria-current")) return;
    const restore = element("button", { type: "button", class: "button" }, "Restore these sources");
    restore.addEventListener("click", () =>
      told(detail, async () => {
        await context.onRestore(run.id);
        close();
      }),
    );
    const link = element("a", { href: `/executions/${run.id}/` }, "Record");
    const tools = element("div", { class: "dialog-tools" }, restore, link);
    detail.replaceChildren(element("p", {}, record.message), tools);
    for (const source of record.sources) showSource(detail, source, context);
    const output = record.stdout + record.stderr;
    if (output) detail.append(element("h3", {}, "Output"), text(output, "Output"));
    if (record.compiler_output)
      detail.append(element("h3", {}, "Compiler"), text(record.compiler_output, "Compiler"));
  });
}

/**
 * @param {HTMLElement} detail
 * @param {Source} source
 * @param {Context} context
 */
function showSource(detail, { path, text: then }, { textOf }) {
  const now = textOf(path);
  const heading = element("h3", {}, path);
  detail.append(heading);
  if (now === then) {
    heading.append(element("span", { class: "quiet" }, " as it is now"));
    detail.append(text(then, path));
  } else if (now === null) {
    heading.append(element("span", { class: "quiet" }, " no longer in the project"));
    detail.append(text(then, path));
  } else {
    heading.append(element("span", { class: "quiet" }, " changed since: from this run to now"));
    showDiff(detail, then, now);
    const whole = element("details", {}, element("summary", {}, "The source of this run"));
    whole.append(text(then, path));
    detail.append(whole);
  }
}

/**
 * @param {string} content
 * @param {string} label
 */
function text(content, label) {
  const shown = element("pre", { class: "file-text", tabindex: "0", role: "region" }, content);
  shown.setAttribute("aria-label", label);
  return shown;
}

/**
 * @param {HTMLElement} host
 * @param {() => Promise<void>} work
 */
async function told(host, work) {
  try {
    await work();
  } catch (error) {
    host.replaceChildren(element("p", { class: "alert" }, /** @type {Error} */ (error).message));
  }
}
