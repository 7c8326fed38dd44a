/** The panes beside the code, each in its place in the template. */

import { CompilerPane } from "./compiler.js";
import { Countdown } from "./countdown.js";
import { button, byId, input, told } from "./parts.js";
import { ResultPanel } from "./result.js";
import { RunOptions } from "./run-options.js";
import { tabs } from "./tabs.js";
import { TrainingFeed } from "./training-pane.js";
import { WrittenFiles } from "./written-files.js";

/**
 * @param {object} on
 * @param {(problem: import("./problems.js").Problem) => boolean} on.isHere
 * @param {(problem: import("./problems.js").Problem) => void} on.jump
 * @param {(problems: import("./problems.js").Problem[]) => void} on.mark
 * @param {(path: string, content: Uint8Array<ArrayBuffer>) => Promise<void>} on.keep
 * @param {() => void} on.runAnyway
 * @param {(sentence: string) => void} on.say
 * @param {(id: string) => void} on.panel Called with the id of the newly shown panel.
 * @returns {import("./run-session.js").Panes}
 */
export function outputPanes(on) {
  return {
    compiler: new CompilerPane({
      list: byId("problems"),
      output: byId("compiler-output"),
      count: byId("problem-count"),
      empty: byId("compiler-empty"),
      isHere: on.isHere,
      onJump: on.jump,
      bar: byId("warnings-bar"),
      mayRunAnyway: told("tools").options.includes("warnings"),
      onRunAnyway: on.runAnyway,
    }),
    result: new ResultPanel(byId("result"), told("limits")),
    written: new WrittenFiles({
      list: byId("written"),
      empty: byId("written-empty"),
      count: byId("written-count"),
      keepAll: button("keep-all"),
      keep: on.keep,
      say: on.say,
    }),
    training: new TrainingFeed({
      tab: byId("training-tab"),
      plot: byId("plot"),
      advice: byId("advice"),
      say: on.say,
    }),
    countdown: new Countdown({ host: byId("countdown"), onSoon: on.say }),
    mark: on.mark,
    showPanel: tabs(byId("output-tabs"), on.panel),
  };
}

/**
 * @param {import("./project.js").Project} project
 * @param {(sentence: string) => void} say
 */
export function runOptions(project, say) {
  return new RunOptions({
    args: input("args"),
    argsProblem: byId("args-problem"),
    stdin: /** @type {HTMLTextAreaElement} */ (byId("stdin")),
    mark: byId("input-mark"),
    switches: {
      sanitize: input("option-sanitize"),
      fixed_seed: input("option-fixed-seed"),
      warnings: input("option-warnings"),
    },
    offered: told("tools").options,
    project,
    say,
  });
}
