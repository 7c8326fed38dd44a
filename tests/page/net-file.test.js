import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { NetError, parseNet } from "../../static/src/net-file.js";

const file = (name) => readFileSync(new URL(`nets/${name}.net`, import.meta.url), "utf8");
const XOR = file("xor");
const edges = ({ connections: { from, to, weight } }) =>
  [...from].map((a, i) => [a, to[i], weight[i]]);
const sizes = ({ layers }) => layers.map(({ length }) => length);

test("a trained net of floats is read with its layers, biases, functions and weights", () => {
  const net = parseNet(XOR);
  assert.deepEqual(
    { ...net, layers: sizes(net), connections: net.connections.weight.length },
    {
      format: "FANN_FLO_2.1",
      numbers: "float",
      decimalPoint: null,
      shortcut: false,
      scaled: false,
      layers: [3, 4, 2],
      connections: 13,
    },
  );
  assert.deepEqual(
    net.layers.flat().map(({ bias }) => bias),
    [false, false, true, false, false, false, true, false, true],
  );
  const [hidden] = net.layers[1];
  assert.equal(hidden.activation, "FANN_SIGMOID_SYMMETRIC");
  assert.equal(hidden.steepness, 0.5);
  assert.equal(net.layers[0][0].activation, "");
  assert.deepEqual(edges(net)[0].slice(0, 2), [0, 3]);
  const written = XOR.split("weight)=")[1]
    .match(/-?\d+\.\d+e[-+]\d+/g)
    .map(Number);
  assert.deepEqual([...net.connections.weight], written);
});

test("doubles are read like floats", () => {
  const net = parseNet(file("xor-double"));
  assert.deepEqual([net.numbers, sizes(net)], ["float", [3, 4, 2]]);
});

test("fixed-point weights and steepness come out as the floats they were made from", () => {
  const fixed = parseNet(file("xor-fixed"));
  assert.equal(fixed.numbers, "fixed");
  assert.ok(fixed.decimalPoint > 0);
  const { weight } = parseNet(XOR).connections;
  fixed.connections.weight.forEach((one, at) => {
    assert.ok(Math.abs(one - weight[at]) <= 2 ** -fixed.decimalPoint, `${one} ${weight[at]}`);
  });
  assert.equal(fixed.layers[1][0].steepness, 0.5);
});

test("a cascade's net has one bias, and its neurons see all layers before theirs", () => {
  for (const name of ["cascade", "cascade-fixed", "shortcut"]) {
    const net = parseNet(file(name));
    assert.equal(net.shortcut, true);
    assert.equal(net.layers.flat().filter(({ bias }) => bias).length, 1);
    const output = net.layers.at(-1)[0];
    const seen = edges(net).filter(([, to]) => to === output.id);
    assert.equal(seen.length, output.id);
  }
});

test("a sparse net's connections are those that it has", () => {
  const net = parseNet(file("sparse"));
  assert.deepEqual(sizes(net), [5, 7, 6, 3]);
  assert.ok(net.connections.weight.length < 5 * 6 + 7 * 5 + 6 * 2);
  assert.ok(edges(net).every(([from, to]) => from < to));
});

test("a net with scaling says so and is read all the same", () => {
  const net = parseNet(file("scaled"));
  assert.equal(net.scaled, true);
  assert.equal(net.connections.weight.length, 13);
});

test("weights that are no numbers are told as what they are", () => {
  const { weight } = parseNet(file("nan")).connections;
  assert.ok(Number.isNaN(weight[0]));
  assert.equal(weight[3], Infinity);
});

test("line ends of other systems do no harm", () => {
  assert.deepEqual(parseNet(XOR.replaceAll("\n", "\r\n")), parseNet(XOR));
});

