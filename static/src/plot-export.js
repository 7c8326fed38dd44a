/** A plot as a file: the chart with its legend below, as PNG. */

/** CSS pixels. */
const ROW = 20;
const MARGIN = 14;
const SWATCH = 40;

/** Some browsers fetch a download's address only after the click is over. */
const KEPT_MS = 60_000;

/**
 * @typedef {object} Entry
 * @property {string} label
 * @property {boolean} current
 * @property {string} colour As CSS resolved it.
 * @property {number[]} dash
 */

/**
 * @param {HTMLCanvasElement} chart
 * @param {CSSStyleDeclaration} style Its text and ground colours are used.
 * @param {Entry[]} entries
 * @returns {Promise<Blob | null>} Null when the browser cannot.
 */
export function pictureOf(chart, style, entries) {
  const ratio = devicePixelRatio;
  const canvas = document.createElement("canvas");
  canvas.width = chart.width;
  canvas.height = chart.height + (entries.length * ROW + 2 * MARGIN) * ratio;
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(chart, 0, 0);
  context.translate(0, chart.height);
  context.scale(ratio, ratio);
  entries.forEach((entry, at) => {
    drawEntry(context, entry, MARGIN + at * ROW, style.color);
  });
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Entry} entry
 * @param {number} top
 * @param {string} text The colour of text.
 */
function drawEntry(context, { label, current, colour, dash }, top, text) {
  const middle = top + ROW / 2;
  context.strokeStyle = colour;
  context.lineWidth = current ? 2.25 : 1.5;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(MARGIN, middle);
  context.lineTo(MARGIN + SWATCH, middle);
  context.stroke();
  context.fillStyle = text;
  context.font = "13px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.fillText(label, 2 * MARGIN + SWATCH, middle);
}

/**
 * The browser's own download.
 *
 * @param {Blob} file
 * @param {string} name
 */
export function save(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
