"""A worker: takes executions from the shared line and runs them on its own engine.

Theory of operation
-------------------
Celery's threads only carry calls here; everything happens in one event loop of
the worker's own, with one pool. A call takes one execution from the line and
lasts until that has ended (:mod:`executor.turn`), so Celery's threads are the
places, and a worker that has none free is not called.

On SIGTERM Celery takes no more calls and waits for those under way. What still
runs after ``WORKER_DRAIN_SECONDS`` is stopped, with its record and a word.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

from django.conf import settings

from executor import calling, metrics
from executor.admission import executor_from_settings
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
        later = self._loop.call_soon_threadsafe
        later(self._loop.call_later, seconds, self._stop_all)
        # Or a worker whose Redis never comes back would wait for it for ever.
        later(self._loop.call_later, seconds + _CLOSE_SECONDS, self._leave_to_others)

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
        return 0 if self._closing else max(0, settings.SANDBOX_CONCURRENCY - len(self._turns))

    async def _open(self) -> None:
        self._executor = executor_from_settings(pool_size=settings.SANDBOX_POOL_SIZE)
        self._executor.pool.on_start = metrics.sandbox_start_seconds.observe
        self._executor.pool.start()
        self._redis = connected_async()
        self._steps = Steps(self._redis)

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
        if self._closing:
            return
        taken = await self._steps.take(self._membership.name)
        if not taken:
            return
        execution_id, text, waited, pairs = taken
        known = dict(zip(pairs[::2], pairs[1::2], strict=True))
        turn = Turn(execution_id, text, float(waited), known, self._executor)
        self._turns[execution_id] = turn
        with about(execution_id):
            going = turn.see_through(self._redis, self._steps, self._membership)
            carrying = asyncio.create_task(going, name=f"execution {execution_id}")
        self._under_way.add(carrying)
        try:
            await asyncio.wait({carrying})
            if not carrying.cancelled() and (error := carrying.exception()):
                logger.error("execution %s was left to other members", execution_id, exc_info=error)
        finally:
            self._under_way.discard(carrying)
            del self._turns[execution_id]

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
