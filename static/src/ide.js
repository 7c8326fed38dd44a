/** The page: joins project, editor, terminal and the other panes to the server. */

import { Api } from "./api.js";
import { AssemblyPane } from "./assembly-pane.js";
import { Assistant } from "./assistant.js";
import { Connection, linkSentence, pauseBefore } from "./connection.js";
import { Editor, placed } from "./editor.js";
import { upload } from "./file-actions.js";
import { folderAt } from "./file-tree.js";
import { FileViewer } from "./file-viewer.js";
import { projectToOpen } from "./first-project.js";
import { Layout } from "./layout.js";
import { lazily } from "./lazily.js";
import { outputPanes, runOptions } from "./output-panes.js";
import { listenToPage } from "./page-actions.js";
import { button, byId } from "./parts.js";
import { PauseBar } from "./pause-bar.js";
import { Preferences } from "./preferences.js";
import { Project } from "./project.js";
import { RunButtons } from "./run-button.js";
import { RunSession } from "./run-session.js";
import { showSaveState, whyNotSaved } from "./save-state.js";
import { Status } from "./status.js";
import { TerminalFocus } from "./terminal-focus.js";
import { terminalAfter } from "./terminal-loader.js";
import { takeDrops } from "./upload.js";
import { Workbench } from "./workbench.js";

const SIGNED_OUT = "You are no longer logged in. Your text is kept.";

const page = byId("ide");
const { userId = "", loginUrl = "", token = "" } = page.dataset;
const api = new Api(token);
const preferences = new Preferences(localStorage);
const status = new Status(byId("status"));
const say = (/** @type {string} */ sentence) => status.note(sentence);

/** Null until the project is there. @type {Workbench | null} */
let bench = null;
/** @type {import("./run-options.js").RunOptions | null} */
let options = null;

/** @type {Assistant | null} */
let assistant = null;

const editor = new Editor(byId("editor"), (path) => {
  bench?.saver.changed(path);
  assistant?.changed(path);
});
const viewer = new FileViewer({
  editor: byId("editor"),
  note: byId("file-note"),
  net: byId("net"),
  toggle: button("net-toggle"),
  addressOf: (path) => bench?.project.downloadAddress(path) ?? "",
  textOf: (path) => editor.text(path),
  say,
});
const connection = new Connection({
  dial,
  onMessage: (message) => session.receive(message),
  onState: linkChanged,
});
/** @type {() => void} */
let opened;
/** @type {Promise<void>} */
const opening = new Promise((done) => {
  opened = done;
});
const terminalReady = terminalAfter(opening, preferences, {
  onLeave: () => focus("code"),
  onInput: (data) => session.type(data),
  onResize: (cols, rows) => session.resize(cols, rows),
});
terminalReady.then((terminal) => {
  session.terminal = terminal;
});
const terminalFocus = new TerminalFocus({ pane: byId("output"), terminalReady });
const session = new RunSession({
  connection,
  terminalReady,
  focus: {
    claim: () => {
      // Run is disabled while a program runs, and would lose the focus in any case.
      if (options?.interactive || document.activeElement === buttons.run) terminalFocus.claim();
    },
    release: (typed) => terminalFocus.release(typed),
  },
  storage: sessionStorage,
  panes: outputPanes({
    isHere: (problem) => placed(problem) && bench?.project.files.has(problem.file) === true,
    jump: (problem) => {
      layout.show("code");
      bench?.jump(problem);
    },
    mark: (problems) => editor.mark(problems),
    keep: async (path, content) => {
      await bench?.save();
      await bench?.project.overwrite(path, content);
      await bench?.refresh();
    },
    panel: (id) => {
      session.terminal?.fit();
      if (id === "assembly-panel") assembly.open();
    },
    runAnyway: () => run({ warnings: "show" }),
    say,
  }),
  onChange: render,
  onStanding: (type) => {
    if (type !== "accepted" || pauseBar.shown) pauseBar.refresh();
  },
  onRest: (seconds) => buttons.rest(seconds),
});
const pauseBar = new PauseBar(byId("pause-bar"), api);
const assembly = new AssemblyPane({
  panel: byId("assembly-panel"),
  note: byId("assembly-note"),
  list: byId("assembly"),
  refresh: button("assembly-refresh"),
  onAsk: () => assistant?.list(),
});
const buttons = new RunButtons({
  run: button("run"),
  stop: button("stop"),
  onRested: () => session.rested(),
});
const layout = new Layout({
  page,
  divider: byId("divider"),
  bar: byId("pane-bar"),
  treeToggle: button("tree-toggle"),
  preferences,
  onChange: () => session.terminal?.fit(),
});

