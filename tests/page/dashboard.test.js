import assert from "node:assert/strict";
import { test } from "node:test";
import { moment, secondsOf, shown } from "../../static/src/dashboard.js";

test("an hour and a day are read as UTC", () => {
  assert.equal(secondsOf("1970-01-02"), 86_400);
  assert.equal(secondsOf("1970-01-01 02"), 7200);
});

test("the axis shows hours, and the day where one begins", () => {
  assert.equal(moment(secondsOf("2026-11-24 13"), true), "13:00");
  assert.equal(moment(secondsOf("2026-11-24 00"), true), "11-24");
  assert.equal(moment(secondsOf("2026-11-24"), false), "11-24");
});

test("values carry their unit, and large ones their separators", () => {
  assert.equal(shown(0.5, "ms"), "0.5 ms");
  assert.equal(shown(12_345, ""), "12,345");
});
