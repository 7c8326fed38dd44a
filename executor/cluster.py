"""Executions on workers, as a web server sees them: hand on, follow, pass on what is typed.

Theory of operation
-------------------
``submit`` asks the shared line for a place, records the submission, puts it in
line and calls a worker, through Celery. The call names no execution: whoever
comes takes the one whose turn it is, so a call too many is a call for nothing.

Whoever follows reads the execution's stream, from its first message on, at their
own pace; the next entries are asked for when these have been sent. That somebody
follows is said in Redis again and again, and where it is said no more, the worker
stops the program after ``DETACH_GRACE_SECONDS``.

While Redis is away nothing is accepted. Who follows goes on when it is back, or
is told the ending that is on record meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError

from accounts.addresses import network_of
from audit import recorder
from audit.models import Execution
from executor import calling, messages, metrics
from executor.admission import (
    Refused,
    Sender,
    busy,
    packed,
    policy_from_settings,
    queue_full,
    record_began,
)
from executor.frames import Tool
from executor.local import STOPPED_IN_LINE
from executor.log_context import about
from executor.membership import Membership
from executor.outcome import Outcome, Status
from executor.recorded import outcome as recorded_outcome
from executor.shared_line import BLOCK_MS, Away, Steps, connected_async, key
from executor.submission import Submission
from executor.tools import Check
from executor.wire import control_text, submission_text

logger = logging.getLogger(__name__)

_ENTRIES = 8
_PAUSE_SECONDS = 0.5
_LONGEST_WORD_SECONDS = 2.0
_AWAY = "The line cannot be reached, so the program was not run. Try again in a moment."
_NOT_PASSED_ON = (
    "The worker cannot be reached now, so nothing was passed on to the program. Try again."
)


class Dispatcher:
    """The way to the workers from this process; made inside the server's event loop."""

    def __init__(self) -> None:
        self._redis = connected_async()
        self._steps = Steps(self._redis)
        self._under_way: set[str] = set()
        self._closing = False
        self._membership = Membership(calling.call, holds=self._under_way.copy)
        self._policy = policy_from_settings()

    def start(self) -> None:
        """Be a member."""
        self._membership.start()

    async def submit(self, submission: Submission, sender: Sender) -> Distant:
        """Record a submission and put it in line.

        Raises :class:`Refused` when it cannot be accepted, recorded included.
        """
        execution_id = str(uuid.uuid4())
        self._under_way.add(execution_id)
        try:
            with about(execution_id):
                await self._accept(execution_id, submission, sender)
        except Refused as error:
            metrics.submission_refused(error.code)
            raise
        finally:
            self._under_way.discard(execution_id)
        return self._distant(execution_id, sender.user.pk if sender.user else None)

    async def find(self, execution_id: str, user_id: int | None) -> Distant | None:
        """A live execution of one's own. Raises :class:`Refused` while Redis is away."""
        try:
            person = await self._redis.hget(key("live", execution_id), "person")
        except Away as error:
            raise Refused("line-away", _NOT_PASSED_ON) from error
        return self._distant(execution_id, user_id) if person == _person(user_id) else None

    async def use_tool(
        self,
        tool: Tool,
        submission: Submission,
        may: Callable[[], bool],
        account: str | None = None,
    ) -> Check:
        """What the tool found on a worker; ``busy`` where none had a sandbox to spare in time."""
        if not may():
            return Check(compiler="busy")
        return await calling.look(submission_text(submission, tool, account))

    async def shutdown(self) -> None:
        """Be no member any more. Executions go on; pages come back through another server."""
        self._closing = True
        await asyncio.to_thread(self._membership.leave)
        await self._redis.aclose()

    def _distant(self, execution_id: str, user_id: int | None) -> Distant:
        return Distant(execution_id, user_id, self._redis, self._control)

    async def _control(self, execution_id: str, message: messages.Control) -> bool:
        text, typed = control_text(message), _typed_bytes(message)
        try:
            why_not = await self._steps.control(
                execution_id, text, typed, settings.LIMITS.stdin_bytes
            )
            if isinstance(message, messages.Stop) and not why_not:
                await self._end_in_line(execution_id)
        except Away as error:
            raise Refused("line-away", _NOT_PASSED_ON) from error
        if why_not == "not-running":
            raise Refused("not-running", "You have no program running here.")
        return not why_not

    async def _end_in_line(self, execution_id: str) -> None:
        """End what no worker has taken yet; what one has, gets the stop there."""
        member = self._membership
        self._under_way.add(execution_id)
        try:
            if await self._steps.withdraw(execution_id, member.name):
                await database_sync_to_async(self._record_stop)(execution_id)
                await database_sync_to_async(member.say_ending)(execution_id, member.name)
        finally:
            self._under_way.discard(execution_id)

    def _record_stop(self, execution_id: str) -> None:
        outcome = Outcome(
            execution_id=execution_id,
            status=Status.STOPPED,
            message=STOPPED_IN_LINE,
            policy_version=self._policy.version,
            image=settings.SANDBOX_IMAGE,
        )
        recorder.ended(execution_id, outcome.as_dict())

    async def _accept(self, execution_id: str, submission: Submission, sender: Sender) -> None:
        position = await self._admit(execution_id, sender)
        try:
            source = await packed(submission)
            await database_sync_to_async(record_began)(
                execution_id, submission, sender, shared=True, source=source
            )
        except BaseException:
            with contextlib.suppress(Away):
                await self._steps.forget(execution_id)
            raise
        first = [messages.to_json(messages.Accepted(execution_id, position))]
        if position:
            first.append(messages.to_json(messages.Stage("queued")))
        await self._enter(execution_id, submission_text(submission), "\n".join(first))

    async def _admit(self, execution_id: str, sender: Sender) -> int:
        """How many turns are before it. Raises :class:`Refused`."""
        if self._closing:
            raise Refused("stopping", "The server is shutting down. Try again in a moment.")
        person = _person(sender.user.pk if sender.user else None)
        limits = settings.QUEUE_LENGTH, settings.RUN_CONCURRENCY_PER_USER
        try:
            why_not, number = await self._steps.admit(
                execution_id,
                person,
                self._membership.name,
                sender.door,
                *limits,
                network_of(sender.remote_address),
            )
        except Away as error:
            raise Refused("line-away", _AWAY) from error
        if why_not:
            raise queue_full() if why_not == "queue-full" else busy(number)
        return int(number)

    async def _enter(self, execution_id: str, text: str, first: str) -> None:
        """Put what is recorded in line; where that fails, its record says that it never ran."""
        member, grace = self._membership.name, math.ceil(settings.DETACH_GRACE_SECONDS) + 3
        try:
            await self._steps.enter(execution_id, member, text, first, grace)
        except Away as error:
            # It may be in line all the same; but what is closed on record is not begun.
            await database_sync_to_async(recorder.lost)(execution_id, _AWAY)
            raise Refused("line-away", _AWAY) from error
        try:
            await asyncio.to_thread(calling.call, 1)
        except Exception:
            # A worker with nothing to do looks into the line by itself; this is only sooner.
            logger.exception("no worker could be called")


