"""One execution from start to end: validate, take a sandbox, compile, run, conclude.

Theory of operation
-------------------
``Runner.run`` is one coroutine per execution. Three things can happen at any
time and none waits for another: the sandbox speaks, the person speaks, time
passes. The sandbox's frames are read in a loop with a deadline; the person's
messages are forwarded by a second, small coroutine; a stop ends whatever is
being waited for before there is a sandbox, and is forwarded after.

The supervisor keeps the limits. The server's deadline is only there for a
sandbox that does not answer any more, and ends the container from outside.
"""

from __future__ import annotations

import asyncio
import base64
import time

from executor import frames, messages, sanitizer, verdict
from executor.engine import SandboxUnavailable
from executor.judging import Judging
from executor.limits import Limits
from executor.outcome import Category, Outcome, Severity, Status, Violation
from executor.policy import Judgement, Policy
from executor.pool import Pool
from executor.remote import Remote, Stopped
from executor.sandbox import Sandbox
from executor.sizes import size_violations
from executor.submission import Submission
from executor.transcript import Emit, Transcript

# Ending a program and bringing its files out may take this much longer than its limits.
_GRACE_SECONDS = 15.0
_MOST_SYMBOLS = 25
# What the early linker has read, early_link.c; a program that asks for nothing of it drops it.
_LIBRARY = "fann"


