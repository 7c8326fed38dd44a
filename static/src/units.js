/** Numbers with their units, as people read them. */

const NUMBER = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/**
 * `1536` is “1.5 KB”; the steps are of 1024, as the limits are.
 *
 * @param {number} count
 */
export function bytes(count) {
  if (count < 1024) return `${count} ${count === 1 ? "byte" : "bytes"}`;
  if (count < 1024 ** 2) return `${NUMBER.format(count / 1024)} KB`;
  return `${NUMBER.format(count / 1024 ** 2)} MB`;
}

/** @param {number} count */
export function files(count) {
  return count === 1 ? "1 file" : `${count} files`;
}

/**
 * `12.34` is “12.3 ms”, `1234` is “1.23 s”.
 *
 * @param {number} ms
 */
export function duration(ms) {
  if (ms < 1000) return `${NUMBER.format(ms)} ms`;
  return `${(ms / 1000).toFixed(2)} s`;
}

const AGES = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/**
 * How long ago a time was: “3 minutes ago”, “yesterday”; weeks back, its date.
 *
 * @param {string} iso
 * @param {number} [now] In milliseconds.
 */
export function ago(iso, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return AGES.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86_400) return AGES.format(-Math.floor(seconds / 3600), "hour");
  if (seconds < 14 * 86_400) return AGES.format(-Math.floor(seconds / 86_400), "day");
  return new Date(iso).toLocaleDateString("en-GB", { dateStyle: "medium" });
}
