/**
 * Reads the `.net` files of libfann 2.2.0, float, double and fixed point.
 *
 * The file is a stranger's: every count in it is checked against what is there, and the text is
 * walked through once, so that time and memory follow its length and not its numbers.
 * Pure: no DOM.
 */

import { NUMBER, printed } from "./printed.js";

const MAX_CHARACTERS = 8 * 1024 * 1024;
const MAX_NEURONS = 100_000;
const MAX_LAYERS = 10_000;
/** libfann keeps fixed-point weights in 32 bits. */
const MAX_DECIMAL_POINT = 31;

/** As libfann numbers them. */
const ACTIVATIONS = [
  "LINEAR",
  "THRESHOLD",
  "THRESHOLD_SYMMETRIC",
  "SIGMOID",
  "SIGMOID_STEPWISE",
  "SIGMOID_SYMMETRIC",
  "SIGMOID_SYMMETRIC_STEPWISE",
  "GAUSSIAN",
  "GAUSSIAN_SYMMETRIC",
  "GAUSSIAN_STEPWISE",
  "ELLIOT",
  "ELLIOT_SYMMETRIC",
  "LINEAR_PIECE",
  "LINEAR_PIECE_SYMMETRIC",
  "SIN_SYMMETRIC",
  "COS_SYMMETRIC",
  "SIN",
  "COS",
].map((name) => `FANN_${name}`);

const FORMAT = /^FANN_(FLO|FIX)_(\d\.\d)$/;
const NEURONS = "neurons (num_inputs, activation_function, activation_steepness)=";
const CONNECTIONS = "connections (connected_to_neuron, weight)=";
const NEURON = new RegExp(String.raw`\((\d+), (\d+), ${NUMBER}\) ?`, "y");
const CONNECTION = new RegExp(String.raw`\((\d+), ${NUMBER}\) ?`, "y");

/**
 * @typedef {object} Neuron
 * @property {number} id Its place in the file, from 0.
 * @property {number} layer From 0.
 * @property {boolean} bias Always 1, and without inputs.
 * @property {string} activation `FANN_SIGMOID`; empty for inputs and biases, which have none.
 * @property {number} steepness
 * @property {number} firstInput Where its connections begin.
 * @property {number} inputs How many they are.
 */

/**
 * Connection `i` leads from neuron `from[i]` to neuron `to[i]`; all three are equally long.
 *
 * @typedef {object} Connections
 * @property {Uint32Array} from
 * @property {Uint32Array} to
 * @property {Float64Array} weight As a real number in both formats; may be NaN or infinite.
 */

/**
 * @typedef {object} Net
 * @property {string} format `FANN_FLO_2.1`
 * @property {"float" | "fixed"} numbers A double's file looks like a float's.
 * @property {number | null} decimalPoint Bits behind the point; null for floats.
 * @property {boolean} shortcut Whether neurons see all layers before theirs, as in a cascade.
 * @property {boolean} scaled Whether the file holds scaling for inputs and outputs.
 * @property {Neuron[][]} layers
 * @property {Connections} connections
 */

/** What is wrong with a file, in a sentence for people. */
export class NetError extends Error {}

/**
 * @param {string} text
 * @returns {Net}
 * @throws {NetError}
 */
export function parseNet(text) {
  if (text.length > MAX_CHARACTERS) {
    fail("The network is too large to show: the file has more than 8 MB.");
  }
  const lines = linesOf(text);
  const numbers = numbersOf(lines.first);
  const decimalPoint = numbers === "fixed" ? decimalPointOf(lines) : null;
  const sizes = layerSizes(lines);
  const shortcut = lines.value("network_type") === "1";
  const unit = decimalPoint === null ? 1 : 2 ** -decimalPoint;
  const layers = readNeurons(lines.after(NEURONS), sizes, shortcut, unit);
  return {
    format: lines.first,
    numbers,
    decimalPoint,
    shortcut,
    scaled: lines.value("scale_included") === "1",
    layers,
    connections: readConnections(lines.after(CONNECTIONS), layers, unit),
  };
}

/**
 * The file's lines by name. The last two are the long ones, and are not copied.
 *
 * @param {string} text
 */
function linesOf(text) {
  const lines = text.split("\n", 200).map((line) => line.trimEnd());
  return {
    first: lines[0] ?? "",
    /** @param {string} name */
    value: (name) => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1),
    /** @param {string} start */
    after: (start) => {
      const line = lines.find((candidate) => candidate.startsWith(start));
      if (line !== undefined) return line.slice(start.length);
      return fail(`The file is cut off: it has no line of ${start.slice(0, start.indexOf(" "))}.`);
    },
  };
}

/** @typedef {ReturnType<typeof linesOf>} Lines */

