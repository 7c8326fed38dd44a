"""Sandboxes that served one execution and wait for the next, where the configuration wants that.

Theory of operation
-------------------
A sandbox comes here when its supervisor gave a verdict about which there is nothing
to doubt (:func:`executor.verdict.leaves_no_doubt`). Its keeper is told to go on
(``sandbox/keeper.c``), and only when the next supervisor has said READY, with the same
walls as before, does the sandbox wait to be taken. One that is not heard of in time,
has served often enough or is old is destroyed, and so is the one that waited longest
where too many do.

With ``person`` a sandbox belongs for ever to whoever it served first, and an execution
of nobody's is given a fresh one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from executor.frames import ProtocolError
from executor.sandbox import Sandbox
from executor.sandbox_config import Reuse

logger = logging.getLogger(__name__)

_RENEWAL_SECONDS = 5.0


class Used:
    """Up to ``most`` sandboxes that served before, each for whoever may have it."""

    def __init__(
        self, reuse: Reuse, most: int, dispose: Callable[[Sandbox], None], greeting: bytes
    ) -> None:
        self.reuse = reuse
        self._most = most
        self._dispose = dispose
        self._greeting = greeting
        self._idle: list[Sandbox] = []
        self._renewing: dict[asyncio.Task[None], Sandbox] = {}

    @property
    def waiting(self) -> int:
        """How many wait for anybody, or will in a moment; those of one person do not count."""
        if self.reuse.mode != "anyone":
            return 0
        return len(self._idle) + len(self._renewing)

    async def take(self, person: str | None) -> Sandbox | None:
        """The one that was used last of those that this person may have, if there is one."""
        while True:
            for sandbox in reversed(self._idle):
                if self._may_have(sandbox, person):
                    self._idle.remove(sandbox)
                    if self._is_good(sandbox):
                        return sandbox
                    self._dispose(sandbox)
                    break
            else:
                coming = [
                    task for task, one in self._renewing.items() if self._may_have(one, person)
                ]
                if not coming:
                    return None
                await asyncio.wait(coming, return_when=asyncio.FIRST_COMPLETED)

    def keep(self, sandbox: Sandbox) -> bool:
        """Make ready for the next execution; False if this one has served for the last time."""
        mine = self.reuse.mode == "anyone" or sandbox.person is not None
        again = sandbox.uses < self.reuse.most
        if not (self._most and mine and again and self._is_good(sandbox)):
            return False
        task = asyncio.create_task(self._renew(sandbox))
        self._renewing[task] = sandbox
        task.add_done_callback(self._renewing.pop)
        return True

    def retire(self) -> None:
        """Destroy those that ended or grew old."""
        for sandbox in [one for one in self._idle if not self._is_good(one)]:
            self._idle.remove(sandbox)
            self._dispose(sandbox)

    async def close(self) -> None:
        """Destroy all of them."""
        while self._renewing:
            await asyncio.wait(list(self._renewing))
        while self._idle:
            self._dispose(self._idle.pop())

    async def _renew(self, sandbox: Sandbox) -> None:
        try:
            async with asyncio.timeout(_RENEWAL_SECONDS):
                await sandbox.renew()
        except (TimeoutError, ProtocolError, ValueError) as error:
            logger.warning("%s is not used again (%s)", sandbox.name, error or "no answer")
            self._dispose(sandbox)
            return
        except BaseException:
            self._dispose(sandbox)
            raise
        sandbox.send(self._greeting)
        self._idle.append(sandbox)
        if len(self._idle) > self._most:
            self._dispose(self._idle.pop(0))

    def _may_have(self, sandbox: Sandbox, person: str | None) -> bool:
        return self.reuse.mode == "anyone" or (person is not None and sandbox.person == person)

    def _is_good(self, sandbox: Sandbox) -> bool:
        return sandbox.alive and time.monotonic() - sandbox.born < self.reuse.seconds
