/** A FANN network as a graph, or as heat maps where lines would only make a black field. */

import { element } from "./dom.js";
import { brief, count } from "./figures.js";
import { drawHeatMap } from "./heat-map.js";
import { drawNet, layoutOf } from "./net-drawing.js";
import {
  edgesOf,
  fitsGraph,
  heatMaps,
  MAPS,
  neuronName,
  neuronWork,
  strongest,
  summaryOf,
  weightText,
} from "./net-view.js";

/** Connections of a neuron that are listed, each way. */
const LISTED = 8;

/**
 * @typedef {import("./net-file.js").Net} Net
 * @typedef {import("./net-file.js").Neuron} Neuron
 * @typedef {import("./net-view.js").Edge} Edge
 */

export class NetGraph {
  /** @type {Net | null} */
  #net = null;
  /** @type {Neuron[]} By id. */
  #neurons = [];
  /** @type {import("./net-drawing.js").Drawing | null} */
  #drawing = null;
  /** The id of the neuron in the tab order. */
  #chosen = 0;
  #width = 0;

  /** @param {HTMLElement} host Gets the graph as its only child. */
  constructor(host) {
    this.summary = element("p", { class: "net-summary" });
    this.legend = element("div", { class: "net-legend" });
    this.stage = element("div", { class: "net-stage" });
    this.info = element("div", { class: "net-info", "aria-live": "polite" });
    const parts = [this.summary, this.legend, this.stage, this.info];
    host.replaceChildren(element("div", { class: "net" }, ...parts));
    new ResizeObserver(() => this.#resize()).observe(this.stage);
    this.stage.addEventListener("pointerover", (event) => this.#choose(idOf(event.target)));
    this.stage.addEventListener("focusin", (event) => this.#choose(idOf(event.target)));
    this.stage.addEventListener("keydown", (event) => this.#move(event));
  }

  /** @param {Net} net */
  show(net) {
    this.#net = net;
    this.#neurons = net.layers.flat();
    this.#drawing = null;
    this.#chosen = 0;
    this.summary.textContent = summaryOf(net);
    this.info.replaceChildren();
    if (fitsGraph(net)) this.#showGraph(net);
    else this.#showMaps(net);
  }

  /** @param {Net} net */
  #showGraph(net) {
    this.#width = this.stage.clientWidth;
    const room = { width: this.#width, height: this.stage.clientHeight };
    this.#drawing = drawNet(net, layoutOf(net, room));
    this.#drawing.svg.setAttribute("aria-label", "Neurons. Arrow keys go from one to the next.");
    this.stage.replaceChildren(this.#drawing.svg);
    this.legend.replaceChildren(...graphLegend(strongest(net)));
    this.#drawing.neurons.get(this.#chosen)?.setAttribute("tabindex", "0");
    this.info.textContent =
      "Point at a neuron, or go to it with the arrow keys, to see its weights.";
  }

  /** @param {Net} net */
  #showMaps(net) {
    const most = strongest(net) || 1;
    const maps = heatMaps(net).map((map) =>
      drawHeatMap(net, map, most, (text) => {
        this.info.textContent = text;
      }),
    );
    const left = net.shortcut ? 0 : net.layers.length - 1 - MAPS;
    const more = left > 0 ? [element("p", {}, `${count(left)} more layers are not drawn.`)] : [];
    this.stage.replaceChildren(...maps, ...more);
    this.legend.replaceChildren(...heatLegend(most));
    this.info.textContent = "Columns are where a weight comes from, rows where it leads to.";
  }

  #resize() {
    if (!this.#net || !this.#drawing || this.stage.clientWidth === this.#width) return;
    const focused = this.stage.contains(document.activeElement);
    this.#showGraph(this.#net);
    if (focused) this.#drawing.neurons.get(this.#chosen)?.focus();
  }

  /** @param {number | null} id */
  #choose(id) {
    const neuron = id === null ? undefined : this.#neurons[id];
    if (!neuron || !this.#drawing || !this.#net) return;
    const { neurons, edges, svg } = this.#drawing;
    neurons.get(this.#chosen)?.setAttribute("tabindex", "-1");
    neurons.get(this.#chosen)?.classList.remove("lit");
    neurons.get(neuron.id)?.setAttribute("tabindex", "0");
    neurons.get(neuron.id)?.classList.add("lit");
    this.#chosen = neuron.id;
    svg.classList.add("choosing");
    for (const { from, to, line } of edges) {
      line.classList.toggle("lit", from === neuron.id || to === neuron.id);
    }
    this.#tell(this.#net, neuron);
  }

  /**
   * @param {Net} net
   * @param {Neuron} neuron
   */
  #tell(net, neuron) {
    const { incoming, outgoing } = edgesOf(net, this.#neurons, neuron);
    const name = neuronName(net, neuron);
    this.info.replaceChildren(
      element("p", {}, element("strong", {}, name), ` ${neuronWork(neuron)}`),
      ...weightList(net, "From", incoming),
      ...weightList(net, "To", outgoing),
    );
  }

  /**
   * Up and down within a layer, left and right to the nearest neuron of the next.
   *
   * @param {KeyboardEvent} event
   */
  #move(event) {
    const here = this.#neurons[this.#chosen];
    if (!this.#drawing || !here || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const next = sideways
      ? this.#across(here, sideways)
      : this.#neurons[here.id + (event.key === "ArrowUp" ? -1 : 1)];
    if (next && (sideways || next.layer === here.layer)) {
      this.#drawing.neurons.get(next.id)?.focus();
    }
  }

  /**
   * @param {Neuron} here
   * @param {number} step In layers.
   */
  #across(here, step) {
    const layers = this.#net?.layers ?? [];
    const [from, to] = [layers[here.layer] ?? [], layers[here.layer + step] ?? []];
    const share = from.indexOf(here) / Math.max(1, from.length - 1);
    const drawn = to.filter(({ id }) => this.#drawing?.neurons.has(id));
    return drawn[Math.round(share * (drawn.length - 1))];
  }
}

/**
 * The neuron that an event is about.
 *
 * @param {EventTarget | null} target
 */
function idOf(target) {
  const neuron = target instanceof Element ? target.closest(".net-neuron") : null;
  return neuron ? Number(neuron.getAttribute("data-id")) : null;
}

/**
 * @param {Net} net
 * @param {string} head
 * @param {Edge[]} edges
 */
function weightList(net, head, edges) {
  if (edges.length === 0) return [];
  const items = edges
    .slice(0, LISTED)
    .map(({ neuron, weight }) => `${neuronName(net, neuron)}: ${weightText(weight)}`);
  const left = edges.length - items.length;
  const more = left > 0 ? `, and ${count(left)} weaker` : "";
  return [element("p", {}, element("span", {}, head), ` ${items.join(", ")}${more}.`)];
}

/** @param {number} most */
function graphLegend(most) {
  return [
    element("span", { class: "net-key positive" }, "positive"),
    element("span", { class: "net-key negative" }, "negative"),
    element("span", {}, `the thicker the stronger, up to ${brief(most)}`),
  ];
}

/** @param {number} most */
function heatLegend(most) {
  return [
    element("span", {}, `−${brief(most)}`),
    element("span", { class: "net-scale", "aria-hidden": "true" }),
    element("span", {}, brief(most)),
    element("span", {}, "the darker the more negative"),
  ];
}