/** @param {string} first The file's first line. */
function numbersOf(first) {
  const [, kind, version] = FORMAT.exec(first) ?? [];
  if (!kind) {
    fail("This is not a FANN network: its first line is not one like “FANN_FLO_2.1”.");
  }
  if (version !== "2.0" && version !== "2.1") {
    fail(
      `The file has FANN’s format ${version}; only 2.0 and 2.1 can be shown. ` +
        "Train the network again here, and save it.",
    );
  }
  return kind === "FIX" ? "fixed" : "float";
}

/** @param {Lines} lines */
function decimalPointOf(lines) {
  const value = Number(lines.value("decimal_point"));
  if (Number.isInteger(value) && value >= 0 && value <= MAX_DECIMAL_POINT) return value;
  fail(`The file’s “decimal_point” must be a whole number from 0 to ${MAX_DECIMAL_POINT}.`);
}

/** @param {Lines} lines */
function layerSizes(lines) {
  const sizes = (lines.value("layer_sizes") ?? "").trim().split(" ").map(Number);
  if (sizes.length > MAX_LAYERS || !sizes.every((size) => Number.isInteger(size) && size > 0)) {
    fail("The file’s “layer_sizes” must be whole numbers above 0, with spaces between.");
  }
  if (Number(lines.value("num_layers")) !== sizes.length) {
    fail("The file contradicts itself: “num_layers” is not how many “layer_sizes” has.");
  }
  const neurons = sizes.reduce((sum, size) => sum + size, 0);
  if (neurons > MAX_NEURONS) {
    fail(
      `The network is too large to show: ${neurons.toLocaleString("en")} neurons, ` +
        `and the limit is ${MAX_NEURONS.toLocaleString("en")}.`,
    );
  }
  return sizes;
}

/**
 * @param {string} text
 * @param {number[]} sizes
 * @param {boolean} shortcut
 * @param {number} unit What a 1 in the file is worth.
 * @returns {Neuron[][]}
 */
function readNeurons(text, sizes, shortcut, unit) {
  const next = tuples(text, NEURON, "neurons");
  let id = 0;
  let firstInput = 0;
  const layers = sizes.map((size, layer) =>
    Array.from({ length: size }, (_, at) => {
      const [, inputs, activation, steepness] = next() ?? fail(TOO_FEW_NEURONS);
      const count = Number(inputs);
      const bias = at === size - 1 && count === 0 && (layer === 0 || !shortcut);
      const computes = layer > 0 && !bias;
      const neuron = {
        id,
        layer,
        bias,
        activation: computes ? activationOf(Number(activation)) : "",
        steepness: printed(steepness) * unit,
        firstInput,
        inputs: count,
      };
      id += 1;
      firstInput += count;
      return neuron;
    }),
  );
  if (next()) fail("The file contradicts itself: it has more neurons than “layer_sizes” says.");
  return layers;
}

/**
 * @param {string} text
 * @param {Neuron[][]} layers
 * @param {number} unit
 * @returns {Connections}
 */
function readConnections(text, layers, unit) {
  const neurons = layers.flat();
  const count = neurons.reduce((sum, { inputs }) => sum + inputs, 0);
  // The shortest connection is “(0, 1)”: no more than these are there, whatever the neurons say.
  if (count > text.length / 6) fail(TOO_FEW_CONNECTIONS);
  const from = new Uint32Array(count);
  const to = new Uint32Array(count);
  const weight = new Float64Array(count);
  const next = tuples(text, CONNECTION, "connections");
  for (const { id, firstInput, inputs } of neurons) {
    for (let at = firstInput; at < firstInput + inputs; at++) {
      const [, source, value] = next() ?? fail(TOO_FEW_CONNECTIONS);
      if (Number(source) >= neurons.length) fail(NO_SUCH_NEURON);
      from[at] = Number(source);
      to[at] = id;
      weight[at] = printed(value) * unit;
    }
  }
  if (next()) fail("The file contradicts itself: it has more connections than its neurons say.");
  return { from, to, weight };
}

/**
 * One tuple after the other, as a match of the pattern; null at the end.
 *
 * @param {string} text
 * @param {RegExp} pattern Sticky.
 * @param {string} what
 * @returns {() => RegExpExecArray | null}
 */
function tuples(text, pattern, what) {
  let at = 0;
  let number = 0;
  return () => {
    if (at >= text.length) return null;
    number += 1;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) fail(`Number ${number.toLocaleString("en")} of the file’s ${what} cannot be read.`);
    at = pattern.lastIndex;
    return match;
  };
}

/** @param {number} number */
function activationOf(number) {
  return ACTIVATIONS[number] ?? fail(`FANN has no activation function ${number}.`);
}

const TOO_FEW_NEURONS =
  "The file contradicts itself: it has fewer neurons than “layer_sizes” says.";
const TOO_FEW_CONNECTIONS =
  "The file contradicts itself: it has fewer connections than its neurons say.";
const NO_SUCH_NEURON =
  "The file contradicts itself: a connection comes from a neuron that is not there.";

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  throw new NetError(sentence);
}
