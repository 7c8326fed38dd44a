/**
 * The training doctor: what became of a training, in a sentence, with the FANN call to try.
 *
 * Fixed rules over what FANN reported, first match wins; nothing is learnt or guessed at. The
 * thresholds were set on the logs in tests/page/training, each made by a real program.
 * Pure: no DOM.
 */

import { calmer, LIMITS, longer, remedy, SCALING, slower } from "./advice.js";
import { brief, count, literal } from "./figures.js";
import { gain, median, restlessness, secondHalf, steadySince } from "./trend.js";

/** Fewer reports than this say nothing about a trend. */
const ENOUGH_REPORTS = 6;
/** An error that ends this many times above its lowest has run away. */
const GROWN = 3;
/** Rises that make up for this share of the falls are no noise of a falling error. */
const RISES = 0.7;
/** A change from report to report by less than this share is no jump. */
const JUMP = 0.05;
/** A quarter of the training that takes off less than this share of the error leads nowhere. */
const GAIN = 0.02;
/** From here on the test error says that the net learnt its examples by heart. */
const OVERFIT = 5;

const NOTHING = { suggestion: "", call: "" };

/**
 * @typedef {object} Diagnosis
 * @property {"reached" | "overfits" | "broken" | "diverges" | "oscillates" | "plateau" | "short"
 *   | "refused" | "cut"} verdict
 * @property {string} sentence What happened.
 * @property {string} suggestion What to do; empty when nothing is wrong.
 * @property {string} call C to try; empty when there is no such call.
 */

/**
 * @typedef {import("./training.js").Training} Training
 * @typedef {import("./training.js").Report} Report
 * @typedef {Pick<import("./training.js").TrainingReader,
 *   "training" | "tests" | "errors" | "parameters">} Reader
 * @typedef {{status: string} | null} Outcome Null while the program runs.
 */

/**
 * @param {Reader} reader
 * @param {Outcome} outcome
 * @returns {Diagnosis | null} Null when there is nothing to say, or not yet.
 */
export function diagnose(reader, outcome) {
  const refusal = refused(reader);
  if (refusal) return refusal;
  const { training } = reader;
  if (!training?.last) return null;
  /** @type {Seen} */
  const seen = { training, last: training.last, recent: secondHalf(training.reports), reader };
  const early = broken(seen) ?? overfits(seen) ?? reached(seen, outcome) ?? diverges(seen);
  if (early) return early;
  if (outcome === null && training.reports.length < 2 * ENOUGH_REPORTS) return null;
  return oscillates(seen) ?? plateau(seen) ?? cut(seen, outcome) ?? short(seen, outcome);
}

/**
 * @typedef {object} Seen
 * @property {Training} training
 * @property {Report} last
 * @property {Report[]} recent The second half of the reports, where a trend shows.
 * @property {Reader} reader
 */

/**
 * FANN's refusals go to standard error and are easily missed.
 *
 * @param {Reader} reader
 * @returns {Diagnosis | null}
 */
function refused({ errors }) {
  const error = errors[0];
  if (!error) return null;
  const sentence = `FANN refused: ${error.message}`;
  if (error.message.startsWith("Wrong version of configuration file")) {
    return {
      verdict: "refused",
      sentence:
        "FANN refused the network file: another version of FANN wrote it, or it has another number format.",
      suggestion:
        "Use the header that the file was saved with (fann.h and doublefann.h share a format, fixedfann.h has its own), or train and save again here.",
      call: 'fann_save(ann, "network.net");',
    };
  }
  const suggestion = error.message.includes("don't match")
    ? "Make the network with as many inputs and outputs as the data file's first line says."
    : "Look at the name and the content of the file, then run again.";
  return { verdict: "refused", sentence, suggestion, call: "" };
}

/**
 * @param {Seen} seen
 * @returns {Diagnosis | null}
 */
function broken({ training }) {
  const first = training.reports.find(({ error }) => !Number.isFinite(error));
  if (!first) return null;
  return {
    verdict: "broken",
    sentence: `The error stopped being a number at epoch ${count(first.epoch)}: values grew too large.`,
    ...SCALING,
  };
}

/**
 * @param {Seen} seen
 * @returns {Diagnosis | null}
 */
function overfits({ last: { error }, reader }) {
  const test = reader.tests.filter(({ set }) => set === "test").at(-1);
  if (!test || test.error < OVERFIT * Math.max(error, Number.MIN_VALUE)) return null;
  const times = error > 0 ? `${count(Math.round(test.error / error))} times` : "far above";
  return {
    verdict: "overfits",
    sentence: `The network learnt its examples by heart: the error on the test data is ${times} the training error.`,
    suggestion: "Use fewer hidden neurons, a larger desired error, or more examples.",
    call: "struct fann *ann = fann_create_standard(3, inputs, hidden / 2, outputs);",
  };
}

/**
 * @param {Seen} seen
 * @param {Outcome} outcome
 * @returns {Diagnosis | null}
 */
