/**
 * Reads what a program prints for what FANN says about its training.
 *
 * libfann 2.2.0 reports with printf, and its examples' callbacks do much the same; any program
 * can add points of its own with lines such as `#plot loss 10 0.25`. The text is a stranger's:
 * lines, series, trainings and points are all bounded, and each line costs time in its length only.
 * Pure: no DOM.
 */

import { Decimated } from "./decimated.js";
import { NUMBER, printed } from "./printed.js";

/** Longer lines are skipped up to their end: no report is half as long. */
const LINE_CHARACTERS = 1000;
const POINTS = 5000;
const PLOTS = 16;
const TRAININGS = 8;
const TESTS = 50;
const ERRORS = 20;
const NAME_CHARACTERS = 40;

const MAX_EPOCHS = /^Max epochs +(\d+)\. Desired error: ([\d.]+)\.$/;
const MAX_NEURONS = /^Max neurons +(\d+)\. Desired error: ([\d.]+)$/;
const EPOCHS = new RegExp(
  `^Epochs +(\\d+)\\. Current error: ${NUMBER}\\.?(?: Bit fail (\\d+)\\.)?$`,
);
const CALLBACK = new RegExp(`^Epochs +(\\d+)\\. MSE: ${NUMBER}\\. Desired-MSE: ${NUMBER}$`);
const NEURONS = new RegExp(
  `^Neurons +(\\d+)\\. Current error: ${NUMBER}\\. Total error: *${NUMBER}\\. Epochs +(\\d+)\\. ` +
    String.raw`Bit fail +(\d+)(?:\. candidate steepness [\d.]+\. function (FANN_\w+))?$`,
);
const OUTPUTS = new RegExp(`^Train outputs +Current error: ${NUMBER}\\. Epochs +(\\d+)$`);
const TEST = new RegExp(`^MSE error on (train|test) data *: *${NUMBER}$`, "i");
const PARAMETER = /^(Training algorithm|Learning rate|Network type) +: +([\w.]+)$/;
const ERROR = /^FANN Error (\d+): (.{1,300})$/;
const PLOT = new RegExp(`^#plot +([^\\s\\p{C}]+) +${NUMBER} +${NUMBER}$`, "u");

// biome-ignore lint/suspicious/noControlCharactersInRegex: what colours a text begins with Escape
const CONTROL = /\x1b(?:\[[\d;:?]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()].)/g;

/**
 * @typedef {object} Report
 * @property {number} epoch Of a cascade: epochs spent so far, candidates' included.
 * @property {number} error Mean square error; NaN or infinite when the training broke.
 * @property {number | null} bitFail How many outputs are off by more than the limit.
 * @property {number | null} neurons Hidden neurons added so far; null outside of a cascade.
 */

/**
 * One call of fann_train_on_data, fann_train_on_file or fann_cascadetrain_on_data.
 *
 * @typedef {object} Training
 * @property {"epochs" | "cascade"} kind
 * @property {number | null} max Epochs or neurons at most; null when the program did not say.
 * @property {number | null} desiredError
 * @property {Report[]} reports In order, decimated to some 5,000.
 * @property {Report | null} last
 */

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {[x: number, y: number][]} points In the order printed; all numbers are finite.
 * @property {boolean} ofTraining Whether FANN reported it; otherwise a `#plot` line did.
 */

/** Fed with output as it comes, it knows at any time what can be drawn and said. */
export class TrainingReader {
  #line = "";
  #overlong = false;
  /** @type {{about: Omit<Training, "reports" | "last">, row: Decimated<Report>, number: number}[]} */
  #trainings = [];
  #begun = 0;
  /** @type {Map<string, Decimated<[number, number]>>} */
  #plots = new Map();
  /** Grows with everything that was understood: whoever draws can tell whether to draw again. */
  version = 0;
  /** `#plot` lines that were left out: malformed, or of one series too many. */
  ignored = 0;
  /** What “MSE error on … data” said since the last training began. @type {{set: "train" | "test", error: number}[]} */
  tests = [];
  /** FANN's own errors, such as “FANN Error 4: …”. @type {{code: number, message: string}[]} */
  errors = [];
  /** What fann_print_parameters said that matters to a diagnosis. @type {Map<string, string>} */
  parameters = new Map();

  /**
   * @param {string} text Output as it comes; lines may be cut anywhere.
   */
  write(text) {
    let from = 0;
    for (const { index } of text.matchAll(/[\r\n]/g)) {
      this.#add(text.slice(from, index));
      this.#endLine();
      from = index + 1;
    }
    this.#add(text.slice(from));
  }

  /** Takes an unfinished last line as finished: the program has ended. */
  end() {
    this.#endLine();
  }

  /** The training under way or last seen. @returns {Training | null} */
  get training() {
    const last = this.#trainings.at(-1);
    return last ? { ...last.about, ...reportsOf(last.row) } : null;
  }

  /** Of the last training. @returns {Report[]} */
  get reports() {
    return this.training?.reports ?? [];
  }

  /** Of the last training; null when it did not say. @returns {number | null} */
  get desiredError() {
    return this.#trainings.at(-1)?.about.desiredError ?? null;
  }

  /** How many trainings came before those that are kept. */
  get forgotten() {
    return this.#begun - this.#trainings.length;
  }