class Distant:
    """One execution that lives on a worker, as one of its followers sees it."""

    def __init__(
        self,
        execution_id: str,
        user_id: int | None,
        redis: Any,
        control: Callable[[str, messages.Control], Awaitable[bool]],
    ) -> None:
        self.execution_id = execution_id
        self.user_id = user_id
        self.ended: float | None = None
        self._redis = redis
        self._control = control

    async def control(self, message: messages.Control) -> bool:
        """Pass a person's message on; False if it went over the limit for typed input.

        Raises :class:`Refused` where it reaches nobody.
        """
        return await self._control(self.execution_id, message)

    async def follow(self) -> AsyncGenerator[str]:
        """Every message from the first on, until the last one, as JSON."""
        here = asyncio.create_task(self._say_that_somebody_is_here())
        at, last = 0, "0"
        try:
            while self.ended is None:
                entries = await self._after(last)
                for entry_id, entry in entries:
                    last = entry_id
                    if "w" in entry:
                        yield _waiting(entry_id, entry["w"])
                        continue
                    first = int(entry["at"])
                    for place, text in enumerate(entry["m"].split("\n"), first):
                        # A worker says it again when it does not know whether it was heard.
                        if place >= at or first < 0:
                            at = max(at, place + 1)
                            yield text
                    if entry.get("end") == "1":
                        self.ended = time.monotonic()
                if not entries and (ending := await self._ending_on_record()):
                    self.ended = time.monotonic()
                    yield ending
        finally:
            here.cancel()

    async def _after(self, last: str) -> list[tuple[str, dict[str, str]]]:
        """The next entries of the stream; none when there is no news for a while."""
        stream = key("said", self.execution_id)
        try:
            news = await self._redis.xread({stream: last}, count=_ENTRIES, block=BLOCK_MS)
        except Away:
            await asyncio.sleep(_PAUSE_SECONDS)
            return []
        return list(news[0][1]) if news else []

    async def _ending_on_record(self) -> str | None:
        """The last message of an execution that Redis has not, made from its record."""
        with contextlib.suppress(Away):
            if await self._redis.exists(key("said", self.execution_id)):
                return None
        with contextlib.suppress(DatabaseError):
            ending: str | None = await database_sync_to_async(_result_on_record)(self.execution_id)
            return ending
        return None

    async def _say_that_somebody_is_here(self) -> None:
        pause = max(_PAUSE_SECONDS, min(settings.DETACH_GRACE_SECONDS / 3, _LONGEST_WORD_SECONDS))
        lasts = int(1000 * (settings.DETACH_GRACE_SECONDS + pause + 1))
        while True:
            with contextlib.suppress(Away):
                await self._redis.set(key("followed", self.execution_id), 1, px=lasts)
            await asyncio.sleep(pause)


def _result_on_record(execution_id: str) -> str | None:
    record = Execution.objects.filter(pk=execution_id).exclude(status="").first()
    return messages.to_json(messages.Result(recorded_outcome(record))) if record else None


def _waiting(entry_id: str, seconds: str) -> str:
    """Return a waiting message adjusted to now; its entry's id starts with its time in ms."""
    if not seconds:
        return messages.to_json(messages.Waiting(None))
    passed = time.time() - int(entry_id.partition("-")[0]) / 1000
    left = min(float(seconds), max(0.0, float(seconds) - passed))
    return messages.to_json(messages.Waiting(round(left, 1)))


def _person(user_id: int | None) -> str:
    return str(user_id or 0)


def _typed_bytes(message: messages.Control) -> int:
    return (
        len(message.data.encode("utf-8", "replace")) if isinstance(message, messages.Stdin) else 0
    )