class Runner:
    """Runs submissions under one policy, one set of limits and one pool."""

    def __init__(
        self,
        pool: Pool,
        policy: Policy,
        limits: Limits,
        keep_input: int = 0,
    ) -> None:
        self.pool = pool
        self.policy = policy
        self.limits = limits
        self.keep_input = keep_input
        """Bytes of input that an outcome includes for its record."""
        self.judging = Judging(policy, limits)

    def remote(self) -> Remote:
        return Remote(self.limits.stdin_bytes, self.keep_input)

    async def run(
        self,
        submission: Submission,
        execution_id: str,
        remote: Remote,
        emit: Emit,
        person: str | None = None,
        judged: Judgement | None = None,
    ) -> Outcome:
        """One execution. Never raises for anything the program or the engine does.

        ``person``: whose it is, for a pool that keeps sandboxes for the same person.
        ``judged``: what :meth:`judge` gave, if it was asked before.
        """
        began = time.monotonic()
        outcome = self.outcome_of(submission, execution_id)
        remote.input.give(submission.stdin)
        try:
            if judged is None:
                judged = await remote.unless_stopped(self.judge(submission, person))
            violations, library = judged
            if violations:
                self._refuse(outcome, violations, emit)
            else:
                emit(messages.Stage("starting"))
                await self.in_sandbox(submission, library, outcome, remote, emit, person=person)
        except Stopped:
            outcome.status = Status.STOPPED
            outcome.message = "You stopped the execution before it began."
        except SandboxUnavailable as error:
            outcome.message = str(error)
        _note_input(outcome, remote)
        outcome.total_ms = _since(began)
        return outcome

    def outcome_of(self, submission: Submission, execution_id: str) -> Outcome:
        """What is known before anything was done."""
        return Outcome(
            execution_id=execution_id,
            status=Status.SANDBOX_ERROR,
            message="",
            code_hash=submission.code_hash,
            policy_version=self.policy.version,
            image=self.pool.engine.config.image,
        )

    async def judge(self, submission: Submission, account: str | None = None) -> Judgement:
        """Return the policy's violations and the FANN library that matches the headers.

        Raises :class:`SandboxUnavailable` if validation failed for another reason.
        """
        if violations := size_violations(submission, self.limits):
            return Judgement(violations, None)
        return await self.judging.review(submission, account)

    @staticmethod
    def _refuse(outcome: Outcome, violations: list[Violation], emit: Emit) -> None:
        outcome.status = Status.BLOCKED
        outcome.violations = violations
        count = len(violations)
        outcome.message = (
            f"The program was not run: {count} policy violations."
            if count > 1
            else f"The program was not run. {violations[0].message}"
        )
        emit(messages.Blocked(violations))

    async def in_sandbox(
        self,
        submission: Submission,
        library: str | None,
        outcome: Outcome,
        remote: Remote,
        emit: Emit,
        tool: frames.Tool = frames.Tool.RUN,
        person: str | None = None,
    ) -> Transcript:
        """Run a submission, or use a tool on it, in a sandbox of its own; completes ``outcome``.

        Raises :class:`SandboxUnavailable` and :class:`executor.remote.Stopped`.
        """
        asked = time.monotonic()
        sandbox = await self._take(remote, person)
        outcome.container_start_ms = _since(asked)
        outcome.container = sandbox.name
        outcome.image = sandbox.image
        outcome.walls = dict(sandbox.walls)
        if self.pool.engine.config.reuse:
            outcome.walls["use"] = sandbox.uses
        dispose = self.pool.dispose
        transcript = Transcript(submission, outcome, self.limits, emit)
        try:
            ending = await self._converse(sandbox, transcript, library, remote, tool)
        except (frames.ProtocolError, TimeoutError) as error:
            transcript.flush()
            await self._broken(transcript, error)
        else:
            transcript.flush()
            transcript.ending = ending
            await self._conclude(transcript)
            if verdict.leaves_no_doubt(outcome, ending):
                dispose = self.pool.give_back
        finally:
            dispose(sandbox)
        return transcript

    async def _take(self, remote: Remote, person: str | None) -> Sandbox:
        """A sandbox; one that comes too late for a stop goes back to where it came from."""
        taking = asyncio.ensure_future(self.pool.take(person))
        try:
            return await remote.unless_stopped(asyncio.shield(taking))
        except (Stopped, asyncio.CancelledError):
            taking.add_done_callback(self._dispose_taken)
            raise

    def _dispose_taken(self, taking: asyncio.Future[Sandbox]) -> None:
        if not taking.cancelled() and taking.exception() is None:
            self.pool.dispose(taking.result())

    async def _converse(
        self,
        sandbox: Sandbox,
        transcript: Transcript,
        library: str | None,
        remote: Remote,
        tool: frames.Tool,
    ) -> dict[str, str]:
        submission, nonce = transcript.submission, frames.new_nonce()
        sandbox.expect(nonce)
        sandbox.send(
            frames.order(
                submission,
                self.limits,
                nonce,
                symbols=self._symbols(submission),
                library=library or _LIBRARY,
                extended_headers=self.policy.extended,
                tool=tool,
            )
        )
        forwarding = asyncio.create_task(remote.forward_to(sandbox))
        try:
            async with asyncio.timeout(self._patience(submission)):
                return await self._listen(sandbox, transcript)
        finally:
            forwarding.cancel()

    def _symbols(self, submission: Submission) -> frozenset[str]:
        """What the link check lets an object ask for."""
        sanitized = sanitizer.SYMBOLS if submission.options.sanitize else frozenset()
        return frozenset(self.policy.link_symbols) | sanitized

    def _patience(self, submission: Submission) -> float:
        """Seconds after which a sandbox that gave no verdict is broken."""
        limits = self.limits
        seconds = limits.compile_seconds + limits.run_seconds + _GRACE_SECONDS
        return seconds + limits.session_seconds if submission.interactive else seconds

    @staticmethod
    async def _listen(sandbox: Sandbox, transcript: Transcript) -> dict[str, str]:
        while True:
            kind, payload = await sandbox.event()
            if kind == frames.VERDICT:
                return frames.pairs(payload)
            transcript.take(kind, payload)

    async def _broken(self, transcript: Transcript, error: Exception) -> None:
        """No verdict came: an escape attempt until something else is known."""
        outcome = transcript.outcome
        kept = "What the program printed until then is kept. Run it again."
        try:
            await asyncio.to_thread(self.pool.engine.info)
        except SandboxUnavailable:
            outcome.message = f"The Docker engine went away while the program was running. {kept}"
            return
        if isinstance(error, frames.SandboxEnded) and not transcript.began:
            # Nothing of the submission was looked at in there, so nothing of it can be to blame.
            outcome.message = "The sandbox ended before it was used. Run the program again."
            return
        late = isinstance(error, TimeoutError)
        ended = "stopped answering and was removed" if late else "ended without saying why"
        outcome.message = f"The sandbox {ended}. {kept}"
        outcome.violations.append(
            Violation(
                Category.ESCAPE_ATTEMPT,
                "no-verdict",
                Severity.HIGH,
                "The sandbox did not answer." if late else f"The supervisor's protocol: {error}.",
            )
        )

    async def _conclude(self, transcript: Transcript) -> None:
        outcome, ending = transcript.outcome, transcript.ending
        cause = ending.get("cause", "")
        _measure(outcome, ending)
        if cause == "supervisor":
            outcome.message = f"The sandbox could not run the program: {ending.get('reason')}."
        elif cause == "blocked":
            self._blocked_call(transcript, ending)
        elif crash := verdict.compiler_crash(cause, ending, outcome.compiler_output):
            outcome.status, outcome.message = Status.COMPILE_ERROR, crash[0]
            outcome.violations = [crash[1], *transcript.refused]
        elif await self._refused_in_link(transcript, ending):
            return
        elif ending.get("stage") == "run":
            met = [one.message for one in outcome.violations if one.rule in verdict.OUTLIVED]
            outcome.status, message = verdict.run_ending(cause, ending, self.limits)
            outcome.message = " ".join([message, *met])
            if transcript.submission.options.sanitize:
                self._read_report(transcript)
        else:
            outcome.status, outcome.message = verdict.compile_ending(cause, ending, self.limits)
        if outcome.status is Status.BLOCKED_SYSCALL and cause != "blocked":
            outcome.violations.append(verdict.blocked_call("", [])[1])
        if limit := verdict.limit_violation(outcome.status, outcome.message):
            outcome.violations.append(limit)

    @staticmethod
    def _read_report(transcript: Transcript) -> None:
        outcome = transcript.outcome
        printed = outcome.stdout if transcript.submission.interactive else outcome.stderr
        found = sanitizer.finding(printed.replace("\r\n", "\n"), transcript.submission.files)
        outcome.sanitizer = found
        if found and outcome.status is Status.RUNTIME_ERROR:
            where = f" in {found.file} line {found.line}" if found.file else ""
            outcome.message = f"The sanitizers stopped the program{where}. {found.message}"

    @staticmethod
    def _blocked_call(transcript: Transcript, ending: dict[str, str]) -> None:
        outcome, call = transcript.outcome, transcript.blocked or {}
        name = call.get("name", "")
        arguments = [int(argument, 16) for argument in call.get("arguments", "").split()]
        who = "The compiler" if ending.get("stage") == "compile" else "The program"
        line = int(call.get("line", "0"))
        place = (call.get("file", ""), line) if line else None
        outcome.message, violation = verdict.blocked_call(name, arguments, who, place)
        outcome.status = Status.BLOCKED_SYSCALL
        outcome.blocked_syscall = name or None
        outcome.signal = outcome.crash = None
        outcome.violations.append(violation)

    async def _refused_in_link(self, transcript: Transcript, ending: dict[str, str]) -> bool:
        """Whether the link check refused the program.

        A function that no library has and no policy mentions was merely forgotten: that is
        the linker's error to tell, not a violation.
        """
        violations = transcript.refused
        if transcript.symbols:
            linked = ending.get("cause") == "refused"
            named = await self.judging.link_violations(
                transcript.symbols[:_MOST_SYMBOLS], transcript.submission.code
            )
            violations += [one for one in named if linked or one.rule != "link-symbol"]
        if violations:
            self._refuse(transcript.outcome, violations, transcript.emit)
        return bool(violations)


def _note_input(outcome: Outcome, remote: Remote) -> None:
    outcome.input_bytes = remote.input.bytes
    outcome.input_sha256 = remote.input.sha256
    if remote.input.typed:
        outcome.input_kept_base64 = base64.b64encode(remote.input.kept).decode()


def _measure(outcome: Outcome, ending: dict[str, str]) -> None:
    outcome.compile_ms = int(ending.get("compile_us", "0")) / 1000
    outcome.run_ms = int(ending.get("run_us", "0")) / 1000
    outcome.compiled_early = ending.get("early") == "1"
    outcome.truncated = ending.get("truncated") == "1"
    if ending.get("stage") == "run":
        outcome.cpu_ms = int(ending.get("cpu_us", "0")) / 1000
        outcome.peak_memory_bytes = int(ending.get("peak_kib", "0")) * 1024
        exit_code = int(ending.get("exit", "-1"))
        outcome.exit_code = exit_code if exit_code >= 0 else None
        outcome.signal = verdict.signal_name(int(ending.get("signal", "0")))
        outcome.crash = verdict.crash(ending)


def _since(moment: float) -> float:
    return round((time.monotonic() - moment) * 1000, 3)