  /** All that can be drawn: the last trainings, then the program's own. @returns {Series[]} */
  get series() {
    const trainings = this.#trainings.map(({ row, number }) => ({
      name: this.#begun > 1 ? `training error ${number}` : "training error",
      points: row.points.filter(isDrawable).map(pointOf),
      ofTraining: true,
    }));
    const plots = [...this.#plots].map(([name, row]) => ({
      name,
      points: row.points,
      ofTraining: false,
    }));
    return [...trainings, ...plots].filter(({ points }) => points.length > 0);
  }

  /** @param {string} part */
  #add(part) {
    if (this.#overlong || this.#line.length + part.length > LINE_CHARACTERS) {
      this.#overlong = true;
      this.#line = "";
    } else this.#line += part;
  }

  #endLine() {
    if (this.#line) this.#read(this.#line);
    this.#line = "";
    this.#overlong = false;
  }

  /** @param {string} raw */
  #read(raw) {
    const line = raw.replace(CONTROL, "").trim();
    if (line.startsWith("#plot")) this.#readPlot(line);
    else if (line.startsWith("Max ")) this.#readStart(line);
    else if (/^(?:Epochs|Neurons|Train outputs) /.test(line)) this.#readReport(line);
    else this.#readRest(line);
  }

  /** @param {string} line */
  #readPlot(line) {
    const [, name, x, y] = PLOT.exec(line) ?? [];
    const point = /** @type {[number, number]} */ ([printed(x), printed(y)]);
    if (!name || name.length > NAME_CHARACTERS || !point.every(Number.isFinite)) {
      this.ignored += 1;
      return;
    }
    if (!this.#plots.has(name) && this.#plots.size >= PLOTS) {
      this.ignored += 1;
      return;
    }
    const row = this.#plots.get(name) ?? new Decimated(POINTS, ([, height]) => height);
    this.#plots.set(name, row);
    row.push(point);
    this.version += 1;
  }

  /** @param {string} line */
  #readStart(line) {
    const epochs = MAX_EPOCHS.exec(line);
    const found = epochs ?? MAX_NEURONS.exec(line);
    if (found) this.#begin(epochs ? "epochs" : "cascade", printed(found[1]), printed(found[2]));
  }

  /** @param {string} line */
  #readReport(line) {
    const [, epoch, error, bitFail] = EPOCHS.exec(line) ?? [];
    if (epoch) this.#report("epochs", printed(epoch), printed(error), count(bitFail), null);

    const [, at, mse, desired] = CALLBACK.exec(line) ?? [];
    if (at) this.#report("epochs", printed(at), printed(mse), null, null, printed(desired));

    const [, neurons, left, , spent, failed] = NEURONS.exec(line) ?? [];
    if (neurons) {
      this.#report("cascade", printed(spent), printed(left), count(failed), printed(neurons));
    }

    const [, final, all] = OUTPUTS.exec(line) ?? [];
    const added = this.#trainings.at(-1)?.row.last?.neurons ?? 0;
    if (final) this.#report("cascade", printed(all), printed(final), null, added);
  }

  /** @param {string} line */
  #readRest(line) {
    const [, set, error] = TEST.exec(line) ?? [];
    if (set && this.tests.length < TESTS) {
      const name = set.toLowerCase() === "test" ? "test" : "train";
      this.tests.push({ set: name, error: printed(error) });
      this.version += 1;
    }
    const [, code, message = ""] = ERROR.exec(line) ?? [];
    if (code && this.errors.length < ERRORS) {
      this.errors.push({ code: printed(code), message });
      this.version += 1;
    }
    const [, name, value] = PARAMETER.exec(line) ?? [];
    if (name && value) this.parameters.set(name, value);
  }

  /**
   * @param {Training["kind"]} kind
   * @param {number | null} max
   * @param {number | null} desiredError
   */
  #begin(kind, max, desiredError) {
    this.#begun += 1;
    this.#trainings.push({
      about: { kind, max, desiredError },
      row: new Decimated(POINTS, heightOf),
      number: this.#begun,
    });
    if (this.#trainings.length > TRAININGS) this.#trainings.shift();
    this.tests = [];
    this.version += 1;
  }

  /**
   * @param {Training["kind"]} kind
   * @param {number} epoch
   * @param {number} error
   * @param {number | null} bitFail
   * @param {number | null} neurons
   * @param {number | null} [desiredError]
   */
  #report(kind, epoch, error, bitFail, neurons, desiredError = null) {
    const before = this.#trainings.at(-1);
    const goesOn = before?.about.kind === kind && !(epoch <= (before.row.last?.epoch ?? -1));
    if (!goesOn) this.#begin(kind, null, desiredError);
    this.#trainings.at(-1)?.row.push({ epoch, error, bitFail, neurons });
    this.version += 1;
  }
}

/** @param {string | undefined} text */
function count(text) {
  return text === undefined ? null : Number(text);
}

/** @param {Report} report */
function heightOf({ error }) {
  return Number.isNaN(error) ? Infinity : error;
}

/** @param {Report} report */
function isDrawable({ error }) {
  return Number.isFinite(error);
}

/**
 * @param {Report} report
 * @returns {[number, number]}
 */
function pointOf({ epoch, error }) {
  return [epoch, error];
}

/** @param {Decimated<Report>} row */
function reportsOf(row) {
  return { reports: row.points, last: row.last };
}
