/** A FANN network file as a graph; loaded when somebody first asks for one. */

import { element } from "./dom.js";
import { NetError, parseNet } from "./net-file.js";
import { NetGraph } from "./net-graph.js";

export class NetPane {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.problem = element("p", { class: "alert", role: "status" });
    this.stage = element("div", { class: "net-host" });
    host.append(this.problem, this.stage);
    this.graph = new NetGraph(this.stage);
  }

  /** @param {string} text Of a `.net` file. */
  show(text) {
    try {
      this.graph.show(parseNet(text));
      this.#say("");
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      this.#say(error.message);
    }
  }

  /** @param {string} problem */
  #say(problem) {
    this.problem.textContent = problem;
    this.problem.hidden = problem === "";
    this.stage.hidden = problem !== "";
  }
}
