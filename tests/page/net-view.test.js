import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { colourOf } from "../../static/src/heat-map.js";
import { layoutOf } from "../../static/src/net-drawing.js";
import { parseNet } from "../../static/src/net-file.js";
import {
  cellText,
  edgesOf,
  fitsGraph,
  heatMaps,
  neuronName,
  neuronWork,
  strongest,
  summaryOf,
} from "../../static/src/net-view.js";

const net = (name) => parseNet(readFileSync(new URL(`nets/${name}.net`, import.meta.url), "utf8"));

/** A net as FANN would save it, all weights made by `weight(from, to)`. */
function made(sizes, weight) {
  const layers = [];
  const [from, to, values] = [[], [], []];
  let id = 0;
  sizes.forEach((size, layer) => {
    const before = layers[layer - 1] ?? [];
    const neurons = Array.from({ length: size + 1 }, (_, at) => {
      const bias = at === size;
      const inputs = bias ? 0 : before.length;
      const neuron = { id, layer, bias, activation: "FANN_SIGMOID", steepness: 0.5 };
      const whole = { ...neuron, firstInput: values.length, inputs };
      for (const source of bias ? [] : before) {
        from.push(source.id);
        to.push(id);
        values.push(weight(source.id, id));
      }
      id += 1;
      return whole;
    });
    layers.push(neurons);
  });
  const connections = {
    from: Uint32Array.from(from),
    to: Uint32Array.from(to),
    weight: Float64Array.from(values),
  };
  const about = { format: "FANN_FLO_2.1", numbers: "float", decimalPoint: null };
  return { ...about, shortcut: false, scaled: false, layers, connections };
}

test("a net is summed up in a sentence", () => {
  assert.equal(summaryOf(net("xor")), "2 inputs, 3 hidden, 1 output; 13 connections.");
  assert.equal(summaryOf(net("sparse")), "4 inputs, 6 and 5 hidden, 2 outputs; 45 connections.");
  assert.match(summaryOf(net("cascade")), /7 connections\. Shortcuts: /);
  assert.match(summaryOf(net("xor-fixed")), /Fixed point, \d+ bits/);
  assert.match(summaryOf(net("scaled")), /With scaling/);
  assert.match(summaryOf(net("nan")), /2 weights are not a number/);
});

test("nets of a strange shape have a sentence too", () => {
  assert.equal(summaryOf(made([3], () => 1)), "3 inputs, 0 outputs; 0 connections.");
  assert.equal(summaryOf(made([3, 1], () => 1)), "3 inputs, 1 output; 4 connections.");
  const deep = made(Array(12).fill(2), () => 1);
  assert.match(summaryOf(deep), /^2 inputs, 10 hidden layers, 2 outputs; 66 connections\.$/);
  assert.deepEqual(heatMaps(made([0, 0, 0], () => 1)), []);
});

test("neurons have names, and say what they do", () => {
  const one = net("sparse");
  const neurons = one.layers.flat();
  assert.deepEqual(
    [0, 4, 5, 11, 12, 19].map((id) => neuronName(one, neurons[id])),
    ["input 1", "bias", "hidden 1 neuron 1", "hidden 1 bias", "hidden 2 neuron 1", "output 2"],
  );
  assert.equal(neuronWork(neurons[4]), "Always 1.");
  assert.equal(neuronWork(neurons[5]), "FANN_SIGMOID_STEPWISE, steepness 0.5.");
});

test("a neuron's weights are listed with the strongest first, both ways", () => {
  const one = net("xor");
  const neurons = one.layers.flat();
  const { incoming, outgoing } = edgesOf(one, neurons, neurons[4]);
  const sizes = incoming.map(({ weight }) => Math.abs(weight));
  assert.equal(incoming.length, 3);
  assert.deepEqual(
    sizes,
    [...sizes].sort((a, b) => b - a),
  );
  assert.deepEqual(
    outgoing.map(({ neuron }) => neuron.id),
    [7],
  );
});

test("a weight that is no number is not the strongest", () => {
  const most = strongest(net("nan"));
  assert.ok(most > 0 && most < Infinity);
});

