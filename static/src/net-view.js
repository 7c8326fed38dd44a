/** A net in words, and as a table of colours. Pure: no DOM. */

import { brief, count } from "./figures.js";

/** A net with more than this is shown as heat maps. */
const EDGES = 2000;
const NEURONS = 400;
const LAYERS = 60;
/** Cells of a heat map, along each side; beyond it a cell stands for several neurons. */
const CELLS = 400;
/** Heat maps at most. */
export const MAPS = 24;

/**
 * @typedef {import("./net-file.js").Net} Net
 * @typedef {import("./net-file.js").Neuron} Neuron
 * @typedef {{neuron: Neuron, weight: number}} Edge One end of a connection, seen from the other.
 */

/** @param {Net} net */
export function fitsGraph({ connections, layers }) {
  const neurons = layers.reduce((sum, { length }) => sum + length, 0);
  return connections.weight.length <= EDGES && neurons <= NEURONS && layers.length <= LAYERS;
}

/**
 * The neurons of a layer that take part: FANN keeps a bias even where nothing comes after it.
 *
 * @param {Net} net
 * @param {number} layer
 */
export function neuronsOf({ layers }, layer) {
  const all = layers[layer] ?? [];
  return layer === layers.length - 1 && layer > 0 ? all.filter(({ bias }) => !bias) : all;
}

/**
 * @param {Net} net
 * @param {number} layer
 */
export function layerName({ layers }, layer) {
  if (layer === 0) return "Input";
  if (layer === layers.length - 1) return "Output";
  return layers.length === 3 ? "Hidden" : `Hidden ${layer}`;
}

/**
 * A neuron's name, such as “hidden 1 neuron 3”.
 *
 * @param {Net} net
 * @param {Neuron} neuron
 */
export function neuronName(net, neuron) {
  const { layer, bias, id } = neuron;
  const name = layerName(net, layer).toLowerCase();
  if (bias) return layer === 0 ? "bias" : `${name} bias`;
  const number = id - (net.layers[layer]?.[0]?.id ?? 0) + 1;
  return name === "input" || name === "output" ? `${name} ${number}` : `${name} neuron ${number}`;
}

/** What a neuron does with its inputs. @param {Neuron} neuron */
export function neuronWork({ bias, layer, activation, steepness }) {
  if (bias) return "Always 1.";
  return layer === 0
    ? "Takes a value from outside."
    : `${activation}, steepness ${brief(steepness)}.`;
}

/**
 * The largest weight without its sign, of those that are finite; 0 when there is none.
 *
 * @param {Net} net
 */
export function strongest({ connections }) {
  return connections.weight.reduce((most, weight) => {
    const size = Math.abs(weight);
    return size > most && size < Infinity ? size : most;
  }, 0);
}

/**
 * A weight as people read it.
 *
 * @param {number} weight
 */
export function weightText(weight) {
  if (Number.isNaN(weight)) return "not a number";
  if (!Number.isFinite(weight)) return weight > 0 ? "infinite" : "−infinite";
  return brief(weight).replace("-", "−");
}

/**
 * A net in a sentence or some.
 *
 * @param {Net} net
 */
export function summaryOf(net) {
  const { connections, shortcut, numbers, decimalPoint, scaled } = net;
  const notes = [
    `${sizesOf(net)}; ${several(connections.weight.length, "connection")}.`,
    shortcut ? "Shortcuts: each neuron sees all layers before its own." : "",
    numbers === "fixed" ? `Fixed point, ${decimalPoint} bits after the point.` : "",
    scaled ? "With scaling of inputs and outputs." : "",
    oddWeights(net),
  ];
  return notes.filter(Boolean).join(" ");
}

/** @param {Net} net */
function sizesOf({ layers }) {
  const [inputs = 0, ...others] = layers.map((all) => all.filter(({ bias }) => !bias).length);
  const outputs = others.pop() ?? 0;
  const hidden = others.length > 8 ? `${count(others.length)} hidden layers` : others.join(" and ");
  const middle = others.length > 0 && others.length <= 8 ? `${hidden} hidden` : hidden;
  const parts = [several(inputs, "input"), middle, several(outputs, "output")];
  return parts.filter(Boolean).join(", ");
}

/**
 * @param {number} number
 * @param {string} what In the singular.
 */
function several(number, what) {
  return `${count(number)} ${what}${number === 1 ? "" : "s"}`;
}

/** @param {Net} net */
function oddWeights({ connections }) {
  const odd = connections.weight.reduce(
    (sum, weight) => sum + (Number.isFinite(weight) ? 0 : 1),
    0,
  );
  if (odd === 0) return "";
  return `${odd === 1 ? "1 weight is" : `${count(odd)} weights are`} not a number: the training broke down.`;
}

