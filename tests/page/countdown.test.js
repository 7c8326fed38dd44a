import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Countdown } from "../../static/src/countdown.js";

/** A countdown whose clock moves when the test says so. */
function countdown() {
  mock.timers.enable({ apis: ["setInterval"] });
  const host = /** @type {any} */ ({ hidden: true, textContent: "" });
  const warnings = [];
  let now = 0;
  const shown = new Countdown({ host, onSoon: (text) => warnings.push(text), now: () => now });
  const tick = (seconds) => {
    for (let second = 0; second < seconds; second++) {
      now += 1000;
      mock.timers.tick(1000);
    }
  };
  return { shown, host, warnings, tick };
}

test("the idle limit counts down and warns once before the end", (context) => {
  context.after(() => mock.timers.reset());
  const { shown, host, warnings, tick } = countdown();
  shown.show(120);
  assert.deepEqual([host.hidden, host.textContent], [false, "120 s left"]);
  tick(89);
  assert.deepEqual([host.textContent, warnings], ["31 s left", []]);
  tick(2);
  assert.equal(host.textContent, "29 s left");
  assert.match(warnings.join(), /^Waiting for input.*stops in 30 s unless you type\.$/);
  shown.show(null);
  assert.equal(host.hidden, true);
});

test("a limit that is shortened counts from there, and each wait warns anew", (context) => {
  context.after(() => mock.timers.reset());
  const { shown, host, warnings, tick } = countdown();
  shown.show(600);
  assert.equal(host.textContent, "10 min left");
  shown.show(20);
  tick(5);
  assert.deepEqual([host.textContent, warnings.length], ["15 s left", 1]);
  shown.show(null);
  shown.show(20);
  assert.equal(warnings.length, 2);
});
