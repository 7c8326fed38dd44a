/** How the project is run: arguments, standard input, switches; saved in the project. */

import { parsedArguments, writtenArguments } from "./arguments.js";

const SAVE_AFTER_MS = 600;

/** @typedef {import("./project.js").Recipe} Recipe */

export class RunOptions {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** What the server does not have yet. @type {Partial<Recipe>} */
  #unsaved = {};
  /** @type {Promise<void>} */
  #saving = Promise.resolve();

  /**
   * @param {object} parts
   * @param {HTMLInputElement} parts.args
   * @param {HTMLElement} parts.argsProblem
   * @param {HTMLTextAreaElement} parts.stdin
   * @param {HTMLElement} parts.mark Shown on the tab when something differs from the ordinary.
   * @param {Record<"sanitize" | "fixed_seed" | "warnings", HTMLInputElement>} parts.switches
   * @param {readonly string[]} parts.offered The switches that the server knows.
   * @param {import("./project.js").Project} parts.project
   * @param {(sentence: string) => void} parts.say
   */
  constructor(parts) {
    this.parts = parts;
    for (const [name, input] of Object.entries(parts.switches)) {
      /** @type {HTMLElement} */ (input.closest("label")).hidden = !parts.offered.includes(name);
      input.addEventListener("change", () => this.#change({ options: this.#options }));
    }
    parts.args.addEventListener("input", () => this.#readArguments());
    parts.stdin.addEventListener("input", () => this.#change({ stdin: parts.stdin.value }));
    this.show();
  }

  /** Whether the program gets a terminal: not when its input was written before. */
  get interactive() {
    return this.parts.stdin.value === "";
  }

  /** Show the project's, as the server has them; what a person is changing stays. */
  show() {
    const { args, stdin, options } = { ...this.parts.project.recipe, ...this.#unsaved };
    const { parts } = this;
    if (!parts.argsProblem.textContent && !same(args, this.#written)) {
      parts.args.value = writtenArguments(args);
    }
    if (parts.stdin.value !== stdin) parts.stdin.value = stdin;
    parts.switches.sanitize.checked = options.sanitize === true;
    parts.switches.fixed_seed.checked = options.fixed_seed === true;
    parts.switches.warnings.checked = options.warnings === "show";
    this.#tidy();
  }

  /** Save now; throws an Error with a sentence when it cannot be. */
  async save() {
    clearTimeout(this.#timer);
    if (this.parts.argsProblem.textContent) throw new Error(this.parts.argsProblem.textContent);
    await this.#saving;
    const changed = this.#unsaved;
    if (!Object.keys(changed).length) return;
    this.#unsaved = {};
    try {
      await this.parts.project.change(changed);
    } catch (error) {
      this.#unsaved = { ...changed, ...this.#unsaved };
      throw error;
    }
  }

  /** @returns {import("./project.js").Options} */
  get #options() {
    const { sanitize, fixed_seed, warnings } = this.parts.switches;
    return {
      sanitize: sanitize.checked,
      fixed_seed: fixed_seed.checked,
      warnings: warnings.checked ? "show" : "error",
    };
  }

  /** What the field says, or null while it cannot be read. */
  get #written() {
    try {
      return parsedArguments(this.parts.args.value);
    } catch {
      return null;
    }
  }

  #readArguments() {
    const { args, argsProblem } = this.parts;
    try {
      this.#change({ args: parsedArguments(args.value) });
      argsProblem.textContent = "";
      args.removeAttribute("aria-invalid");
    } catch (error) {
      argsProblem.textContent = /** @type {Error} */ (error).message;
      args.setAttribute("aria-invalid", "true");
    }
  }

  /** @param {Partial<Recipe>} changed */
  #change(changed) {
    this.#unsaved = { ...this.#unsaved, ...changed };
    this.#tidy();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#saving = this.save().catch((error) => this.parts.say(error.message));
    }, SAVE_AFTER_MS);
  }

  #tidy() {
    const { mark, args, stdin, switches } = this.parts;
    const some = Object.values(switches).some(({ checked }) => checked);
    mark.hidden = !some && args.value.trim() === "" && stdin.value === "";
  }
}

/**
 * @param {string[]} one
 * @param {string[] | null} other
 */
function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