function dial() {
  const url = new URL("/ws/execute/", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return new WebSocket(url);
}

/**
 * Open a project, and everything that needs one.
 *
 * @param {number} [attempt]
 */
async function start(attempt = 0) {
  status.show("Opening the project…");
  try {
    const wanted = new URLSearchParams(location.search).get("project");
    open(new Project(api, await projectToOpen(api, { wanted, userId, storage: localStorage })));
  } catch (error) {
    const { passing, message } = /** @type {import("./api.js").ApiError} */ (error);
    if (passing === false) status.link(message, "Open your last project", "/");
    else status.show(message);
    if (passing) setTimeout(() => start(attempt + 1), pauseBefore(attempt));
    else if (passing === undefined) throw error;
  }
}

/** @param {Project} project */
function open(project) {
  byId("project-name").textContent = project.recipe.name;
  bench = new Workbench({
    project,
    editor,
    viewer,
    userId,
    say,
    offer: (sentence, label, act) => status.offer(sentence, label, act),
    parts: { tree: byId("tree"), tabs: byId("file-tabs"), conflict: byId("conflict") },
    onChange: projectChanged,
  });
  options = runOptions(project, say);
  bench.begin();
  assistant = new Assistant({ connection, session, bench, assembly, say });
  session.open(project.id);
  const here = bench;
  listenToPage({
    bench,
    layout,
    preferences,
    session,
    run: () => run(),
    save: saveNow,
    format: () => assistant?.format(),
    focus,
    onRename: (name) => {
      byId("project-name").textContent = name;
      project.recipe.name = name;
    },
  });
  for (const one of document.querySelectorAll("[data-waits]")) one.removeAttribute("disabled");
  takeDrops(byId("panes"), (uploads) => upload(here, uploads), folderAt);
  listenToWindow(bench);
  preferences.follow(({ vim }) => bindKeys(vim));
  connection.connect();
  editor.focus();
  opened();
  pauseBar.refresh();
}

/** @param {Workbench} here */
function listenToWindow(here) {
  const refresh = () => {
    // A page that cannot ask now asks when it is looked at again.
    here.refresh().catch(() => {});
    // An administrator may have lifted the pause.
    if (pauseBar.shown) pauseBar.refresh();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") catchUp();
    else refresh();
  });
  addEventListener("focus", refresh);
  addEventListener("pagehide", () => here.saver.keep());
  addEventListener("online", () => {
    connection.connect();
    catchUp();
  });
}

/** Save what is not saved yet, whether that works or not. */
function catchUp() {
  bench?.save();
  // What the server refuses is said when something is run.
  options?.save().catch(() => {});
}

/** @param {import("./project.js").Options} [once] Options for this run only. */
function run(once) {
  if (buttons.run.disabled) return;
  layout.show("output");
  assistant?.typing.cancel();
  session.run(async () => {
    if (!bench || !options) throw new Error("The project is not open yet.");
    await options.save();
    if (!(await bench.save())) throw new Error(whyNotSaved(bench.saver));
    const { project } = bench;
    const own = once && { options: { ...project.recipe.options, ...once } };
    return { project: project.id, interactive: options.interactive, ...own };
  });
}

async function saveNow() {
  try {
    await options?.save();
    if (await bench?.save()) say("Saved.");
  } catch (error) {
    say(/** @type {Error} */ (error).message);
  }
}

/** @param {boolean} vim */
async function bindKeys(vim) {
  const part = vim ? await lazily(() => import("./vim-keys.js"), say) : null;
  editor.bind(part?.vimKeys(saveNow) ?? []);
}

/** @param {import("./layout.js").Pane} pane */
function focus(pane) {
  layout.show(pane);
  if (pane === "code") editor.focus();
  else {
    const first = pane === "files" ? "#tree [tabindex='0']" : "#output-tabs [aria-selected=true]";
    /** @type {HTMLElement | null} */ (document.querySelector(first))?.focus();
  }
}

/** @param {import("./connection.js").LinkState} state */
function linkChanged(state) {
  if (state === "open") {
    // What could not be saved while the server was away goes first.
    catchUp();
    session.resume();
  } else assistant?.cutOff();
  render();
}

function projectChanged() {
  if (!bench) return;
  showSaveState(byId("save-state"), bench.saver);
  options?.show();
}

function render() {
  const connected = connection.state === "open";
  const { active } = session;
  buttons.show({ connected, active, stopping: session.execution.stopping });
  if (session.terminal) session.terminal.live = session.execution.stage === "run";
  if (connected && !active) assistant?.typing.again();
  page.dataset.stage = session.execution.stage ?? "idle";
  button("end-input").hidden = session.execution.stage !== "run" || !options?.interactive;
  if (connection.state === "signed-out") status.link(SIGNED_OUT, "Log in again", loginUrl);
  else status.show(linkSentence(connection.state) ?? session.sentence);
}

start();
