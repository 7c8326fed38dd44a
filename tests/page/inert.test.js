import assert from "node:assert/strict";
import { test } from "node:test";
import xterm from "@xterm/headless";
import { isTyped, makeInert } from "../../static/src/inert.js";

const ESC = "\x1b";
const ST = `${ESC}\\`;

/** Sequences that make a terminal answer or reach out, by name. */
const HOSTILE = {
  "primary attributes": `${ESC}[c`,
  "secondary attributes": `${ESC}[>c`,
  "tertiary attributes": `${ESC}[=c`,
  "old identity": `${ESC}Z`,
  "device status": `${ESC}[5n`,
  "cursor position": `${ESC}[6n`,
  "private cursor position": `${ESC}[?6n`,
  "ANSI mode": `${ESC}[4$p`,
  "private mode": `${ESC}[?25$p`,
  "terminal version": `${ESC}[>q`,
  "terminal parameters": `${ESC}[x`,
  "keyboard protocol": `${ESC}[?u`,
  "window size": `${ESC}[18t`,
  "window title": `${ESC}[21t`,
  "status string": `${ESC}P$qm${ST}`,
  "terminfo string": `${ESC}P+q544e${ST}`,
  "palette colour": `${ESC}]4;1;?${ST}`,
  "text colour": `${ESC}]10;?${ST}`,
  "several colours": `${ESC}]10;?;?;?${ST}`,
  "background colour": `${ESC}]11;?\x07`,
  "cursor colour": `${ESC}]12;?${ST}`,
  "clipboard read": `${ESC}]52;c;?${ST}`,
  answerback: "\x05",
  "sequences of eight bits": "\x9b6n\x9bc\x9d11;?\x9c\x90$qm\x9c",
};

function terminal() {
  const made = new xterm.Terminal({ allowProposedApi: true, cols: 40, rows: 5 });
  makeInert(made);
  return made;
}

const write = (made, text) => new Promise((done) => made.write(text, done));
const firstRow = (made) => made.buffer.active.getLine(0).translateToString(true);

for (const [name, sequence] of Object.entries(HOSTILE)) {
  test(`a program that asks for ${name} gets no answer`, async () => {
    const made = terminal();
    made.onData((data) => assert.fail(`answered ${JSON.stringify(data)}`));
    await write(made, `a${sequence}b`);
    assert.equal(firstRow(made), "ab");
  });
}

test("the same questions are answered by a terminal that is not inert", async () => {
  const plain = new xterm.Terminal({ allowProposedApi: true });
  const answers = [];
  plain.onData((data) => answers.push(data));
  await write(plain, HOSTILE["cursor position"] + HOSTILE["primary attributes"]);
  await write(plain, HOSTILE["status string"] + HOSTILE["private mode"]);
  assert.equal(answers.length, 4);
  assert.ok(answers.every((answer) => !isTyped(answer)));
});

test("a program cannot set the title or ring", async () => {
  const made = terminal();
  made.onTitleChange(() => assert.fail("title set"));
  await write(made, `${ESC}]0;root@host${ST}${ESC}]2;x\x07${ESC}k y${ST}`);
});

test("a link is shown as its text only", async () => {
  const made = terminal();
  await write(made, `${ESC}]8;;https://example.org${ST}click${ESC}]8;;${ST}`);
  assert.equal(firstRow(made), "click");
});

test("a program cannot have mouse and focus typed to it", async () => {
  const made = terminal();
  await write(made, `${ESC}[?1000;1006h${ESC}[?1003h${ESC}[?1004h`);
  assert.equal(made.modes.mouseTrackingMode, "none");
  assert.equal(made.modes.sendFocusMode, false);
});

test("colours, cursor movement and other modes still work", async () => {
  const made = terminal();
  await write(made, `${ESC}[31mred${ESC}[0m${ESC}[1Gx${ESC}[?2004h`);
  assert.equal(firstRow(made), "xed");
  assert.equal(made.modes.bracketedPasteMode, true);
});

test("what a person types passes, control keys and pasted text too", () => {
  const typed = ["a", "é", "\r", "\x03", "\x04", "\t", ESC, `${ESC}[A`, `${ESC}OP`, `${ESC}[3~`];
  for (const data of [...typed, `${ESC}]`, `${ESC}P`, `${ESC}[200~int x;${ESC}[201~`, "1;2R"]) {
    assert.ok(isTyped(data), JSON.stringify(data));
  }
});

test("an answer is never taken for typing", () => {
  const answers = [
    `${ESC}[?1;2c`,
    `${ESC}[>0;276;0c`,
    `${ESC}[0n`,
    `${ESC}[3;7R`,
    `${ESC}[?3;7R`,
    `${ESC}[?25;1$y`,
    `${ESC}[8;24;80t`,
    `${ESC}P1$r0m${ST}`,
    `${ESC}]11;rgb:ffff/ffff/ffff${ST}`,
    `${ESC}[I`,
    `${ESC}[<0;1;1M`,
    `${ESC}[M !!`,
  ];
  for (const data of answers) assert.ok(!isTyped(data), JSON.stringify(data));
});
