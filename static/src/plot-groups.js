/** Which lines of a plot can share its axis of x. Pure: no DOM. */

/** A line over less than this share of the axis would be a stroke in its corner. */
const SEEN = 0.02;
const NAMES = 3;

/** @typedef {import("./plot-data.js").Line} Line */

/**
 * Lines that belong together: FANN's own reports, or one `#plot` name in several runs.
 *
 * @typedef {object} Bundle
 * @property {string} name
 * @property {Line[]} lines
 * @property {number} from
 * @property {number} to
 */

/**
 * @typedef {object} Group
 * @property {string} key The same as long as its first line is.
 * @property {string} label
 * @property {Line[]} lines
 */

/**
 * The lines in groups that are drawn one at a time: an error over epochs and a curve from -1
 * to 1 would hide each other. Where all fit on one axis, there is one group.
 *
 * @param {readonly Line[]} lines
 * @returns {Group[]}
 */
export function groupsOf(lines) {
  /** @type {Bundle[][]} */
  const groups = [];
  for (const bundle of bundlesOf(lines)) {
    const group = groups.find((others) => fit([...others, bundle]));
    if (group) group.push(bundle);
    else groups.push([bundle]);
  }
  return groups.map((bundles) => ({
    key: bundles[0]?.name ?? "",
    label: labelOf(bundles.map(({ name }) => name)),
    lines: bundles.flatMap((bundle) => bundle.lines),
  }));
}

/**
 * @param {readonly Line[]} lines
 * @returns {Bundle[]}
 */
function bundlesOf(lines) {
  /** @type {Map<string, Bundle>} */
  const bundles = new Map();
  for (const line of lines) {
    const [first, last] = [line.points[0], line.points.at(-1)];
    if (!first || !last) continue;
    const name = line.ofTraining ? "training error" : line.name;
    const key = `${line.ofTraining} ${name}`;
    const bundle = bundles.get(key) ?? { name, lines: [], from: Infinity, to: -Infinity };
    bundle.lines.push(line);
    bundle.from = Math.min(bundle.from, first[0]);
    bundle.to = Math.max(bundle.to, last[0]);
    bundles.set(key, bundle);
  }
  return [...bundles.values()];
}

/**
 * Whether each is wide enough to be seen on an axis that holds them all. A single point always
 * is.
 *
 * @param {readonly Bundle[]} bundles
 */
function fit(bundles) {
  const from = Math.min(...bundles.map((bundle) => bundle.from));
  const to = Math.max(...bundles.map((bundle) => bundle.to));
  return bundles.every(
    (bundle) => bundle.from === bundle.to || bundle.to - bundle.from >= SEEN * (to - from),
  );
}

/** @param {string[]} names */
function labelOf(names) {
  const more = names.length > NAMES ? ", …" : "";
  return names.slice(0, NAMES).join(", ") + more;
}
