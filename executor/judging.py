"""Validate sources within a bounded CPU time and without delaying anything else.

Theory of operation
-------------------
Validation is linear in the source, so a small source is cheap whatever its shape: it
is judged in a thread of its own pool. A larger one goes to a separate process, which
the kernel ends when it has used its CPU time or memory; the source is then refused.
Few such processes exist, they are started on demand and kept, and they have a lower
priority than the server.

One account has one source judged at a time; its others wait in order, in no thread
and in no process. So what one account sends costs another account's run nothing but
the small share of the processor that one niced process takes.

Nothing here belongs to an event loop but the locks, and a :class:`Judging` serves one loop.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from executor import judge_wire
from executor.engine import SandboxUnavailable
from executor.limits import KIB, Limits
from executor.outcome import Violation
from executor.policy import Judgement, Policy
from executor.submission import Submission

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Measured: the most expensive shapes cost 1 µs a byte, and the way to a process and back 2 ms.
SMALL_BYTES = 16 * KIB
_PROCESSES = 2
# The CPU time is what counts; this is for a machine that has no time at all for the process.
_PATIENCE_SECONDS = 30.0


class Judging:
    """Validates with one policy, for any number of coroutines of one event loop."""

    def __init__(self, policy: Policy, limits: Limits) -> None:
        self._policy = policy
        self._limits = limits
        self._accounts = _AccountLocks()
        self._quick = ThreadPoolExecutor(1, "judge small sources")
        self._slow = ThreadPoolExecutor(_PROCESSES, "judge large sources")
        self._processes = _Processes(policy, limits)

    def is_immediate(self, submission: Submission, account: str | None) -> bool:
        """Return whether a review takes no time: a small source that need not wait."""
        size = sum(map(len, submission.code.values()))
        return size <= SMALL_BYTES and not self._accounts.is_busy(account)

    async def review(self, submission: Submission, account: str | None = None) -> Judgement:
        """Return the violations of a submission and its FANN library.

        Raises :class:`SandboxUnavailable` if validation failed for another reason.
        """
        files, main = submission.files, submission.main
        if not submission.validate:
            # Only an operator can ask for this.
            return await self._in_turn(
                account, self._slow, lambda: Judgement([], self._policy.fann_library(files))
            )
        if sum(map(len, submission.code.values())) <= SMALL_BYTES:
            # What it includes may still be large; then the process reads it.
            found = await self._in_turn(
                account, self._quick, lambda: self._policy.review_small(files, main, SMALL_BYTES)
            )
            if found:
                return found
        return await self._in_turn(account, self._slow, lambda: self._review(files, main))

    async def link_violations(
        self, symbols: list[str], sources: Mapping[str, bytes]
    ) -> list[Violation]:
        """Return the violations for symbols that the link check refused.

        They have no places where these could not be found out.
        """
        if sum(map(len, sources.values())) <= SMALL_BYTES:
            return await self._in_turn(
                None, self._quick, lambda: self._policy.link_violations(symbols, sources)
            )
        try:
            asking = self._in_turn(
                None, self._slow, lambda: self._ask(sources, "link", symbols=symbols)
            )
            return [Violation.from_dict(one) for one in await asking]
        except SandboxUnavailable:
            return self._policy.link_violations(symbols, {})

    def close(self) -> None:
        """End the processes; the sources that they validate fail."""
        self._processes.close()

    async def _in_turn(
        self, account: str | None, pool: ThreadPoolExecutor, work: Callable[[], T]
    ) -> T:
        """Call ``work`` in a thread of ``pool`` once the account's earlier work is done.

        A caller that is cancelled stops waiting; work that has begun keeps the account's turn
        until it has ended.
        """
        await self._accounts.acquire(account)
        working = asyncio.get_running_loop().run_in_executor(pool, work)
        working.add_done_callback(lambda done: self._finished(account, done))
        return await asyncio.shield(working)

    def _finished(self, account: str | None, done: asyncio.Future[T]) -> None:
        self._accounts.release(account)
        if not done.cancelled():
            done.exception()  # its caller may have been cancelled

    def _review(self, files: Mapping[str, bytes], main: str) -> Judgement:
        try:
            found, library = self._ask(files, "review", main=main)
        except _OverLimit as error:
            return self._policy.too_costly(str(error))
        return Judgement([Violation.from_dict(one) for one in found], library)

    def _ask(self, files: Mapping[str, bytes], ask: str, **values: Any) -> Any:
        request = {"ask": ask, "limits": asdict(self._limits), **values}
        with self._processes.taken() as process:
            return process.ask(request, files)


class _OverLimit(SandboxUnavailable):
    """A source exceeded its CPU time or memory; the text names the limit."""

    def __init__(self, message: str) -> None:
        super().__init__("check-cost", message)


def _failed() -> SandboxUnavailable:
    return SandboxUnavailable(
        "judging-failed", "The source could not be checked, so it was not run. Run it again."
    )


class _Processes:
    """The existing processes; a thread takes one or starts one."""

    def __init__(self, policy: Policy, limits: Limits) -> None:
        self._policy = policy
        self._limits = limits
        self._lock = threading.Lock()
        self._all: set[_Process] = set()
        self._idle: list[_Process] = []

    @contextmanager
    def taken(self) -> Iterator[_Process]:
        """Lend a process to the calling thread alone."""
        process = self._take()
        try:
            yield process
        finally:
            with self._lock:
                if process.is_alive and process in self._all:
                    self._idle.append(process)
                else:
                    self._all.discard(process)
                    process.end()

    def close(self) -> None:
        with self._lock:
            ending, self._all, self._idle = self._all, set(), []
        for process in ending:
            process.end()

    def _take(self) -> _Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.is_alive:
                    return process
                self._all.discard(process)
        process = _Process(self._policy, self._limits)
        with self._lock:
            self._all.add(process)
        return process


class _Process:
    """One process of :mod:`executor.judge_process`."""

    def __init__(self, policy: Policy, limits: Limits) -> None:
        self._limits = limits
        self._patience_is_over = False
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "executor.judge_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parent.parent,
            env={"LANG": "C.UTF-8"},
            start_new_session=True,
        )
        self._tell(
            {"profile": policy.profile, "limits": asdict(limits)}, {"policy": policy.content}
        )

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def ask(self, request: Mapping[str, Any], files: Mapping[str, bytes]) -> Any:
        """Return the answer. Raises :class:`SandboxUnavailable`, and its :class:`_OverLimit`."""
        patience = threading.Timer(_PATIENCE_SECONDS, self._lose_patience)
        patience.daemon = True
        patience.start()
        try:
            self._tell(request, files)
            reply = judge_wire.receive(self._popen.stdout)  # type: ignore[arg-type]
        finally:
            patience.cancel()
        if reply is None:
            raise self._why_it_died()
        if "error" in reply[0]:
            logger.error("a source could not be judged: %s", reply[0]["error"])
            raise _failed()
        return reply[0]["answer"]

    def end(self) -> None:
        """Kill the process and wait for its end; do nothing if it has ended."""
        self._popen.kill()
        self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            with suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]

    def _tell(self, header: Mapping[str, Any], blobs: Mapping[str, bytes]) -> None:
        # A dead process shows as the end of its output.
        with suppress(BrokenPipeError):
            judge_wire.send(self._popen.stdin, header, blobs)  # type: ignore[arg-type]

    def _lose_patience(self) -> None:
        self._patience_is_over = True
        self._popen.kill()

    def _why_it_died(self) -> SandboxUnavailable:
        ended = self._popen.wait()
        if ended == -signal.SIGXCPU:
            seconds = self._limits.validation_cpu_seconds
            return _OverLimit(f"checking it takes more than {seconds} s of CPU time")
        if ended == judge_wire.OUT_OF_MEMORY:
            return _OverLimit("checking it takes more memory than the limit")
        if self._patience_is_over:
            return SandboxUnavailable(
                "judging-late",
                "The server is too busy to check the source now, so it was not run. "
                "Try again in a moment.",
            )
        logger.error("the process that judges sources ended with %s", ended)
        return _failed()


class _AccountLocks:
    """One lock for each account with work to do; first come, first served."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: Counter[str] = Counter()

    def is_busy(self, account: str | None) -> bool:
        return account in self._locks

    async def acquire(self, account: str | None) -> None:
        """Hold the account's lock; work without an account never waits."""
        if account is None:
            return
        self._users[account] += 1
        try:
            await self._locks.setdefault(account, asyncio.Lock()).acquire()
        except BaseException:
            self._forget(account)
            raise

    def release(self, account: str | None) -> None:
        if account is not None:
            self._locks[account].release()
            self._forget(account)

    def _forget(self, account: str) -> None:
        self._users[account] -= 1
        if not self._users[account]:
            del self._users[account], self._locks[account]
