"""Executions in this process: record, wait in line, run, keep for whoever follows.

Theory of operation
-------------------
One :class:`Dispatcher` per server process owns the pool and every live
execution. ``submit`` records the execution (nothing runs unrecorded), puts it
in line and returns it at once. Its coroutine waits for one of the
``SANDBOX_CONCURRENCY`` places, runs, records the ending, and only then says the
result. A program that waits for input gives its place back meanwhile
(:mod:`executor.input_waits`). Each live execution keeps its own history of
messages, so any number of followers can read it from its first message on, at
their own pace: a slow reader holds up nobody, because nothing ever waits for a
follower. The history is bounded by the limits on output and files.

An execution that nobody follows for ``DETACH_GRACE_SECONDS`` is stopped. What
has ended stays for ``_KEEP_SECONDS`` for a socket that comes back, as far as
``_KEEP_BYTES`` reach; after that the record answers.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError

from accounts.addresses import network_of
from audit import recorder
from executor import messages, metrics
from executor.admission import (
    Refused,
    Sender,
    busy,
    executor_from_settings,
    packed,
    queue_full,
    record_began,
    server_id,
    sweep_lost,
)
from executor.engine import SandboxUnavailable
from executor.frames import Tool
from executor.input_waits import InputWaits
from executor.live import Line, Live, stopped_by
from executor.log_context import about
from executor.outcome import Outcome, Status
from executor.remote import Stopped
from executor.submission import Submission
from executor.tools import Check

logger = logging.getLogger(__name__)

_KEEP_SECONDS = 300.0
# Of files, which are the bulk of a history: one person could otherwise fill a gigabyte.
_KEEP_BYTES = 64 << 20
# Of what was sent and has not ended: a line of the largest submissions would be two gigabytes.
_SENT_BYTES = 256 << 20
_SHUTDOWN_SECONDS = 8.0
# Longer than a check takes from recording that it began to recording its ending.
_SURELY_KNOWN = timedelta(seconds=60)
STOPPED_IN_LINE = "You stopped the execution while it was waiting."
NEVER_RAN = (
    "The server could not tell whether this program was recorded, so it did not run it. Try again."
)
NOT_RECORDED = (
    "The program ran, but its result could not be recorded yet, so it is not shown. "
    "It will be in your history once it is recorded."
)
NO_RESULT = "The program ran, but its result could not be recorded."
RESTARTING = "The server is restarting. Run the program again."


class Dispatcher:
    """All live executions of this process; made inside the server's event loop."""

    def __init__(self) -> None:
        self.executor = executor_from_settings(pool_size=settings.SANDBOX_POOL_SIZE)
        self._line = Line(settings.SANDBOX_CONCURRENCY)
        self._input_waits = InputWaits(self._line, self._queued)
        self._lives: dict[str, Live] = {}
        self._ended: deque[Live] = deque()
        """Those of them that ended, the oldest ending first."""
        self._kept_bytes = 0
        self.executor.pool.on_start = metrics.sandbox_start_seconds.observe
        metrics.watch(self.executor.pool, self._line)
        self._tasks: set[asyncio.Task[None]] = set()
        self._owed: dict[str, Outcome] = {}
        """Endings that no database took, by execution; bounded, for none takes a beginning then."""
        self._closing = False

    def start(self) -> None:
        """Begin to warm the pool."""
        self.executor.pool.start()

    async def submit(self, submission: Submission, sender: Sender) -> Live:
        """Record a submission and put it in line.

        Raises :class:`Refused` when it cannot be accepted, recorded included.
        """
        try:
            live, placed = await self._accept(submission, sender)
        except Refused as error:
            metrics.submission_refused(error.code)
            raise
        ahead = 0 if placed else self._line.ahead(live.user_id)
        live.say(messages.Accepted(live.execution_id, ahead))
        living = self._live(live, submission, placed)
        task = asyncio.create_task(living, name=f"execution {live.execution_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        live.watch_out()
        return live

    async def _accept(self, submission: Submission, sender: Sender) -> tuple[Live, bool]:
        """The recorded execution, and whether it has its place already."""
        live = self._admit(submission, sender)
        # Before it is recorded: that its turn has come is then no commit of its own.
        # What takes long to validate is validated first, and holds no place meanwhile.
        at_once = self.executor.judges_at_once(submission, _account(live))
        placed = at_once and self._line.enter_at_once()
        try:
            with about(live.execution_id):
                source = await packed(submission)
                await database_sync_to_async(record_began)(
                    live.execution_id, submission, sender, running=placed, source=source
                )
        except BaseException:
            del self._lives[live.execution_id]
            if placed:
                self._line.leave()
            raise
        return live, placed

    async def find(self, execution_id: str, user_id: int | None) -> Live | None:
        """A live execution of one's own."""
        live = self._lives.get(execution_id)
        return live if live is not None and live.user_id == user_id else None

    def has_spare_sandbox(self) -> bool:
        """Whether something that is no run may have a sandbox, and a run still finds one."""
        return not (self._closing or self._line.waiting) and self.executor.pool.warm > 1

    async def use_tool(
        self,
        tool: Tool,
        submission: Submission,
        may: Callable[[], bool],
        account: str | None = None,
    ) -> Check:
        """What the tool found; it gets a sandbox if ``may`` says so and none is missed then."""
        return await self.executor.use_tool(
            tool, submission, lambda: self.has_spare_sandbox() and may(), account
        )

    def sweep(self) -> int:
        """Record the endings that no database took when they came; close the records of dead
        servers, and those that this one knows nothing of. How many; blocks, from any thread.
        """
        settled = 0
        for execution_id, outcome in list(self._owed.items()):
            settled += _recorded_late(execution_id, outcome)
            del self._owed[execution_id]
        # A connection that ends in a commit does not tell whether that happened.
        for execution_id in recorder.unfinished_of(server_id(), _SURELY_KNOWN):
            if execution_id not in self._lives:
                settled += recorder.lost(execution_id, NEVER_RAN)
        return settled + sweep_lost()

    async def shutdown(self) -> None:
        """Stop every execution, record and tell each ending, and empty the pool."""
        self._closing = True
        for live in self._lives.values():
            live.stop(RESTARTING)
        told = {asyncio.create_task(live.told()) for live in self._lives.values()}
        if ending := self._tasks | told:
            await asyncio.wait(ending, timeout=_SHUTDOWN_SECONDS)
        await self.executor.aclose()

    def _admit(self, submission: Submission, sender: Sender) -> Live:
        self._forget()
        user_id = sender.user.pk if sender.user else None
        if self._closing:
            raise Refused("stopping", "The server is shutting down. Try again in a moment.")
        unended = [one for one in self._lives.values() if not one.ended]
        size = len(submission.stdin) + sum(map(len, submission.files.values()))
        held = sum(one.sent_bytes for one in unended)
        # One alone may be as large as the limits allow.
        if self._line.waiting >= settings.QUEUE_LENGTH or (held and held + size > _SENT_BYTES):
            raise queue_full()
        running = [one for one in unended if one.user_id == user_id]
        if len(running) >= settings.RUN_CONCURRENCY_PER_USER:
            raise busy(len(running))
        live = Live(
            str(uuid.uuid4()),
            user_id,
            submission.code_hash,
            self.executor.remote(),
            sender.door,
            network_of(sender.remote_address),
            sent_bytes=size,
        )
        self._lives[live.execution_id] = live
        return live

    def _keep(self, live: Live) -> None:
        """Keep what ended for a socket that comes back, for a while."""
        self._ended.append(live)
        self._kept_bytes += live.file_bytes
        # Also when nobody comes any more who would have it looked for.
        asyncio.get_running_loop().call_later(_KEEP_SECONDS + 1, self._forget)

    def _forget(self) -> None:
        """Drop what ended long ago, and the oldest of what is too much; the record has it."""
        old = time.monotonic() - _KEEP_SECONDS
        while self._ended and (self._kept_bytes > _KEEP_BYTES or (self._ended[0].ended or 0) < old):
            live = self._ended.popleft()
            self._kept_bytes -= live.file_bytes
            del self._lives[live.execution_id]

    async def _live(self, live: Live, submission: Submission, placed: bool) -> None:
        with about(live.execution_id):
            await self._from_line_to_record(live, submission, placed)

    async def _from_line_to_record(self, live: Live, submission: Submission, placed: bool) -> None:
        began = time.monotonic()
        try:
            outcome = stopped_by(live, await self._outcome(live, submission, placed))
            outcome.total_ms = round((time.monotonic() - began) * 1000, 3)
        except Exception:
            logger.exception("execution %s failed", live.execution_id)
            outcome = self._failed(
                live, "The server failed while this program was running. Run it again."
            )
        if not await self._is_recorded(outcome):
            outcome = self._failed(live, NOT_RECORDED)
        metrics.execution_ended(live.door, outcome)
        logger.info("ended: %s after %.0f ms", outcome.status, outcome.total_ms)
        live.finish(messages.Result(outcome))
        self._keep(live)

    async def _outcome(self, live: Live, submission: Submission, placed: bool) -> Outcome:
        queued = time.monotonic()
        judged = None
        if not placed:
            try:
                judging = self.executor.judge(submission, _account(live))
                judged = await live.remote.unless_stopped(judging)
                await self._wait_in_line(live)
            except Stopped:
                stopped = self._failed(live, STOPPED_IN_LINE)
                return replace(stopped, status=Status.STOPPED)
            except SandboxUnavailable as error:
                return self._failed(live, str(error))
        seat = self._input_waits.seat(live)
        try:
            queue_ms = round((time.monotonic() - queued) * 1000, 3)
            if not placed:
                await database_sync_to_async(recorder.started)(live.execution_id)
            outcome = await self.executor.execute_async(
                submission,
                live.execution_id,
                seat.emit,
                live.remote,
                _account(live),
                judged,
            )
            outcome.queue_ms = queue_ms
            return outcome
        finally:
            seat.leave()

    async def _queued(self) -> int:
        return self._line.waiting

    async def _wait_in_line(self, live: Live) -> None:
        if self._line.ahead(live.user_id):
            live.say(messages.Stage("queued"))
        entering = self._line.enter(live.user_id, live.execution_id)
        await live.remote.unless_stopped(entering)

    def _failed(self, live: Live, message: str) -> Outcome:
        return Outcome(
            execution_id=live.execution_id,
            status=Status.SANDBOX_ERROR,
            message=message,
            code_hash=live.code_hash,
            policy_version=self.executor.policy.version,
            image=self.executor.config.image,
        )

    async def _is_recorded(self, outcome: Outcome) -> bool:
        for _ in range(2):
            try:
                await database_sync_to_async(recorder.ended)(
                    outcome.execution_id, outcome.as_dict()
                )
                return True
            except Exception:
                logger.exception("the ending of %s could not be recorded", outcome.execution_id)
        self._owed[outcome.execution_id] = outcome
        return False


def _account(live: Live) -> str | None:
    return None if live.user_id is None else str(live.user_id)


def _recorded_late(execution_id: str, outcome: Outcome) -> bool:
    try:
        return recorder.ended(execution_id, outcome.as_dict())
    except (OperationalError, InterfaceError):
        raise  # there is no database; the next round tries again
    except Exception:
        # The others, the dead and the seals of this round, must not wait for it for ever.
        logger.exception("the ending of %s does not fit the records", execution_id)
        return recorder.lost(execution_id, NO_RESULT, outcome.stdout, outcome.stderr)
