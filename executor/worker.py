"""A worker: takes executions from the shared line and runs them on its own engine.

Theory of operation
-------------------
Celery's threads only carry calls here; everything happens in one event loop of
the worker's own, with one pool. A call waits for a place, takes one execution from
the line and lasts until that has ended (:mod:`executor.turn`) or given its place
back, because its program waits for input (:mod:`executor.input_waits`). So Celery has
as many threads as there are places, and a worker that has none free is not called.

On SIGTERM Celery takes no more calls and waits for those under way. What still
runs after ``WORKER_DRAIN_SECONDS`` is stopped, with its record and a word.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

from django.conf import settings

from executor import calling, metrics
from executor.admission import executor_from_settings
from executor.input_waits import InputWaits, Seat
from executor.live import Line
from executor.local import RESTARTING
from executor.log_context import about
from executor.membership import Membership
from executor.shared_line import Away, Steps, connected_async, key
from executor.turn import Turn
from executor.wire import check_text, submission_from

logger = logging.getLogger(__name__)

_ANSWER_SECONDS = 60
_CLOSE_SECONDS = 8.0


class Worker:
    """This process's executions, from :meth:`start` to :meth:`close`; called from threads."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="worker", daemon=True)
        self._turns: dict[str, Turn] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._closing = False
        self._drained_at = 0.0
        self._line = Line(settings.SANDBOX_CONCURRENCY)
        self._input_waits = InputWaits(self._line, self._queued)
        self._membership = Membership(calling.call, holds=lambda: set(self._turns), free=self._free)

    @property
    def is_closing(self) -> bool:
        """Whether it has been asked to stop."""
        return self._closing

    def start(self) -> None:
        """Warm the pool and be a member."""
        self._thread.start()
        self._wait_for(self._open())
        self._membership.start()

    def take(self) -> None:
        """Take one execution from the line, if there is one, and see it through."""
        self._wait_for(self._take())

    def look_at(self, request: str) -> None:
        """Use a tool for a request, if that still stands, and answer it."""
        self._wait_for(self._look_at(request))

    def drain(self) -> None:
        """Take no more; what still runs after ``WORKER_DRAIN_SECONDS`` is stopped."""
        self._closing = True
        seconds = settings.WORKER_DRAIN_SECONDS
        self._drained_at = time.monotonic() + seconds
        later = self._loop.call_soon_threadsafe
        later(self._loop.call_later, seconds, self._stop_all)
        # Or a worker whose Redis never comes back would wait for it for ever.
        later(self._loop.call_later, seconds + _CLOSE_SECONDS, self._leave_to_others)

    def finish_draining(self) -> None:
        """Wait for the programs that wait for input, for as long as :meth:`drain` gives them."""
        self._wait_for(self._finish_draining())

    def close(self) -> None:
        """Stop every execution with its record, empty the pool and be no member any more."""
        self._closing = True
        self._wait_for(self._close())
        self._membership.leave()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _wait_for(self, coroutine: Coroutine[Any, Any, None]) -> None:
        done: Future[None] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        done.result()

    def _free(self) -> int:
        """Places for further executions."""
        return 0 if self._closing else self._line.free

    async def _queued(self) -> int:
        try:
            return int(await self._redis.hlen(key("waiting")))
        except Away:
            return 0

    async def _open(self) -> None:
        self._executor = executor_from_settings(pool_size=settings.SANDBOX_POOL_SIZE)
        self._executor.pool.on_start = metrics.sandbox_start_seconds.observe
        self._executor.pool.start()
        self._redis = connected_async()
        self._steps = Steps(self._redis)

    async def _finish_draining(self) -> None:
        seconds = self._drained_at - time.monotonic()
        if self._under_way and seconds > 0:
            await asyncio.wait(self._under_way, timeout=seconds)

    async def _close(self) -> None:
        self._stop_all()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_CLOSE_SECONDS)
            self._leave_to_others()
        await self._executor.aclose()
        await self._redis.aclose()

    def _leave_to_others(self) -> None:
        """Let go of what could not be told; another member closes it."""
        for one in self._under_way:
            one.cancel()

    def _stop_all(self) -> None:
        for turn in self._turns.values():
            turn.live.stop(RESTARTING)

    async def _take(self) -> None:
        await self._line.enter(None, uuid.uuid4().hex)
        taken = None
        try:
            if not self._closing:
                taken = await self._steps.take(self._membership.name)
        finally:
            if not taken:
                self._line.leave()
        if taken:
            await self._carry_until_place_is_free(*taken)

    async def _carry_until_place_is_free(
        self, execution_id: str, text: str, waited: str, pairs: list[str]
    ) -> None:
        try:
            known = dict(zip(pairs[::2], pairs[1::2], strict=True))
            turn = Turn(execution_id, text, float(waited), known, self._executor)
        except BaseException:
            self._line.leave()
            raise
        self._turns[execution_id] = turn
        seat = self._input_waits.seat(turn.live)
        with about(execution_id):
            carrying = asyncio.create_task(
                self._carry(turn, seat), name=f"execution {execution_id}"
            )
        self._under_way.add(carrying)
        carrying.add_done_callback(self._under_way.discard)
        waiting = asyncio.create_task(seat.gave_back.wait())
        try:
            await asyncio.wait({carrying, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()

    async def _carry(self, turn: Turn, seat: Seat) -> None:
        execution_id = turn.live.execution_id
        try:
            await turn.see_through(self._redis, self._steps, self._membership, seat)
        except Exception:
            logger.exception("left execution %s to other workers", execution_id)
        finally:
            del self._turns[execution_id]
            seat.leave()

    async def _look_at(self, request: str) -> None:
        text = await self._redis.getdel(key("request", request))
        if text is None:
            return
        submission, tool, account = submission_from(text)
        found = await self._executor.use_tool(tool, submission, self._has_spare_sandbox, account)
        answer = check_text(found)
        try:
            async with self._redis.pipeline(transaction=True) as together:
                together.rpush(key("answer", request), answer)
                together.expire(key("answer", request), _ANSWER_SECONDS)
                await together.execute()
        except Away:
            # Who asked is told that nobody had time. An escape leaves this line besides.
            logger.exception("what a tool found could not be told (escape: %s)", found.escape)

    def _has_spare_sandbox(self) -> bool:
        return not self._closing and self._executor.pool.warm > 1


_current: Worker | None = None


def current() -> Worker:
    """This process's worker, made and started on first use."""
    global _current
    if _current is None:
        _current = Worker()
        _current.start()
    return _current