/** Each a file that lies, with a word that must be in the sentence about it. */
const LIES = {
  "an empty file": ["", /not a FANN network/],
  "any other file": ["4 2 1\n-1 -1\n-1\n", /not a FANN network/],
  "a format of the last century": [XOR.replace("FLO_2.1", "FLO_1.1"), /format 1\.1/],
  "fewer layers than promised": [XOR.replace("num_layers=3", "num_layers=4"), /num_layers/],
  "a layer of nothing": [XOR.replace("layer_sizes=3 4 2", "layer_sizes=3 0 2"), /layer_sizes/],
  "a layer of half a neuron": [XOR.replace("sizes=3 4 2", "sizes=3 4.5 2"), /layer_sizes/],
  "no sizes at all": [XOR.replace(/layer_sizes.*\n/, ""), /layer_sizes/],
  "more neurons than are there": [XOR.replace("=3 4 2", "=3 4 3"), /fewer neurons/],
  "fewer neurons than are there": [XOR.replace("=3 4 2", "=3 4 1"), /more neurons/],
  "a neuron too large for any memory": [XOR.replace("=3 4 2", "=3 9e15 2"), /100,000/],
  "a million layers": [
    XOR.replace("=3 4 2", `=${"1 ".repeat(1e6)}`).replace("layers=3", "layers=1000000"),
    /layer_sizes/,
  ],
  "more connections than are there": [XOR.replace("(3, 5,", "(4, 5,"), /fewer connections/],
  "billions of connections": [XOR.replace("(3, 5,", "(99999999999999999999, 5,"), /fewer conn/],
  "fewer connections than are there": [XOR.replace("(3, 5,", "(2, 5,"), /more connections/],
  "a connection from nowhere": [XOR.replace("weight)=(0,", "weight)=(9,"), /not there/],
  "a function that FANN does not have": [XOR.replace("(3, 5,", "(3, 99,"), /function 99/],
  "a weight that is a word": [XOR.replace(/weight\)=\(0, \S+\)/, "weight)=(0, x)"), /Number 1 of/],
  "a file cut off before its weights": [XOR.split("connections (")[0], /no line of connections/],
  "a file cut off in its weights": [XOR.slice(0, -60), /cannot be read|fewer connections/],
  "a decimal point out of reach": [
    file("xor-fixed").replace(/decimal_point=\d+/, "decimal_point=99"),
    /decimal_point/,
  ],
};

for (const [what, [text, sentence]] of Object.entries(LIES)) {
  test(`${what} is refused in a sentence`, () => {
    assert.throws(
      () => parseNet(text),
      (error) => error instanceof NetError && sentence.test(error.message),
    );
  });
}

test("a file of more than 8 MB is refused, and one of nearly 8 MB is read at once", () => {
  const count = 1_000_000;
  const head = XOR.split("neurons (")[0]
    .replace("layers=3", "layers=2")
    .replace("sizes=3 4 2", "sizes=1 1");
  const neurons = `neurons (num_inputs, activation_function, activation_steepness)=(0, 0, 0) (${count}, 0, 0) \n`;
  const all = (many) =>
    `${head}${neurons}connections (connected_to_neuron, weight)=${"(0, 1) ".repeat(many)}\n`;
  const started = performance.now();
  assert.equal(parseNet(all(count)).connections.weight.length, count);
  assert.ok(performance.now() - started < 3000, `${performance.now() - started} ms`);
  assert.throws(() => parseNet(all(1.3 * count)), /more than 8 MB/);
});

test("hostile lines cost no more time than their length", () => {
  const started = performance.now();
  const half = 4 * 1024 * 1024;
  for (const junk of ["\n", " ", "(", "(0, ", "1", "nan", "="]) {
    const text = junk.repeat(half / junk.length);
    for (const hostile of [
      text,
      `FANN_FLO_2.1\n${text}`,
      XOR.replace("weight)=", `weight)=${text}`),
    ]) {
      assert.throws(() => parseNet(hostile), NetError);
    }
  }
  assert.ok(performance.now() - started < 3000, `${performance.now() - started} ms`);
});
