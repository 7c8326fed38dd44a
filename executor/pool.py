"""Keeps sandboxes started and waiting, and removes strays.

Theory of operation
-------------------
A sandbox is used once, so the pool only ever hands out; where the configuration has
them used again, ``used`` keeps those that may be. ``take`` gives the
oldest warm sandbox that is alive, or makes one on the spot. The filler, one
background coroutine, brings the number of warm sandboxes back to ``size``, and
not before the execution that took one has had time to compile: starting a
container costs more CPU than a run, and would slow down the very run that made
it necessary. So one is made where one is missing, and as many at a time as there
are cores where a crowd took them all.

Who finds the pool empty makes it larger, by one and up to ``most``; each quiet time
takes away half of what was added.
While the engine is away the filler tries again with growing pauses; a ``take``
in that time tries at once and tells the person what is wrong. So the pool
comes back by itself, and nobody waits for its pauses.

A warm sandbox that ended (somebody killed it) or is older than ``max_age``
seconds is replaced.

Strays are containers with our label that nobody holds: their owner process has
ended, or it is this one, and the engine did not remove them when it was asked or
made them after we had given up. Normally a container outlives its use by
milliseconds (see ``container``), so ``reap`` is a second net. It is thrown by the
sweeper, a second coroutine, as long as the pool lives; at the start; by the
``broker`` after the end; and by ``sandbox prune``. A removal that fails or takes
longer than the engine's time-out is tried again by the next sweep.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from executor.engine import (
    OWNER_LABEL,
    SandboxEngine,
    SandboxUnavailable,
    container_name,
    is_wanted,
)
from executor.engine_socket import AtEnd
from executor.owner import owner, owner_is_gone, owner_lives
from executor.sandbox import Sandbox
from executor.sandbox_config import Reuse
from executor.used import Used

logger = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 15.0
_CHECK_SECONDS = 5.0
_REFILL_DELAY_SECONDS = 0.1
_QUIET_SECONDS = 60.0
# One more for each core would only make all of them late.
_AT_ONCE = os.cpu_count() or 1
_SWEEP_SECONDS = 15.0
_CLOSE_SECONDS = 6.0
# Of a machine whose processes cannot be seen from here: no execution lives this long.
STRAY_AGE_SECONDS = 24 * 3600


@dataclass(slots=True)
class PoolCounts:
    """What the pool did since it started, for metrics."""

    taken_warm: int = 0
    taken_cold: int = 0
    taken_used: int = 0
    """Those that had served before."""
    created: int = 0
    failed: int = 0
    replaced: int = 0
    strays: int = 0
    """Containers that nobody held and that a sweep removed."""


class Pool:
    """Ready sandboxes, ``size`` to ``most``; with size 0 none waits and each is made on demand."""

    def __init__(
        self,
        engine: SandboxEngine,
        size: int,
        max_age: float = 3600.0,
        sweep_seconds: float = _SWEEP_SECONDS,
        greeting: bytes = b"",
        most: int | None = None,
        quiet_seconds: float = _QUIET_SECONDS,
        reuse: Reuse = Reuse(),  # noqa: B008 - frozen
    ) -> None:
        """``greeting``: frames for a sandbox before its order, to make use of the time;
        ``reuse``: whether sandboxes serve again, as they were configured.
        """
        self.engine = engine
        self.size = size
        """How many should wait, at this time."""
        self._least = size
        self._most = max(size, most or 0) if size else 0
        self._quiet_seconds = quiet_seconds
        self._last_change = time.monotonic()
        self.counts = PoolCounts()
        self.on_start: Callable[[float], object] = lambda seconds: None
        """Told how long the start of each sandbox took, in seconds."""
        self._max_age = max_age
        self._sweep_seconds = sweep_seconds
        self._greeting = greeting
        self._used = Used(reuse, self._most, self.dispose, greeting)
        self._warm: deque[Sandbox] = deque()
        self._wake = asyncio.Event()
        self._working: list[asyncio.Task[None]] = []
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def warm(self) -> int:
        """How many sandboxes wait right now for whoever comes."""
        return len(self._warm) + self._used.waiting

    def start(self) -> None:
        """Begin to fill and to sweep; needs a running event loop. Again, it does nothing."""
        if self._working:
            return
        self._working.append(asyncio.create_task(self._sweep(), name="pool sweeper"))
        if self.size > 0:
            self._working.append(asyncio.create_task(self._fill(), name="pool filler"))

    async def take(self, person: str | None = None) -> Sandbox:
        """A sandbox that nobody else has. Raises :class:`SandboxUnavailable`.

        ``person`` is whose execution it is for; only the reuse of sandboxes looks at it.
        """
        sandbox = await self._used.take(person)
        if sandbox is None:
            sandbox = await self._take_fresh()
            sandbox.person = person
        else:
            self.counts.taken_used += 1
        return sandbox

    async def _take_fresh(self) -> Sandbox:
        asyncio.get_running_loop().call_later(_REFILL_DELAY_SECONDS, self._wake.set)
        while self._warm:
            sandbox = self._warm.popleft()
            if sandbox.alive:
                self.counts.taken_warm += 1
                return sandbox
            self.dispose(sandbox)
        self.counts.taken_cold += 1
        self._resize(self.size + 1)
        return await self._create()

    def give_back(self, sandbox: Sandbox) -> None:
        """A verdict left no doubt: use it again if that is wanted, or destroy it."""
        if self._used.reuse and self._used.keep(sandbox):
            return
        self.dispose(sandbox)

    def dispose(self, sandbox: Sandbox) -> None:
        """Destroy a sandbox in the background."""
        leaving = asyncio.create_task(sandbox.destroy())
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """Stop filling, destroy all warm sandboxes and wait until every one is gone.

        An engine that does not answer is not waited for.
        """
        working, self._working = [one for one in self._working if not one.done()], []
        for one in working:
            one.cancel()
        if working:
            await asyncio.wait(working)
        while self._warm:
            self.dispose(self._warm.popleft())
        await self._used.close()
        if self._leaving:
            _, staying = await asyncio.wait(self._leaving, timeout=_CLOSE_SECONDS)
            for one in staying:
                one.cancel()
            if staying:
                # Their streams are closed, so they end and remove themselves once it answers.
                logger.warning(
                    "%d sandboxes may still be there: the engine does not answer", len(staying)
                )

    async def _create(self) -> Sandbox:
        try:
            sandbox = await self.engine.create()
        except SandboxUnavailable:
            self.counts.failed += 1
            raise
        sandbox.send(self._greeting)
        self.counts.created += 1
        self.on_start(sandbox.start_ms / 1000)
        return sandbox

    async def _fill(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            self._retire()
            if self.warm >= self.size:
                self._wake.clear()
                # Not wait_for: until Python 3.12 it loses a cancellation that comes together
                # with the event, and close() would wait for this coroutine for ever.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(_CHECK_SECONDS, self._quiet_seconds)):
                        await self._wake.wait()
                continue
            missing = min(self.size - self.warm, _AT_ONCE)
            made = await asyncio.gather(*map(self._add, range(missing)), return_exceptions=True)
            failed = next(filter(None, made), None)
            if failed is None:
                pause = _FIRST_PAUSE_SECONDS
                continue
            if isinstance(failed, AtEnd):
                return  # the interpreter ends, and the sandboxes with their streams
            known = isinstance(failed, SandboxUnavailable)
            # Whatever it was: a pool that stopped filling would not come back by itself.
            logger.warning(
                "no sandbox for the pool (%s), next try in %.1f s",
                failed,
                pause,
                exc_info=None if known else failed,
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _add(self, _: int) -> None:
        self._warm.append(await self._create())

    def _resize(self, size: int) -> None:
        self.size = min(max(size, self._least), self._most)
        self._last_change = time.monotonic()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._sweep_seconds)
            try:
                strays = await asyncio.to_thread(reap, self.engine)
            except SandboxUnavailable:
                continue  # whoever asks for a sandbox is told
            except Exception:
                logger.exception("strays could not be looked for, next try in a moment")
                continue
            if strays:
                self.counts.strays += len(strays)
                logger.warning("removed %s, which nobody held any more", ", ".join(strays))

    def _retire(self) -> None:
        """Replace warm sandboxes that ended or grew old, and dispose of those too many."""
        if time.monotonic() - self._last_change > self._quiet_seconds:
            self._resize((self.size + self._least) // 2)
        while len(self._warm) > self.size:
            self.dispose(self._warm.popleft())
        self._used.retire()
        youngest = time.monotonic() - self._max_age
        for sandbox in list(self._warm):
            if not sandbox.alive or sandbox.born < youngest:
                self._warm.remove(sandbox)
                self.counts.replaced += 1
                self.dispose(sandbox)


def reap(engine: SandboxEngine) -> list[str]:
    """Remove the sandboxes that nobody holds; gives the names of those that went. Blocks.

    Raises :class:`SandboxUnavailable`.
    """
    strays = [container_name(container) for container in engine.sandboxes() if _is_stray(container)]
    return [name for name in strays if engine.discard(name)]


def _is_stray(container: dict[str, Any]) -> bool:
    if container["State"] == "removing":
        return False
    made_by = container["Labels"].get(OWNER_LABEL, "")
    if made_by == owner():
        return not is_wanted(container_name(container))
    if owner_lives(made_by):
        return False  # whatever a clock says that may have jumped
    return owner_is_gone(made_by) or time.time() - container["Created"] > STRAY_AGE_SECONDS
