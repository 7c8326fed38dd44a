import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TrainingReader } from "../../static/src/training.js";

const log = (name) => readFileSync(new URL(`training/${name}.txt`, import.meta.url), "utf8");

function read(text, pieces = text.length) {
  const reader = new TrainingReader();
  for (let at = 0; at < text.length; at += pieces) reader.write(text.slice(at, at + pieces));
  return reader;
}

const known = ({ series, reports, desiredError, tests, errors, ignored }) => {
  return { series, reports, desiredError, tests, errors, ignored };
};

test("a training's reports become one series, its desired error and its last report", () => {
  const reader = read(log("reached"));
  assert.deepEqual(reader.series, [
    {
      name: "training error",
      ofTraining: true,
      points: [
        [1, 0.2501640916],
        [10, 0.2151045799],
        [20, 0.03954437],
        [30, 0.0014359488],
        [31, 0.0008072554],
      ],
    },
  ]);
  assert.equal(reader.desiredError, 0.001);
  const { kind, max, last } = reader.training;
  assert.deepEqual([kind, max], ["epochs", 1000]);
  assert.deepEqual(last, { epoch: 31, error: 0.0008072554, bitFail: 0, neurons: null });
});

test("where output is cut makes no difference, and neither do a terminal's line ends", () => {
  const text = log("cascade-short") + log("overfits");
  const whole = known(read(text));
  for (const size of [1, 7, 64]) assert.deepEqual(known(read(text, size)), whole);
  assert.deepEqual(known(read(text.replaceAll("\n", "\r\n"), 13)), whole);
});

test("colours around a report and inside it are looked through", () => {
  const plain = log("reached");
  const coloured = plain.replaceAll(/\d+\.\d+/g, "\x1b[1;32m$&\x1b[0m").replaceAll("E", "\x1b[KE");
  assert.deepEqual(known(read(coloured, 3)), known(read(plain)));
});

test("a line that overwrites itself is read each time", () => {
  const reader = read("Epochs 1. Current error: 0.5. Bit fail 1.\rEpochs 2. Current error: 0.4.\r");
  assert.deepEqual(reader.series[0].points, [
    [1, 0.5],
    [2, 0.4],
  ]);
});

test("a cascade is drawn over the epochs that were spent, with the neurons added so far", () => {
  const reader = read(log("cascade-short"));
  assert.equal(reader.training.kind, "cascade");
  assert.equal(reader.training.max, 6);
  assert.equal(reader.desiredError, 0.000001);
  assert.deepEqual(
    reader.reports.map(({ epoch, neurons }) => [epoch, neurons]),
    [
      [51, 0],
      [153, 1],
      [255, 2],
      [370, 3],
      [484, 4],
      [586, 5],
      [695, 5],
    ],
  );
});

test("the reports of FANN's example callback are read like FANN's own", () => {
  const reader = read(log("callback"));
  assert.equal(reader.series[0].points.length, 5);
  assert.equal(reader.desiredError, 0.001);
});

test("each training of a program is a series of its own", () => {
  const { series, training } = read(log("twice"));
  assert.deepEqual(
    series.map(({ name }) => name),
    ["training error 1", "training error 2"],
  );
  assert.equal(training.reports[0].epoch, 1);
});

test("a training that begins anew without a word is noticed by its epochs", () => {
  const line = (epoch) => `Epochs ${epoch}. Current error: 0.5. Bit fail 1.\n`;
  assert.equal(read(line(1) + line(2) + line(1)).series.length, 2);
});

test("an error that is no number is kept for the doctor and not drawn", () => {
  const reader = read(log("not-a-number"));
  assert.equal(reader.reports[0].error, Infinity);
  assert.deepEqual(reader.series, []);
  const nan = read("Epochs        1. Current error: -nan. Bit fail 4.\n");
  assert.ok(Number.isNaN(nan.reports[0].error));
});

test("test results, FANN's errors and what it trains with are found", () => {
  assert.deepEqual(read(log("overfits")).tests, [
    { set: "train", error: 0.000499 },
    { set: "test", error: 0.030523 },
  ]);
  const said = 'FANN Error 1: Unable to open configuration file "a.net" for reading.';
  assert.deepEqual(read(`${said}\n`).errors, [{ code: 1, message: said.slice(14) }]);
  const { parameters } = read(log("saturated"));
  assert.equal(parameters.get("Training algorithm"), "FANN_TRAIN_INCREMENTAL");
  assert.equal(parameters.get("Learning rate"), "0.700");
});