function reached({ training, last }, outcome) {
  const { desiredError } = training;
  if (desiredError === null) return null;
  if (last.error <= desiredError) {
    const sentence = `The desired error of ${brief(desiredError)} was reached after ${spent(last)}.`;
    return { verdict: "reached", sentence, ...NOTHING };
  }
  if (!stoppedByBits(training, last, outcome)) return null;
  const sentence = `No more outputs fail than were allowed, after ${spent(last)} (bit fail ${count(last.bitFail ?? 0)}).`;
  return { verdict: "reached", sentence, ...NOTHING };
}

/**
 * With FANN_STOPFUNC_BIT the desired error is a number of failing outputs. FANN does not say
 * which function is set; but a training that ended early, in a program that went well, had a
 * reason.
 *
 * @param {Training} training
 * @param {Report} last
 * @param {Outcome} outcome
 */
function stoppedByBits(training, last, outcome) {
  if (training.max === null || usedUp(training, last) || outcome?.status !== "success")
    return false;
  // What a cascade says at its very end has no bits.
  const { bitFail } = training.reports.filter((report) => report.bitFail !== null).at(-1) ?? last;
  return bitFail !== null && bitFail <= Math.floor(training.desiredError ?? 0);
}

/**
 * Whether a training went as far as it was allowed to. A cascade reports before it adds a
 * neuron, so that its last one is not told.
 *
 * @param {Training} training
 * @param {Report} last
 */
function usedUp({ kind, max }, { epoch, neurons }) {
  return kind === "cascade" ? (neurons ?? 0) + 1 >= Number(max) : epoch >= Number(max);
}

/**
 * @param {Seen} seen
 * @returns {Diagnosis | null}
 */
function diverges({ training, last, recent, reader }) {
  if (training.reports.length < ENOUGH_REPORTS) return null;
  const lowest = Math.min(...training.reports.map(({ error }) => error));
  const first = training.reports[0]?.error ?? 0;
  const now = median(recent.map(({ error }) => error));
  if (now < GROWN * lowest || last.error < GROWN * lowest || now <= first) return null;
  const steps = slower(reader);
  return {
    verdict: "diverges",
    sentence: `The error grows instead of falling: it is ${brief(last.error)} now, and was ${brief(lowest)}.`,
    suggestion: `The steps are too large. ${steps.suggestion}`,
    call: steps.call,
  };
}

/**
 * @param {Seen} seen
 * @returns {Diagnosis | null}
 */
function oscillates({ recent, reader }) {
  if (recent.length < ENOUGH_REPORTS) return null;
  const errors = recent.map(({ error }) => error);
  const { rises, jump } = restlessness(errors);
  if (rises < RISES || jump < JUMP) return null;
  const middle = median(errors);
  return {
    verdict: "oscillates",
    sentence: `The error jumps up and down around ${brief(middle)} and no longer falls.`,
    ...calmer(middle, reader),
  };
}

/**
 * @param {Seen} seen
 * @returns {Diagnosis | null}
 */
function plateau({ training, last, recent }) {
  if (training.reports.length < ENOUGH_REPORTS) return null;
  if (gain(recent.map(({ error }) => error)) >= GAIN) return null;
  const from = steadySince(training.reports, GAIN);
  const since =
    training.kind === "cascade"
      ? `neuron ${count(from.neurons ?? 0)}`
      : `epoch ${count(from.epoch)}`;
  return {
    verdict: "plateau",
    sentence: `The error has stood still at ${brief(last.error)} since ${since}.`,
    ...remedy(training, last),
  };
}

/**
 * @param {Seen} seen
 * @param {Outcome} outcome
 * @returns {Diagnosis | null}
 */
function cut({ last }, outcome) {
  const limit = LIMITS[outcome?.status ?? ""];
  if (!limit) return null;
  const { name, suggestion, call } = limit;
  const sentence = `The ${name} ended the training after ${spent(last)}, at an error of ${brief(last.error)}.`;
  return { verdict: "cut", sentence, suggestion, call };
}

/**
 * @param {Seen} seen
 * @param {Outcome} outcome
 * @returns {Diagnosis | null}
 */
function short({ training, last, recent }, outcome) {
  const { kind, max, desiredError } = training;
  if (desiredError === null || max === null) return null;
  if (!usedUp(training, last) || (kind === "cascade" && outcome === null)) return null;
  const all = kind === "cascade" ? `${count(max)} neurons` : `${count(max)} epochs`;
  const falling = gain(recent.map(({ error }) => error)) >= GAIN ? "; it was still falling" : "";
  const sentence = `All ${all} were used, and the error is ${brief(last.error)} instead of ${brief(desiredError)}${falling}.`;
  if (kind === "cascade") {
    const call = `fann_cascadetrain_on_data(ann, data, ${2 * max}, 1, ${literal(desiredError)});`;
    return { verdict: "short", sentence, suggestion: "Allow more neurons.", call };
  }
  return { verdict: "short", sentence, ...longer(recent, last, max, desiredError) };
}

/** @param {Report} report */
function spent({ epoch, neurons }) {
  if (neurons !== null) return `${count(neurons)} ${neurons === 1 ? "neuron" : "neurons"}`;
  return `${count(epoch)} ${epoch === 1 ? "epoch" : "epochs"}`;
}
