/** The difference between two texts, line by line. Pure: no DOM. */

/** Above so many comparisons the middle is shown as replaced, so that no text stalls the page. */
const MOST_COMPARISONS = 4_000_000;

/** @typedef {{kind: "same" | "gone" | "new", line: string}} Change */

/**
 * @param {string} before
 * @param {string} now
 * @returns {Change[]} In reading order; what went comes before what came in its place.
 */
export function lineDiff(before, now) {
  const [a, b] = [linesOf(before), linesOf(now)];
  const head = common(a, b, (at) => [a[at], b[at]]);
  const rest = { a: a.length - head, b: b.length - head };
  const tail = Math.min(
    common(a, b, (at) => [a[a.length - 1 - at], b[b.length - 1 - at]]),
    Math.min(rest.a, rest.b),
  );
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return [
    ...marked("same", a.slice(0, head)),
    ...middle,
    ...marked("same", a.slice(a.length - tail)),
  ];
}

/**
 * Only the changes with a few lines around them; null stands for what was left out.
 *
 * @param {Change[]} changes
 * @param {number} around
 * @returns {(Change | null)[]}
 */
export function inContext(changes, around = 3) {
  const near = new Set();
  for (const [at, { kind }] of changes.entries()) {
    if (kind === "same") continue;
    for (let one = at - around; one <= at + around; one += 1) near.add(one);
  }
  /** @type {(Change | null)[]} */
  const shown = [];
  for (const [at, change] of changes.entries()) {
    if (near.has(at)) shown.push(change);
    else if (shown.at(-1) !== null) shown.push(null);
  }
  return shown;
}

/** @param {string} text */
function linesOf(text) {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/**
 * How many lines are the same, counted from one end.
 *
 * @param {string[]} a
 * @param {string[]} b
 * @param {(at: number) => [string | undefined, string | undefined]} pair
 */
function common(a, b, pair) {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most) {
    const [one, other] = pair(at);
    if (one !== other) break;
    at += 1;
  }
  return at;
}

/**
 * @param {string[]} a
 * @param {string[]} b
 * @returns {Change[]}
 */
function between(a, b) {
  if (a.length * b.length > MOST_COMPARISONS) return [...marked("gone", a), ...marked("new", b)];
  const length = commonLengths(a, b);
  const width = b.length + 1;
  /** @type {Change[]} */
  const changes = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      changes.push({ kind: "same", line: a[i] ?? "" });
      [i, j] = [i + 1, j + 1];
    } else if ((length[(i + 1) * width + j] ?? 0) >= (length[i * width + j + 1] ?? 0)) {
      changes.push({ kind: "gone", line: a[i++] ?? "" });
    } else changes.push({ kind: "new", line: b[j++] ?? "" });
  }
  return [...changes, ...marked("gone", a.slice(i)), ...marked("new", b.slice(j))];
}

/**
 * The longest common subsequence of every pair of ends, in rows of `b.length + 1`.
 *
 * @param {string[]} a
 * @param {string[]} b
 */
function commonLengths(a, b) {
  const width = b.length + 1;
  const length = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      length[at] =
        a[i] === b[j]
          ? (length[at + width + 1] ?? 0) + 1
          : Math.max(length[at + width] ?? 0, length[at + 1] ?? 0);
    }
  }
  return length;
}

/**
 * @param {Change["kind"]} kind
 * @param {string[]} lines
 * @returns {Change[]}
 */
function marked(kind, lines) {
  return lines.map((line) => ({ kind, line }));
}