test("any program draws a curve with #plot lines", () => {
  const reader = read("#plot loss 1 0.5\nother text\n#plot acc 1 -2e-1\n#plot loss 2 .5\n");
  reader.write("#plot loss 3 0.25");
  reader.end();
  assert.deepEqual(
    reader.series.map(({ name, points }) => [name, points]),
    [
      [
        "loss",
        [
          [1, 0.5],
          [3, 0.25],
        ],
      ],
      ["acc", [[1, -0.2]]],
    ],
  );
});

test("malformed #plot lines are left out and counted", () => {
  const lines = ["#plot", "#plot a 1", "#plot a 1 b", "#plot a 1 2 3", "#plot a nan 1"];
  const more = ["#plot a 1 inf", "#plot a 1 1e999", `#plot ${"x".repeat(41)} 1 2`];
  const odd = ["#plotted a 1 2", "#plot \u202eevil 1 2", "#plot a 0x10 1"];
  const all = [...lines, ...more, ...odd];
  const reader = read(`${all.join("\n")}\n`);
  assert.deepEqual(reader.series, []);
  assert.equal(reader.ignored, all.length);
});

test("a text that only looks like a report is none", () => {
  const lines = [
    "Epochs are 10. Current error: 0.5. Bit fail 1.",
    "Epochs 10. Current error: 0.5.5. Bit fail 1.",
    "Epochs 10. Current error: . Bit fail 1.",
    'printf("Epochs     10. Current error: 0.5. Bit fail 1.");',
    "Max epochs 10.",
    "Neurons 3",
  ];
  const reader = read(`${lines.join("\n")}\n`);
  assert.deepEqual([reader.training, reader.version], [null, 0]);
});

test("a long run keeps few points, and the highest and lowest of them", () => {
  const reader = new TrainingReader();
  for (let epoch = 1; epoch <= 100_000; epoch++) {
    const error = epoch === 77_777 ? 9 : epoch === 33_333 ? 0.0001 : 0.5 + (epoch % 7) / 100;
    reader.write(`Epochs ${epoch}. Current error: ${error}. Bit fail 1.\n`);
  }
  const { points } = reader.series[0];
  assert.ok(points.length <= 5002 && points.length > 2000, String(points.length));
  assert.deepEqual(points[0], [1, 0.51]);
  assert.equal(points.at(-1)[0], 100_000);
  assert.ok(points.some(([x, y]) => x === 77_777 && y === 9));
  assert.ok(points.some(([x, y]) => x === 33_333 && y === 0.0001));
  assert.ok(points.every(([x], at) => at === 0 || x > points[at - 1][0]));
});

test("hostile output is read in no more time than its length asks for", () => {
  const started = performance.now();
  const reader = new TrainingReader();
  const chunks = [
    "#plot ".repeat(11_000),
    `${"\x1b]0;".repeat(200)}\n`.repeat(80),
    `${"\x1b[".repeat(400)}\n`.repeat(80),
    `#plot a ${"1".repeat(900)}. 1\n`.repeat(70),
    `Epochs ${"9".repeat(900)}\n`.repeat(70),
    `Neurons ${" ".repeat(900)}x\n`.repeat(70),
    "\r".repeat(65_536),
    "a".repeat(65_536),
  ];
  for (let time = 0; time < 16; time++) for (const chunk of chunks) reader.write(chunk);
  assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`);
});

test("hostile output cannot fill the memory with series, trainings, tests or errors", () => {
  const reader = new TrainingReader();
  for (let at = 0; at < 3000; at++) {
    reader.write(`#plot s${at} 1 1\nEpochs 1. Current error: 0.5. Bit fail 1.\n`);
    reader.write(`FANN Error 1: no ${at}\n`);
  }
  for (let at = 0; at < 300; at++) reader.write("MSE error on test data: 0.5\n");
  assert.equal(reader.series.length, 8 + 16);
  assert.equal(reader.forgotten, 3000 - 8);
  assert.equal(reader.series[7].name, "training error 3000");
  assert.equal(reader.errors.length, 20);
  assert.equal(reader.tests.length, 50);
});

test("a line without an end is dropped and reading goes on behind it", () => {
  const reader = read(`#plot a 1 1 ${"x".repeat(300_000)}\n#plot a 2 2\n`, 4096);
  assert.deepEqual(reader.series[0].points, [[2, 2]]);
});
