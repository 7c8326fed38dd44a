"""The tools beside a run: a check, the assembler text, the format of a source.

Theory of operation
-------------------
A tool looks at a source in a single-use sandbox, behind the compile stage's
walls, and no program of it is ever run. The policy looks first and answers
alone where it says no, so a source that it refuses uses up no sandbox. What the
sandbox says is read as for a run, by the same :class:`Runner`. So a tool that
meets an attempt to get out ends in an outcome that can be recorded like any
other: :attr:`Check.escape`. Whoever uses tools for people has to record it.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from executor import assembly
from executor.engine import SandboxUnavailable
from executor.frames import Tool
from executor.outcome import Category, Diagnostic, Outcome, Violation
from executor.policy import Judgement
from executor.runner import Runner
from executor.sizes import size_violations
from executor.submission import Submission
from executor.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Check:
    """What a tool found."""

    violations: list[Violation] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    compiler: str = "done"
    """``done``; ``busy``: there was no sandbox for it; ``skipped``: the policy said no before."""
    text: str = ""
    """The assembler text or the formatted source; empty where there is none."""
    lines: list[list[int]] = field(default_factory=list)
    """Of the assembler text: pairs of its line and the source's, from 1."""
    escape: Outcome | None = None
    """Something tried to get out: this is to be recorded as an execution."""


class Tools:
    """Uses tools under a runner's policy and limits, in its pool's sandboxes."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def use(
        self,
        tool: Tool,
        submission: Submission,
        may: Callable[[], bool] = lambda: True,
        account: str | None = None,
    ) -> Check:
        """Look at a submission; ``may`` is asked for leave just before a sandbox is taken.

        Never raises for anything that is in the source or happens to the engine.
        """
        try:
            violations, library = await self._judge(tool, submission, account)
        except SandboxUnavailable:
            return Check(compiler="busy")
        if violations:
            return Check(violations, compiler="skipped")
        if not may():
            return Check(compiler="busy")
        outcome = self._runner.outcome_of(submission, str(uuid.uuid4()))
        try:
            transcript = await self._runner.in_sandbox(
                submission, library, outcome, self._runner.remote(), lambda event: None, tool
            )
        except SandboxUnavailable:
            return Check(compiler="busy")
        return await self._found(tool, transcript)

    async def _judge(self, tool: Tool, submission: Submission, account: str | None) -> Judgement:
        # What only gets other blanks may say what it likes.
        if tool is Tool.FORMAT:
            return Judgement(size_violations(submission, self._runner.limits), None)
        return await self._runner.judge(submission, account)

    @staticmethod
    async def _found(tool: Tool, transcript: Transcript) -> Check:
        outcome = transcript.outcome
        lines: list[list[int]] = []
        text = transcript.text.decode("utf-8", "replace")
        if tool is Tool.ASSEMBLY:
            main = transcript.submission.main
            text, lines = await asyncio.to_thread(assembly.readable, text, main)
        told = list(outcome.diagnostics)
        # A limit that the tool ran into, a crash, an engine that went away: told as the compiler's.
        exit_code = transcript.ending.get("exit") if _ended_by_itself(transcript) else None
        if exit_code is None or (exit_code != "0" and not told):
            told.append(Diagnostic("error", outcome.message))
        refused = [one for one in outcome.violations if one.category is not Category.RESOURCE_LIMIT]
        tried = any(one.category is Category.ESCAPE_ATTEMPT for one in refused)
        return Check(refused, told, text=text, lines=lines, escape=outcome if tried else None)


def _ended_by_itself(transcript: Transcript) -> bool:
    return transcript.ending.get("cause") == "exit"
