import assert from "node:assert/strict";
import { test } from "node:test";
import { lineStyle } from "../../static/src/chart.js";

test("36 lines differ, and the first six in their pattern alone", () => {
  const styles = Array.from({ length: 36 }, (_, at) => lineStyle(at));
  assert.equal(new Set(styles.map((style) => JSON.stringify(style))).size, 36);
  assert.equal(new Set(styles.slice(0, 6).map(({ dash }) => String(dash))).size, 6);
});