/**
 * All connections of a neuron, the strongest first.
 *
 * @param {Net} net
 * @param {Neuron[]} neurons All of the net, by id.
 * @param {Neuron} neuron
 * @returns {{incoming: Edge[], outgoing: Edge[]}}
 */
export function edgesOf(
  { connections: { from, to, weight } },
  neurons,
  { id, firstInput, inputs },
) {
  /** @type {Edge[]} */
  const outgoing = [];
  from.forEach((source, at) => {
    if (source === id) outgoing.push(edge(neurons, to[at], weight[at]));
  });
  const incoming = Array.from({ length: inputs }, (_, at) =>
    edge(neurons, from[firstInput + at], weight[firstInput + at]),
  );
  return { incoming: incoming.sort(stronger), outgoing: outgoing.sort(stronger) };
}

/**
 * @param {Neuron[]} neurons
 * @param {number | undefined} id
 * @param {number | undefined} weight
 * @returns {Edge}
 */
function edge(neurons, id = 0, weight = 0) {
  return { neuron: /** @type {Neuron} */ (neurons[id]), weight };
}

/**
 * @param {Edge} a
 * @param {Edge} b
 */
function stronger(a, b) {
  return Math.abs(b.weight || 0) - Math.abs(a.weight || 0);
}

/**
 * A table of weights: a column for each neuron that a weight comes from, a row for each that it
 * leads to. In a large one a cell stands for several of them and holds the strongest weight.
 *
 * @typedef {object} HeatMap
 * @property {string} title
 * @property {Neuron[]} sources Of the columns.
 * @property {Neuron[]} targets Of the rows.
 * @property {number} columns
 * @property {number} rows
 * @property {Float32Array} cells Row by row; NaN where there is no connection, or no number.
 */

/**
 * A map for each pair of layers; of a net with shortcuts, one of all neurons.
 *
 * @param {Net} net
 * @returns {HeatMap[]}
 */
export function heatMaps(net) {
  const all = net.layers.flat();
  if (net.shortcut) {
    const first = net.layers[0]?.length ?? 0;
    return [heatMap(net, "All neurons", all.slice(0, -1), all.slice(first))];
  }
  const maps = net.layers.slice(1, MAPS + 1).map((_, at) => {
    const sources = net.layers[at] ?? [];
    const targets = neuronsOf(net, at + 1).filter(({ bias }) => !bias);
    const title = `${layerName(net, at)} → ${layerName(net, at + 1).toLowerCase()}`;
    return heatMap(net, title, sources, targets);
  });
  return maps.filter(({ cells }) => cells.length > 0);
}

/**
 * @param {Net} net
 * @param {string} title
 * @param {Neuron[]} sources With ids in a row, as are those of the targets.
 * @param {Neuron[]} targets
 * @returns {HeatMap}
 */
function heatMap({ connections: { from, weight } }, title, sources, targets) {
  const columns = Math.min(CELLS, sources.length);
  const rows = Math.min(CELLS, targets.length);
  const cells = new Float32Array(columns * rows).fill(Number.NaN);
  const firstSource = sources[0]?.id ?? 0;
  targets.forEach(({ firstInput, inputs }, target) => {
    const row = Math.floor((target * rows) / targets.length);
    for (let at = firstInput; at < firstInput + inputs; at++) {
      const source = (from[at] ?? 0) - firstSource;
      if (source < 0 || source >= sources.length) continue;
      const cell = row * columns + Math.floor((source * columns) / sources.length);
      const [now = Number.NaN, next = 0] = [cells[cell], weight[at]];
      if (!(Math.abs(next) <= Math.abs(now))) cells[cell] = next;
    }
  });
  return { title, sources, targets, columns, rows, cells };
}

/**
 * What a cell says: “input 3 → hidden neuron 5: −0.23”.
 *
 * @param {Net} net
 * @param {HeatMap} map
 * @param {number} column
 * @param {number} row
 */
export function cellText(net, { sources, targets, columns, rows, cells }, column, row) {
  const from = rangeName(net, sources, column, columns);
  const to = rangeName(net, targets, row, rows);
  const value = cells[row * columns + column] ?? Number.NaN;
  const which = columns < sources.length || rows < targets.length ? "strongest " : "";
  return `${from} → ${to}: ${Number.isNaN(value) ? "no weight" : which + weightText(value)}`;
}

/**
 * @param {Net} net
 * @param {Neuron[]} neurons
 * @param {number} at
 * @param {number} cells
 */
function rangeName(net, neurons, at, cells) {
  const first = neurons[Math.ceil((at * neurons.length) / cells)];
  const last = neurons[Math.ceil(((at + 1) * neurons.length) / cells) - 1];
  if (!first || !last) return "";
  return first === last
    ? neuronName(net, first)
    : `${neuronName(net, first)} to ${neuronName(net, last)}`;
}