test("up to 2,000 connections are drawn as lines, more as heat maps", () => {
  assert.equal(fitsGraph(made([39, 49], () => 1)), true);
  assert.equal(fitsGraph(made([39, 51], () => 1)), false);
  assert.equal(fitsGraph(made([1000, 1], () => 1)), false);
});

test("a heat map has a cell for each weight, and says whose it is", () => {
  const one = made([50, 60, 2], (from, to) => (from === 3 && to === 55 ? -0.5 : 0.25));
  const maps = heatMaps(one);
  assert.deepEqual(
    maps.map(({ title, columns, rows }) => [title, columns, rows]),
    [
      ["Input → hidden", 51, 60],
      ["Hidden → output", 61, 2],
    ],
  );
  const [first] = maps;
  assert.equal(first.cells[4 * 51 + 3], -0.5);
  assert.equal(cellText(one, first, 3, 4), "input 4 → hidden neuron 5: −0.5");
  assert.equal(cellText(one, first, 50, 0), "bias → hidden neuron 1: 0.25");
});

test("in a large map a cell holds the strongest of its weights", () => {
  const one = made([1000, 4], (from, to) => (from === 501 && to === 1002 ? -9 : 0.1));
  const [map] = heatMaps(one);
  assert.deepEqual([map.columns, map.rows], [400, 4]);
  const at = [...map.cells].indexOf(-9);
  const text = cellText(one, map, at % 400, Math.floor(at / 400));
  assert.match(text, /^input \d+ to input \d+ → output 2: strongest −9$/);
  const [, low, high] = text.match(/input (\d+) to input (\d+)/).map(Number);
  assert.ok(low <= 502 && 502 <= high, text);
});

test("a net with shortcuts is one map, and where no connection is there is no weight", () => {
  const one = net("cascade");
  const [map, ...others] = heatMaps(one);
  assert.deepEqual([others.length, map.columns, map.rows], [0, 4, 2]);
  assert.equal(cellText(one, map, 3, 0), "hidden neuron 1 → hidden neuron 1: no weight");
});

test("a million connections become maps at once", () => {
  const one = made([1000, 1000], (from, to) => Math.sin(from * to));
  const started = performance.now();
  heatMaps(one);
  summaryOf(one);
  assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`);
});

test("layers are columns from left to right, and no two neurons share a place", () => {
  for (const name of ["xor", "sparse", "cascade"]) {
    for (const width of [300, 1000]) {
      const one = net(name);
      const { places, columns, width: needed } = layoutOf(one, { width, height: 400 });
      assert.deepEqual(
        columns,
        [...columns].sort((a, b) => a - b),
      );
      const all = [...places.values()].map(({ x, y }) => `${x} ${y}`);
      assert.equal(new Set(all).size, all.length);
      assert.ok([...places.values()].every(({ x, y }) => x > 0 && x < needed && y > 0));
    }
  }
});

test("in a cascade no neuron is in the way of a connection between two others", () => {
  const cascade = { ...made([2, 1, 1, 1, 1, 1, 2], () => 1), shortcut: true };
  const { places } = layoutOf(cascade, { width: 600, height: 400 });
  const hidden = cascade.layers.slice(1, -1).map(([{ id }]) => places.get(id));
  for (let at = 2; at < hidden.length; at++) {
    const [a, b, c] = hidden.slice(at - 2, at + 1);
    assert.ok(Math.abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) > 100);
  }
});

test("the output layer's bias, which leads nowhere, is not drawn", () => {
  const { places } = layoutOf(net("xor"), { width: 600, height: 400 });
  assert.equal(places.size, 8);
});

test("heat goes from dark to light in one direction, so that it reads without colour", () => {
  const light = [-2, -1, -0.5, 0, 0.5, 1, 2].map((share) => {
    const [red, green, blue] = colourOf(share);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  assert.deepEqual(
    light,
    [...light].sort((a, b) => a - b),
  );
  assert.ok(light[1] < 40 && light[5] > 220);
});
