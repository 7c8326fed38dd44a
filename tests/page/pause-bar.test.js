import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence } from "../../static/src/pause-bar.js";

const standing = { pause: null, left: 6, minutes: 10, pause_minutes: 30 };
const pause = { until: "2026-05-04T07:36:20", reason: "6 refused programs in 10 minutes." };

test("the bar names the end of the pause in local time, and its reason", () => {
  const now = new Date("2026-05-04T07:10:00");
  const paused = { ...standing, pause: { ...pause, execution: "e" }, left: 0 };
  assert.equal(sentence(paused, now), "Runs paused until 07:37: 6 refused programs in 10 minutes.");
  const before = new Date("2026-05-03T23:50:00");
  assert.match(sentence(paused, before) ?? "", /until 4 May, 07:37:/);
});

test("the bar warns before the last refused program only", () => {
  assert.equal(
    sentence({ ...standing, left: 1 }),
    "One more refused program within 10 minutes pauses your runs for 30 minutes.",
  );
  for (const left of [0, 2, 6, null]) assert.equal(sentence({ ...standing, left }), null);
});
