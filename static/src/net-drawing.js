/** The net as a drawing: neurons in columns, a line for each connection. */

import { drawn } from "./dom.js";
import { layerName, neuronName, neuronsOf, neuronWork, strongest } from "./net-view.js";

/** CSS pixels, as is everything here. */
const MARGIN = 46;
const HEAD = 34;
const COLUMN = { least: 76, most: 230 };
const NARROW_COLUMN = { least: 40, most: 230 };
const ROW = { least: 20, most: 62 };
/**
 * How far the middle of a net with shortcuts hangs down. On such a bow no neuron is in the way of
 * a connection between two others, where in a row all lines would be one.
 */
const SAG = { least: 70, most: 300 };
const THICKEST = 5;
const THINNEST = 0.6;

/**
 * @typedef {import("./net-file.js").Net} Net
 * @typedef {import("./net-file.js").Neuron} Neuron
 * @typedef {{x: number, y: number}} Place
 * @typedef {{width: number, height: number, radius: number, columns: number[],
 *   places: Map<number, Place>}} Layout Places by the neuron's id.
 */

/**
 * Where everything goes; wider or higher than there is room where it has to be.
 *
 * @param {Net} net
 * @param {{width: number, height: number}} room
 * @returns {Layout}
 */
export function layoutOf(net, room) {
  const layers = net.layers.map((_, layer) => neuronsOf(net, layer));
  const steps = layers.length - 1;
  const tallest = Math.max(...layers.map(({ length }) => length));
  const column = fit(room.width - 2 * MARGIN, steps, net.shortcut ? NARROW_COLUMN : COLUMN);
  const bowed = net.shortcut && steps > 1;
  const height = room.height - HEAD - MARGIN / 2;
  const row = fit(bowed ? height / 2 : height, tallest, ROW);
  const left = Math.max(MARGIN, (room.width - column * steps) / 2);
  const middle = HEAD + (tallest * row) / 2;
  const depth = bowed ? fit(height - tallest * row, 1, SAG) : 0;
  const columns = layers.map((_, layer) => left + layer * column);
  const places = new Map();
  layers.forEach((neurons, layer) => {
    const sag = (4 * depth * layer * (steps - layer)) / Math.max(1, steps) ** 2;
    neurons.forEach(({ id }, at) => {
      places.set(id, {
        x: columns[layer],
        y: middle + sag + (at - (neurons.length - 1) / 2) * row,
      });
    });
  });
  const width = Math.max(room.width, 2 * left + column * steps);
  const lowest = Math.max(HEAD, ...[...places.values()].map(({ y }) => y));
  return { width, height: lowest + MARGIN / 2, radius: Math.min(13, row * 0.36), columns, places };
}

/**
 * @param {number} space
 * @param {number} parts
 * @param {{least: number, most: number}} bounds
 */
function fit(space, parts, { least, most }) {
  return Math.min(most, Math.max(least, space / Math.max(1, parts)));
}

/**
 * @typedef {object} Drawing
 * @property {SVGSVGElement} svg
 * @property {Map<number, SVGGElement>} neurons By id.
 * @property {{from: number, to: number, line: SVGLineElement}[]} edges
 */

/**
 * @param {Net} net
 * @param {Layout} layout
 * @returns {Drawing}
 */
export function drawNet(net, layout) {
  const edges = drawEdges(net, layout);
  const neurons = new Map();
  for (const neuron of net.layers.flat()) {
    const place = layout.places.get(neuron.id);
    if (place) neurons.set(neuron.id, drawNeuron(net, neuron, place, layout.radius));
  }
  const heads = layout.columns.map((x, layer) =>
    drawn("text", { class: "net-head", x, y: 18 }, shortName(net, layer, layout)),
  );
  const { width, height } = layout;
  const svg = drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group" });
  svg.append(drawn("g", {}, ...edges.map(({ line }) => line)), ...heads, ...neurons.values());
  return { svg, neurons, edges };
}

/**
 * A layer's name as far as it has room: a cascade has many narrow columns.
 *
 * @param {Net} net
 * @param {number} layer
 * @param {Layout} layout
 */
function shortName(net, layer, { columns }) {
  const name = layerName(net, layer);
  const room = (columns[1] ?? Infinity) - (columns[0] ?? 0);
  return room < 90 && name.startsWith("Hidden ") ? name.slice("Hidden ".length) : name;
}

/**
 * @param {Net} net
 * @param {Layout} layout
 */
function drawEdges(net, { places }) {
  const { from, to, weight } = net.connections;
  const most = strongest(net) || 1;
  return [...weight].flatMap((value, at) => {
    const [source, target] = [from[at] ?? 0, to[at] ?? 0];
    const [start, end] = [places.get(source), places.get(target)];
    if (!start || !end) return [];
    const size = Number.isFinite(value) ? Math.abs(value) / most : 0;
    const line = drawn("line", {
      class: `net-edge ${signOf(value)}`,
      ...{ x1: start.x.toFixed(1), y1: start.y.toFixed(1) },
      ...{ x2: end.x.toFixed(1), y2: end.y.toFixed(1) },
      "stroke-width": (THINNEST + size * (THICKEST - THINNEST)).toFixed(2),
    });
    return [{ from: source, to: target, line }];
  });
}

/** @param {number} weight */
function signOf(weight) {
  if (!Number.isFinite(weight)) return "odd";
  return weight < 0 ? "negative" : "positive";
}

/**
 * @param {Net} net
 * @param {Neuron} neuron
 * @param {Place} place
 * @param {number} radius
 */
function drawNeuron(net, neuron, { x, y }, radius) {
  const label = `${neuronName(net, neuron)}. ${neuronWork(neuron)}`;
  const shape = neuron.bias
    ? drawn("rect", { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius, rx: 3 })
    : drawn("circle", { cx: x, cy: y, r: radius });
  const mark = neuron.bias ? "+1" : markOf(net, neuron);
  return drawn(
    "g",
    { class: "net-neuron", role: "img", tabindex: -1, "aria-label": label, "data-id": neuron.id },
    shape,
    drawn("text", { x, y: y + 4, "font-size": Math.min(11, radius + 1).toFixed(1) }, mark),
  );
}

/**
 * @param {Net} net
 * @param {Neuron} neuron
 */
function markOf(net, { layer, id }) {
  return String(id - (net.layers[layer]?.[0]?.id ?? 0) + 1);
}
