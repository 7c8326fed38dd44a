"""Keeps sandboxes started and waiting, and removes strays.

Theory of operation
-------------------
A sandbox is used once, so the pool only ever hands out. ``take`` gives the
oldest warm sandbox that is alive, or makes one on the spot. The filler, one
background coroutine, brings the number of warm sandboxes back to ``size``, one
at a time and not before the execution that took one has had time to compile:
starting a container costs more CPU than a run, and would slow down the very run
that made it necessary.
While the engine is away the filler tries again with growing pauses; a ``take``
in that time tries at once and tells the person what is wrong. So the pool
comes back by itself, and nobody waits for its pauses.

A warm sandbox that ended (somebody killed it) or is older than ``max_age``
seconds is replaced. Strays are containers with our label whose owner process
has ended; normally a container outlives its owner by milliseconds (see
``container``), so ``reap`` by the ``janitor``, at start and by ``sandbox prune`` is a second net.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from executor.container import OWNER_LABEL, Engine, Sandbox, SandboxUnavailable
from executor.owner import owner_is_gone

logger = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 15.0
_CHECK_SECONDS = 5.0
_REFILL_DELAY_SECONDS = 0.1
# Whoever made it: no execution lives this long.
STRAY_AGE_SECONDS = 24 * 3600


@dataclass(slots=True)
class PoolCounts:
    """What the pool did since it started, for metrics."""

    taken_warm: int = 0
    taken_cold: int = 0
    created: int = 0
    failed: int = 0
    replaced: int = 0
    strays: int = 0
    """Containers that nobody held and that a sweep removed."""


class Pool:
    """Ready sandboxes; ``size`` 0 keeps none and makes each on demand."""

    def __init__(self, engine: Engine, size: int, max_age: float = 3600.0) -> None:
        self.engine = engine
        self.size = size
        self.counts = PoolCounts()
        self.on_start: Callable[[float], object] = lambda seconds: None
        """Told how long the start of each sandbox took, in seconds."""
        self._max_age = max_age
        self._warm: deque[Sandbox] = deque()
        self._wake = asyncio.Event()
        self._filler: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def warm(self) -> int:
        """How many sandboxes wait right now."""
        return len(self._warm)

    def start(self) -> None:
        """Begin to fill; needs a running event loop. Calling it again does nothing."""
        if self._filler is None and self.size > 0:
            self._filler = asyncio.create_task(self._fill(), name="pool filler")

    async def take(self) -> Sandbox:
        """A sandbox that nobody else has. Raises :class:`SandboxUnavailable`."""
        asyncio.get_running_loop().call_later(_REFILL_DELAY_SECONDS, self._wake.set)
        while self._warm:
            sandbox = self._warm.popleft()
            if sandbox.alive:
                self.counts.taken_warm += 1
                return sandbox
            self.dispose(sandbox)
        self.counts.taken_cold += 1
        return await self._create()

    def dispose(self, sandbox: Sandbox) -> None:
        """Destroy a sandbox in the background."""
        leaving = asyncio.create_task(sandbox.destroy())
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """Stop filling, destroy all warm sandboxes and wait until every one is gone."""
        if self._filler is not None:
            self._filler.cancel()
            await asyncio.wait({self._filler})
            self._filler = None
        while self._warm:
            self.dispose(self._warm.popleft())
        await asyncio.gather(*self._leaving)

    async def _create(self) -> Sandbox:
        try:
            sandbox = await self.engine.create()
        except SandboxUnavailable:
            self.counts.failed += 1
            raise
        self.counts.created += 1
        self.on_start(sandbox.start_ms / 1000)
        return sandbox

    async def _fill(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            self._retire()
            if len(self._warm) >= self.size:
                self._wake.clear()
                # Not wait_for: until Python 3.12 it loses a cancellation that comes together
                # with the event, and close() would wait for this coroutine for ever.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_CHECK_SECONDS):
                        await self._wake.wait()
                continue
            try:
                self._warm.append(await self._create())
                pause = _FIRST_PAUSE_SECONDS
                continue
            except SandboxUnavailable as error:
                logger.warning("no sandbox for the pool (%s), next try in %.1f s", error, pause)
            except Exception:
                # Whatever it was: a pool that stopped filling would not come back by itself.
                logger.exception("no sandbox for the pool, next try in %.1f s", pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _retire(self) -> None:
        """Replace warm sandboxes that ended or grew old."""
        youngest = time.monotonic() - self._max_age
        for sandbox in list(self._warm):
            if not sandbox.alive or sandbox.born < youngest:
                self._warm.remove(sandbox)
                self.counts.replaced += 1
                self.dispose(sandbox)


def reap(engine: Engine) -> list[str]:
    """Remove the sandboxes whose owner has ended; gives their names. Blocks.

    Raises :class:`SandboxUnavailable`.
    """
    reaped = []
    for container in engine.sandboxes():
        age = time.time() - container["Created"]
        if owner_is_gone(container["Labels"].get(OWNER_LABEL, "")) or age > STRAY_AGE_SECONDS:
            engine.discard(container["Id"])
            reaped.append(container["Names"][0].lstrip("/"))
    return reaped
