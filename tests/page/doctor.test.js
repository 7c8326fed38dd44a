import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { diagnose } from "../../static/src/doctor.js";
import { TrainingReader } from "../../static/src/training.js";

const SUCCESS = { status: "success" };

function read(text) {
  const reader = new TrainingReader();
  reader.write(text);
  return reader;
}
const log = (name) => read(readFileSync(new URL(`training/${name}.txt`, import.meta.url), "utf8"));
const curve = (errors, max = 1000) =>
  read(
    `Max epochs ${max}. Desired error: 0.0010000000.\n${errors
      .map((error, at) => `Epochs ${at + 1}. Current error: ${error}. Bit fail 1.\n`)
      .join("")}`,
  );

/** Real logs: what the doctor must say of each, and which call it must name. */
const LOGS = [
  ["reached", "reached", /0\.001 was reached after 31 epochs/, /^$/],
  ["callback", "reached", /0\.001 was reached after 31 epochs/, /^$/],
  ["bit-stop", "reached", /fail than were allowed, after 27 epochs/, /^$/],
  ["cascade-reached", "reached", /reached after 1 neuron\./, /^$/],
  ["twice", "reached", /0\.0001 was reached after 14 epochs/, /^$/],
  ["plateau", "plateau", /stood still at 0\.25 since epoch 1\./, /fann_randomize_weights/],
  ["saturated", "plateau", /stood still at 1 since epoch 25\./, /FANN_SIGMOID_SYMMETRIC/],
  ["not-a-number", "broken", /stopped being a number at epoch 1:/, /fann_scale_train/],
  ["grows", "diverges", /476 now, and was 0\.55/, /FANN_TRAIN_RPROP/],
  ["unscaled", "oscillates", /up and down around 246/, /fann_scale_train/],
  ["oscillates", "oscillates", /up and down around 0\.0134/, /FANN_TRAIN_RPROP/],
  ["short", "short", /All 300 epochs .* 0\.00396 instead of 0\.0001; it was/, /data, 1700, 17, 0/],
  [
    "cascade-short",
    "short",
    /All 6 neurons were used/,
    /fann_cascadetrain_on_data\(ann, data, 12,/,
  ],
  ["overfits", "overfits", /test data is 61 times/, /fann_create_standard/],
];

for (const [name, verdict, sentence, call] of LOGS) {
  test(`of the real training “${name}” the doctor says: ${verdict}`, () => {
    const diagnosis = diagnose(log(name), SUCCESS);
    assert.equal(diagnosis.verdict, verdict);
    assert.match(diagnosis.sentence, sentence);
    assert.match(diagnosis.call, call);
    assert.equal(diagnosis.suggestion === "", verdict === "reached");
  });
}

test("without a training there is nothing to say", () => {
  assert.equal(diagnose(read("Hello\n#plot a 1 2\n"), SUCCESS), null);
});

test("a running program is not judged before it has reported a dozen times", () => {
  const flat = Array(11).fill(0.25);
  assert.equal(diagnose(curve(flat), null), null);
  assert.equal(diagnose(curve([...flat, 0.25]), null).verdict, "plateau");
});

test("a training that is going well is left alone while it runs", () => {
  const falling = Array.from({ length: 30 }, (_, at) => 0.25 * 0.9 ** at);
  assert.equal(diagnose(curve(falling), null), null);
});

test("no failing bits in the middle of a training do not end it", () => {
  const text = "Max epochs 100. Desired error: 0.0010000000.\nEpochs 1. Current error: 0.1. ";
  assert.equal(diagnose(read(`${text}Bit fail 0.\n`), null), null);
  assert.equal(diagnose(read(`${text}Bit fail 0.\n`), { status: "timeout" }).verdict, "cut");
});

test("one bad moment in a falling error is no divergence and no oscillation", () => {
  const errors = Array.from({ length: 40 }, (_, at) => (at === 30 ? 0.4 : 0.25 * 0.95 ** at));
  assert.equal(diagnose(curve(errors, 40), SUCCESS).verdict, "short");
});

test("an error that rises by noise of one in a hundred still counts as standing still", () => {
  const errors = Array.from({ length: 40 }, (_, at) => 0.1 + (at % 2) / 1000);
  assert.equal(diagnose(curve(errors), SUCCESS).verdict, "plateau");
});

test("the doctor names a learning rate when the program told its own", () => {
  const jumps = Array.from({ length: 40 }, (_, at) => (at % 2 ? 0.1 : 0.2));
  const reader = curve(jumps);
  reader.write("Training algorithm                   :   FANN_TRAIN_INCREMENTAL\n");
  reader.write("Learning rate                        :   0.700\n");
  assert.equal(diagnose(reader, SUCCESS).call, "fann_set_learning_rate(ann, 0.14f);");
  reader.write("Training algorithm                   :   FANN_TRAIN_RPROP\n");
  assert.match(diagnose(reader, SUCCESS).call, /fann_set_rprop_delta_max/);
});

test("an error that falls too slowly gets another algorithm and not a million epochs", () => {
  const errors = Array.from({ length: 40 }, (_, at) => 0.25 * 0.997 ** at);
  const { verdict, call } = diagnose(curve(errors, 40), SUCCESS);
  assert.equal(verdict, "short");
  assert.match(call, /FANN_TRAIN_RPROP/);
});

for (const [status, name, call] of [
  ["timeout", "time limit", /fann_save/],
  ["output_limit", "output limit", /max_epochs \/ 100/],
  ["memory_limit", "memory limit", /fann_subset_train_data/],
]) {
  test(`a training that the ${name} ended is told what to change`, () => {
    const errors = Array.from({ length: 30 }, (_, at) => 0.25 * 0.95 ** at);
    const diagnosis = diagnose(curve(errors), { status });
    assert.equal(diagnosis.verdict, "cut");
    assert.match(diagnosis.sentence, new RegExp(`The ${name} ended the training after 30 epochs`));
    assert.match(diagnosis.call, call);
  });
}

test("FANN's word on standard error is passed on, before all else", () => {
  const old =
    'FANN Error 3: Wrong version of configuration file, aborting read of configuration file "a.net".\n';
  const { verdict, sentence } = diagnose(read(old), { status: "runtime_error" });
  assert.equal(verdict, "refused");
  assert.match(sentence, /another version of FANN wrote it/);
  const sizes = "The number of input neurons in the ann (2) and data (3) don't match";
  assert.match(diagnose(read(`FANN Error 19: ${sizes}\n`), SUCCESS).suggestion, /first line/);
});

const cascade = (...bits) =>
  read(
    `Max neurons  25. Desired error: 0.000000\n${bits
      .map(
        (fail, at) =>
          `Neurons ${at}. Current error: ${1 / (at + 1)}. Total error: 1.0. ` +
          `Epochs ${50 * (at + 1)}. Bit fail ${fail}\n`,
      )
      .join("")}Train outputs    Current error: 0.002863. Epochs 2000\n`,
  );

test("a cascade that no output failed any more was not stopped by the number of its neurons", () => {
  const found = diagnose(cascade(48, 34, 28, 18, 4, 2, 0), SUCCESS);
  assert.equal(found.verdict, "reached");
  assert.match(found.sentence, /than were allowed, after 6 neurons \(bit fail 0\)\./);
});

test("a cascade is not said to have used neurons that it never added", () => {
  assert.equal(diagnose(cascade(48, 34, 28, 18, 4, 2, 1), SUCCESS), null);
  assert.equal(diagnose(cascade(48, 34), { status: "stopped" }), null);
  assert.equal(diagnose(cascade(...Array(25).fill(1)), SUCCESS).verdict, "short");
});
