/** What the training doctor prescribes: a sentence, and C to try. Pure: no DOM. */

import { brief, count, literal, roundUp } from "./figures.js";
import { epochsTo } from "./trend.js";

/**
 * @typedef {object} Advice
 * @property {string} suggestion
 * @property {string} call
 */

/**
 * @typedef {import("./training.js").Training} Training
 * @typedef {import("./training.js").Report} Report
 */

/** On outputs between -1 and 1 the mean square error stays below 4. */
const UNSCALED_ERROR = 4;
/**
 * FANN halves the difference of symmetric outputs: who always says the mean of -1 and 1 has an
 * error of 0.25. One that stays at twice that has answers that its outputs cannot give.
 */
const WORSE_THAN_GUESSING = 0.49;
/** More epochs than this many times the last are no advice. */
const FAR = 10;

/** @type {Advice} */
export const SCALING = {
  suggestion: "Scale inputs and outputs to the range from -1 to 1 before the training.",
  call: "fann_set_scaling_params(ann, data, -1, 1, -1, 1); fann_scale_train(ann, data);",
};

/** Where a limit ended the training, by the outcome's status. @type {Record<string, Advice & {name: string}>} */
export const LIMITS = {
  timeout: {
    name: "time limit",
    suggestion: "Save the network now and then, and continue from the file in the next run.",
    call: 'fann_save(ann, "network.net"); /* next time: fann_create_from_file("network.net") */',
  },
  output_limit: {
    name: "output limit",
    suggestion:
      "Report less often: the fourth argument is the number of epochs between two reports.",
    call: "fann_train_on_data(ann, data, max_epochs, max_epochs / 100, desired_error);",
  },
  memory_limit: {
    name: "memory limit",
    suggestion: "Use fewer neurons, or train on part of the data.",
    call: "struct fann_train_data *part = fann_subset_train_data(data, 0, 1000);",
  },
};

/**
 * What a net needs whose error stands still.
 *
 * @param {Training} training
 * @param {Report} last
 * @returns {Advice}
 */
export function remedy({ kind }, last) {
  if (last.error > UNSCALED_ERROR) return SCALING;
  if (last.error >= WORSE_THAN_GUESSING) {
    return {
      suggestion:
        "The outputs may be out of reach: FANN_SIGMOID gives only 0 to 1, FANN_SIGMOID_SYMMETRIC gives -1 to 1.",
      call: "fann_set_activation_function_output(ann, FANN_SIGMOID_SYMMETRIC);",
    };
  }
  if (kind === "cascade") {
    return {
      suggestion: "Try more candidates for each neuron that is added.",
      call: "fann_set_cascade_num_candidate_groups(ann, 8);",
    };
  }
  return {
    suggestion:
      "Start from other weights; if it stops at the same error again, add hidden neurons.",
    call: "fann_randomize_weights(ann, -1.0f, 1.0f);",
  };
}

/**
 * For a training that fell short of the desired error while it went well.
 *
 * @param {Report[]} recent
 * @param {Report} last
 * @param {number} max
 * @param {number} desiredError
 * @returns {Advice}
 */
export function longer(recent, last, max, desiredError) {
  const needed = epochsTo(desiredError, recent[0] ?? last, last);
  if (needed > FAR * max) {
    return {
      suggestion: `At this pace it would take more than ${FAR} times as long: use RPROP, which chooses its own step sizes.`,
      call: "fann_set_training_algorithm(ann, FANN_TRAIN_RPROP);",
    };
  }
  const epochs = roundUp(Math.max(needed, 1.5 * max));
  return {
    suggestion: `Allow about ${count(epochs)} epochs.`,
    call: `fann_train_on_data(ann, data, ${epochs}, ${Math.ceil(epochs / 100)}, ${literal(desiredError)});`,
  };
}

/**
 * What a net needs whose error jumps about.
 *
 * @param {number} error
 * @param {{parameters: Map<string, string>}} reader
 * @returns {Advice}
 */
export function calmer(error, reader) {
  return error > UNSCALED_ERROR ? SCALING : slower(reader);
}

/**
 * Smaller steps for the algorithm in use, as far as the program told which one that is.
 *
 * @param {{parameters: Map<string, string>}} reader
 * @returns {Advice}
 */
export function slower({ parameters }) {
  const algorithm = parameters.get("Training algorithm") ?? "";
  const rate = Number(parameters.get("Learning rate") ?? "nan");
  if (/INCREMENTAL|BATCH|QUICKPROP/.test(algorithm) && rate > 0) {
    return {
      suggestion: `Lower the learning rate from ${brief(rate)}.`,
      call: `fann_set_learning_rate(ann, ${literal(rate / 5)});`,
    };
  }
  if (/RPROP/.test(algorithm)) {
    return { suggestion: "Limit RPROP’s steps.", call: "fann_set_rprop_delta_max(ann, 1.0f);" };
  }
  return {
    suggestion: "Use RPROP, which chooses its own step sizes, or a learning rate five times lower.",
    call: "fann_set_training_algorithm(ann, FANN_TRAIN_RPROP);",
  };
}
