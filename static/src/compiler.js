/** The compiler pane: the list of problems, and the compiler's own words below it. */

import { fatalWarnings, place } from "./problems.js";

const SEVERITIES = { error: "Error", warning: "Warning", info: "Note" };

export class CompilerPane {
  /**
   * @param {object} options
   * @param {HTMLElement} options.list
   * @param {HTMLElement} options.output
   * @param {HTMLElement} options.count Shows the number of problems, on the tab.
   * @param {HTMLElement} options.empty Shown while there is nothing else.
   * @param {(problem: import("./problems.js").Problem) => void} options.onJump
   * @param {(problem: import("./problems.js").Problem) => boolean} options.isHere Whether its
   *   place is in a file that can be shown.
   * @param {HTMLElement} options.bar Shown when warnings alone stopped the program.
   * @param {boolean} options.mayRunAnyway Whether the server runs programs with warnings.
   * @param {() => void} options.onRunAnyway
   */
  constructor({ list, output, count, empty, onJump, isHere, bar, mayRunAnyway, onRunAnyway }) {
    this.list = list;
    this.output = output;
    this.count = count;
    this.empty = empty;
    this.onJump = onJump;
    this.isHere = isHere;
    this.bar = bar;
    this.mayRunAnyway = mayRunAnyway;
    this.onRunAnyway = onRunAnyway;
  }

  clear() {
    this.output.textContent = "";
    this.bar.hidden = true;
    this.show([]);
  }

  /** @param {import("./protocol.js").Outcome} outcome */
  conclude(outcome) {
    const count = fatalWarnings(outcome);
    this.bar.hidden = count === 0;
    if (count === 0) return;
    const what = count === 1 ? "1 compiler warning" : `${count} compiler warnings`;
    const end = this.mayRunAnyway ? "" : " This server does not run programs with warnings.";
    this.bar.replaceChildren(element("p", "", `Not run because of ${what}.${end}`));
    if (!this.mayRunAnyway) return;
    const run = element("button", "button small", "Run anyway");
    run.setAttribute("type", "button");
    run.addEventListener("click", () => this.onRunAnyway());
    this.bar.append(run);
  }

  /** @param {string} text */
  write(text) {
    this.output.append(text);
    this.#tidy();
  }

  /** @param {import("./problems.js").Problem[]} problems */
  show(problems) {
    this.list.replaceChildren(...problems.map((problem) => this.#item(problem)));
    this.count.textContent = problems.length ? String(problems.length) : "";
    this.#tidy();
  }

  #tidy() {
    const words = this.output.textContent !== "";
    const problems = this.list.childElementCount > 0;
    this.output.hidden = !words;
    this.list.hidden = !problems;
    this.empty.hidden = words || problems;
  }

  /** @param {import("./problems.js").Problem} problem */
  #item(problem) {
    const item = element("li", `problem ${problem.severity}`);
    const head = this.isHere(problem) ? this.#link(problem) : element("p", "problem-head");
    head.append(
      element("span", "problem-severity", SEVERITIES[problem.severity]),
      element("span", "problem-place", place(problem)),
      element("span", "problem-rule", problem.rule),
      element("span", "problem-message", problem.message),
    );
    item.append(head);
    if (problem.suggestion) item.append(element("p", "problem-suggestion", problem.suggestion));
    return item;
  }

  /** @param {import("./problems.js").Problem} problem */
  #link(problem) {
    const button = element("button", "problem-head");
    button.setAttribute("type", "button");
    button.addEventListener("click", () => this.onJump(problem));
    return button;
  }
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} [text]
 */
function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
