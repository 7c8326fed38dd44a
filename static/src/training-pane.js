/**
 * The training tab: appears when a program's output looks like a training.
 *
 * The modules that read and draw it load only then. Until that moment the output is only
 * looked at for a few words, and kept, since a training's first lines may come before them.
 */

import { lazily } from "./lazily.js";

const SIGNS = /^(?:Max (?:epochs|neurons) |Epochs |Neurons |#plot |FANN Error )/m;
/** Longer than any of the words, so that none is missed where two pieces meet. */
const OVERLAP = 40;
const EARLIER_RUNS = 5;

/** @typedef {import("./training.js").TrainingReader} TrainingReader */
/** @typedef {import("./plot-data.js").Run} Run */

/**
 * @typedef {object} Drawing
 * @property {typeof import("./training.js").TrainingReader} TrainingReader
 * @property {typeof import("./doctor.js").diagnose} diagnose
 * @property {import("./plot.js").Plot} plot
 */

export class TrainingFeed {
  #output = "";
  #seen = false;
  /** @type {{status: string} | null} */
  #outcome = null;
  /** @type {TrainingReader | null} */
  #reader = null;
  /** @type {Drawing | null} */
  #drawing = null;
  /** @type {Run[]} */
  #earlier = [];
  /** Of the run that is drawn. */
  #number = 0;
  #executions = 0;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.tab
   * @param {HTMLElement} parts.plot
   * @param {HTMLElement} parts.advice Takes the doctor's sentence.
   * @param {(sentence: string) => void} parts.say
   */
  constructor(parts) {
    this.parts = parts;
  }

  /**
   * An execution begins; the last one's curve stays, as an earlier run.
   *
   * @param {boolean} again Whether it is the last one, told from its beginning.
   */
  begin(again) {
    const reader = this.#reader;
    if (reader?.series.length && !again) {
      const run = {
        label: `run ${this.#number}`,
        series: reader.series,
        desiredError: reader.desiredError,
      };
      this.#earlier = [run, ...this.#earlier].slice(0, EARLIER_RUNS);
    }
    if (reader && again) this.#number -= 1;
    [this.#output, this.#seen, this.#outcome, this.#reader] = ["", false, null, null];
    this.#executions += 1;
    this.parts.advice.replaceChildren();
  }

  /** @param {string} text Of the terminal, as it comes. */
  write(text) {
    const before = this.#output.length;
    this.#output += text;
    if (this.#reader) this.#read(text);
    else if (!this.#seen && SIGNS.test(this.#output.slice(Math.max(0, before - OVERLAP))))
      this.#start();
  }

  /** @param {{status: string}} outcome */
  end(outcome) {
    this.#outcome = outcome;
    if (!this.#reader) return;
    this.#reader.end();
    this.#read("");
  }

  async #start() {
    this.#seen = true;
    const execution = this.#executions;
    const loaded = await lazily(load, this.parts.say);
    // Another execution may have begun while the modules were loading.
    if (!loaded || execution !== this.#executions) return;
    this.#drawing ??= { ...loaded, plot: new loaded.Plot(this.parts.plot) };
    this.#number += 1;
    this.#reader = new this.#drawing.TrainingReader();
    this.parts.tab.hidden = false;
    const now = { label: `run ${this.#number}`, series: [], desiredError: null };
    this.#drawing.plot.show([now, ...this.#earlier]);
    this.#read(this.#output);
    if (this.#outcome) this.end(this.#outcome);
  }

  /** @param {string} text */
  #read(text) {
    if (!this.#reader || !this.#drawing) return;
    this.#reader.write(text);
    this.#drawing.plot.update(this.#reader);
    this.#advise(this.#drawing.diagnose(this.#reader, this.#outcome));
  }

  /** @param {import("./doctor.js").Diagnosis | null} found */
  #advise(found) {
    const { advice } = this.parts;
    if (!found) return;
    const said = [found.sentence, found.suggestion].filter(Boolean).join(" ");
    if (advice.dataset.said === said + found.call && advice.childElementCount) return;
    advice.dataset.said = said + found.call;
    const sentence = document.createElement("p");
    sentence.textContent = said;
    advice.replaceChildren(sentence);
    if (!found.call) return;
    const call = document.createElement("code");
    call.textContent = found.call;
    advice.append(call);
  }
}

async function load() {
  const [{ TrainingReader }, { diagnose }, { Plot }] = await Promise.all([
    import("./training.js"),
    import("./doctor.js"),
    import("./plot.js"),
  ]);
  return { TrainingReader, diagnose, Plot };
}
