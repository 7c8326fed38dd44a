/** Where a row of errors is going. Pure: no DOM. */

/** @typedef {import("./training.js").Report} Report */

/**
 * The half where a trend shows: what comes before is the beginning.
 *
 * @param {Report[]} reports
 */
export function secondHalf(reports) {
  return reports.slice(Math.floor(reports.length / 2));
}

/**
 * Which share of the error the second half of the row takes off, negative when it adds to it.
 *
 * @param {number[]} errors
 */
export function gain(errors) {
  const half = Math.ceil(errors.length / 2);
  const before = median(errors.slice(0, half));
  return before > 0 ? 1 - median(errors.slice(half)) / before : 0;
}

/**
 * The first report from which on the error keeps within a share of its last value.
 *
 * @param {Report[]} reports At least one.
 * @param {number} share
 */
export function steadySince(reports, share) {
  const last = /** @type {Report} */ (reports.at(-1));
  let since = last;
  for (let at = reports.length - 1; at >= 0; at--) {
    const report = reports[at];
    if (!report || Math.abs(report.error - last.error) > share * last.error) break;
    since = report;
  }
  return since;
}

/**
 * How restless a row is: its rises as a share of its falls, and its usual jump from one value
 * to the next. Both on a log scale, where a jump from 1 to 2 is one from 0.01 to 0.02.
 *
 * @param {number[]} errors
 */
export function restlessness(errors) {
  const logs = errors.map((error) => Math.log(Math.max(error, Number.MIN_VALUE)));
  const steps = logs.slice(1).map((log, at) => log - (logs[at] ?? log));
  const up = sum(steps.filter((step) => step > 0));
  const down = -sum(steps.filter((step) => step < 0));
  return { rises: down > 0 ? up / down : Infinity, jump: median(steps.map(Math.abs)) };
}

/**
 * Where the error gets to the desired one if it goes on falling by the same share in as many
 * epochs.
 *
 * @param {number} desired
 * @param {Report} from
 * @param {Report} to
 * @returns {number} Epochs in all; infinite when it does not fall.
 */
export function epochsTo(desired, from, to) {
  const pace = Math.log(from.error / to.error) / (to.epoch - from.epoch);
  return pace > 0 && desired > 0 ? to.epoch + Math.log(to.error / desired) / pace : Infinity;
}

/**
 * The upper of the two where there are two; 0 of nothing.
 *
 * @param {number[]} values
 */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
