"""One execution's turn on a worker: begin, run, record; and what goes on beside it.

Beside the execution are three small coroutines: one publishes what it says, one
reads what its person sends, one looks whether somebody still follows. While
Redis is away the first keeps what was said (the limits bound it) and goes on
where it stopped. While the database is away a program that has not begun waits,
and one that has ended keeps its place until its ending is on record.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from channels.db import database_sync_to_async
from django.db import InterfaceError, OperationalError

from audit import recorder
from executor import messages, metrics
from executor.admission import shared_server_id
from executor.code_executor import CodeExecutor
from executor.fields import BadMessage
from executor.input_waits import Seat
from executor.live import ABANDONED, Live, stopped_by
from executor.membership import Membership
from executor.outcome import Outcome, Status
from executor.parsing import parse
from executor.shared_line import BLOCK_MS, Away, Steps, key
from executor.submission import Submission
from executor.wire import submission_from

logger = logging.getLogger(__name__)

_ENTRY_CHARACTERS = 1 << 16
_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 2.0
_WATCH_SECONDS = 1.0
# After Redis was away, followers need a moment to say that they are there.
_UNFOLLOWED_SECONDS = 5.0
# A database that is started again is back by then, with its recovery.
_RECORD_SECONDS = 60.0
_FAILED = "The worker failed while this program was running. Run it again."
_NOT_BEGUN = "The records could not be reached, so this program was not run. Try again later."
_UNRECORDED = (
    "The program ended, but its result could not be recorded yet, so it is not shown. "
    "It will be in your history once it is recorded."
)
_TAKEN_AWAY = "The program was stopped because its worker had not been heard from for some seconds."


class Turn:
    """What a worker took from the line; ``known`` is what the line knew of it besides."""

    def __init__(
        self,
        execution_id: str,
        text: str,
        waited: float,
        known: dict[str, str],
        executor: CodeExecutor,
    ) -> None:
        self._known = known
        self._executor = executor
        self._submission: Submission = submission_from(text)[0]
        self._queue_ms = round(1000 * waited, 3)
        self.live = Live(
            execution_id,
            int(known["person"]) or None,
            self._submission.code_hash,
            executor.remote(),
            known["door"],
            known.get("network", ""),
            history=known["accepted"].split("\n"),
        )

    async def see_through(
        self, redis: Any, steps: Steps, membership: Membership, seat: Seat
    ) -> None:
        """Run it to its end, on record and told. Waits for as long as Redis is away."""
        self._redis, self._steps, self._membership = redis, steps, membership
        self._seat = seat
        # What the web server said is there already.
        self._publishing = asyncio.create_task(self._publish(len(self.live.history)))
        beside = [asyncio.create_task(self._listen()), asyncio.create_task(self._watch())]
        try:
            if await self._run():
                beside.pop().cancel()
                await self._publishing
            else:
                settle = database_sync_to_async(membership.settle, thread_sensitive=False)
                await settle(self.live.execution_id, membership.name)
        finally:
            beside.append(self._publishing)
            for one in beside:
                one.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    # From its turn to its record

    async def _run(self) -> bool:
        """Whether it was this worker's to run; then its result is said."""
        live = self.live
        began = time.monotonic()
        try:
            if not await _on_record(recorder.started, live.execution_id, shared_server_id()):
                # Somebody has begun or closed it: it is not begun twice.
                return False
        except (OperationalError, InterfaceError):
            logger.exception("the beginning could not be recorded")
            outcome = self._failed(_NOT_BEGUN)
        else:
            outcome = await self._outcome()
        outcome.queue_ms = self._queue_ms
        outcome.total_ms = round(self._queue_ms + 1000 * (time.monotonic() - began), 3)
        outcome = await self._recorded(outcome)
        metrics.execution_ended(live.door, outcome)
        logger.info("ended: %s after %.0f ms", outcome.status, outcome.total_ms)
        live.finish(messages.Result(outcome))
        return True

    async def _outcome(self) -> Outcome:
        live = self.live
        try:
            outcome = await self._executor.execute_async(
                self._submission,
                live.execution_id,
                self._seat.emit,
                live.remote,
                None if live.user_id is None else str(live.user_id),
            )
        except Exception:
            logger.exception("execution %s failed", live.execution_id)
            return self._failed(_FAILED)
        return stopped_by(live, outcome)

    async def _recorded(self, outcome: Outcome) -> Outcome:
        """What may be said of an ending: itself once it is on record."""
        facts = outcome.as_dict()
        try:
            await _on_record(recorder.ended, outcome.execution_id, facts)
        except Exception:
            logger.exception("an ending could not be recorded yet")
            await self._keep_for_the_record(facts)
            return self._failed(_UNRECORDED)
        return outcome

    async def _keep_for_the_record(self, facts: dict[str, Any]) -> None:
        """In Redis, from where any member's next round writes it down."""
        kept = {name: value for name, value in facts.items() if name != "files"} | {"files": []}
        with suppress(Away):
            await self._redis.hset(key("unrecorded"), facts["execution_id"], json.dumps(kept))

    def _failed(self, message: str) -> Outcome:
        return Outcome(
            execution_id=self.live.execution_id,
            status=Status.SANDBOX_ERROR,
            message=message,
            code_hash=self.live.code_hash,
            policy_version=self._executor.policy.version,
            image=self._executor.config.image,
        )

    # Beside it

    async def _publish(self, at: int) -> None:
        live = self.live
        last = False
        wait_changes = 0
        while not last:
            said = _portion(await live.after(at, wait_changes))
            if not said and live.ended is None:
                wait_changes = live.wait_changes
                await self._say_waiting()
                continue
            last = live.ended is not None and at + len(said) == len(live.history)
            answer = await self._say(at, said, last)
            if answer == "unknown":
                at, last, wait_changes = await self._say_all_again(), False, 0
            elif answer == "not-held":
                live.stop(_TAKEN_AWAY)
                return
            else:
                at += len(said)

    async def _say(self, at: int, said: list[str], last: bool) -> str:
        steps, member = self._steps, self._membership.name
        text = "\n".join(said)
        return str(
            await _until_back(
                lambda: steps.publish(self.live.execution_id, member, at, text, int(last))
            )
        )

    async def _say_waiting(self) -> None:
        seconds = self.live.waiting().idle_seconds
        text = "" if seconds is None else f"{seconds:.1f}"
        which = self.live.execution_id, self._membership.name, text
        await _until_back(lambda: self._steps.say_waiting(*which))

    async def _say_all_again(self) -> int:
        """Redis has forgotten everything; where to go on."""
        known, name = self._known, self._membership.name
        which = self.live.execution_id, name, known["person"], known["door"], known["accepted"]
        await _until_back(lambda: self._steps.adopt(*which))
        return 0

    async def _listen(self) -> None:
        stream = key("control", self.live.execution_id)
        heard = "0"
        while True:
            for entry_id, text in await _until_back(partial(self._heard_after, stream, heard)):
                self._obey(text)
                heard = entry_id

    async def _heard_after(self, stream: str, heard: str) -> list[tuple[str, str]]:
        """What came after the entry ``heard``; up to that one, the stream is emptied."""
        await self._redis.xtrim(stream, minid=heard)
        news = await self._redis.xread({stream: heard}, block=BLOCK_MS)
        return [(entry_id, entry["m"]) for _, entries in news for entry_id, entry in entries]

    def _obey(self, text: str) -> None:
        try:
            # The limit on typed input was kept where it came in, for all web servers together.
            self.live.remote.handle(parse(text))  # type: ignore[arg-type]
        except BadMessage:
            logger.warning("a web server of another version sent a message that makes no sense")

    async def _watch(self) -> None:
        """Stop a program that nobody follows or others took; tell a Redis that has forgotten it."""
        seen = time.monotonic() - _UNFOLLOWED_SECONDS  # who left while it waited is not waited for
        while True:
            holder, followed = await self._holder_and_followed()
            known = holder is not None
            if known and holder != self._membership.name:
                # A follower may say that it is there just after the end: that lasts a minute.
                self.live.stop(_TAKEN_AWAY)
                return
            if followed or not known:
                seen = time.monotonic()
            if not known:
                self._publishing.cancel()
                self._publishing = asyncio.create_task(self._publish(0))
            if time.monotonic() - seen > _UNFOLLOWED_SECONDS:
                self.live.stop(ABANDONED)
                return
            await asyncio.sleep(_WATCH_SECONDS)

    async def _holder_and_followed(self) -> tuple[str | None, bool]:
        """What Redis says, no holder if it knows nothing; and while it is away, all is well."""
        live, followed = (key(name, self.live.execution_id) for name in ("live", "followed"))
        try:
            return await self._redis.hget(live, "holder"), await self._redis.exists(followed)
        except Away:
            return self._membership.name, True


def _portion(said: list[str]) -> list[str]:
    """As many of the first messages as fit an entry; at least one."""
    size = 0
    for place, text in enumerate(said):
        size += len(text)
        if place and size > _ENTRY_CHARACTERS:
            return said[:place]
    return said


async def _until_back(step: Callable[[], Any]) -> Any:
    """What a step in Redis gives, tried again for as long as Redis is away."""
    pause = _PAUSE_SECONDS
    while True:
        try:
            return await step()
        except Away:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


async def _on_record(write: Callable[..., bool], *values: object) -> bool:
    """Write to the records; raises what the database does when it stays away."""
    until = time.monotonic() + _RECORD_SECONDS
    pause = _PAUSE_SECONDS
    while True:
        try:
            return bool(await database_sync_to_async(write, thread_sensitive=False)(*values))
        except (OperationalError, InterfaceError) as error:
            if time.monotonic() > until:
                raise
            logger.warning("the records do not answer, another try comes: %s", error)
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
