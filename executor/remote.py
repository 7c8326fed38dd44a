"""The person's hand on an execution: input, signals, the terminal's size, stop."""

from __future__ import annotations

import asyncio
import hashlib
import signal
from collections.abc import Awaitable
from typing import TypeVar

from executor import frames, messages
from executor.sandbox import Sandbox

T = TypeVar("T")


class Stopped(Exception):
    """The person stopped the execution before it had a sandbox."""


class Input:
    """A program's input: counts and hashes all of it and keeps the first ``keep`` bytes."""

    def __init__(self, keep: int) -> None:
        self.bytes = 0
        self.typed = False
        self.kept = bytearray()
        self._keep = keep
        self._hash = hashlib.sha256()
        self._early: list[bytes] | None = []

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def give(self, data: bytes) -> None:
        """Add the input that was sent with the submission, before anything typed until now."""
        early, self._early = self._early or [], None
        for piece in (data, *early):
            self._add(piece)

    def type(self, data: bytes) -> None:
        """Add a piece of typed input."""
        self.typed = True
        if self._early is None:
            self._add(data)
        else:
            self._early.append(data)

    def _add(self, data: bytes) -> None:
        self.bytes += len(data)
        self._hash.update(data)
        self.kept += data[: max(self._keep - len(self.kept), 0)]


class Remote:
    """What a person may do to an execution while it lives; all methods are safe at any time."""

    def __init__(self, stdin_limit: int, keep_input: int = 0) -> None:
        self.input = Input(keep_input)
        self._orders: asyncio.Queue[bytes] = asyncio.Queue()
        self._stdin_left = stdin_limit
        self.stopped = asyncio.Event()

    def handle(self, message: messages.Control) -> bool:
        """Pass a message on; False if it went over the limit for typed input."""
        match message:
            case messages.Stdin(data):
                encoded = data.encode("utf-8", "replace")
                self._stdin_left -= len(encoded)
                if self._stdin_left < 0:
                    return False
                self.input.type(encoded)
                self._orders.put_nowait(frames.stdin(encoded))
            case messages.Eof():
                self._orders.put_nowait(frames.eof())
            case messages.Signal(name):
                self._orders.put_nowait(frames.signal(signal.Signals[name].value))
            case messages.Resize(cols, rows):
                self._orders.put_nowait(frames.resize(cols, rows))
            case messages.Stop():
                self.stopped.set()
                self._orders.put_nowait(frames.stop())
        return True

    async def forward_to(self, sandbox: Sandbox) -> None:
        while True:
            sandbox.send(await self._orders.get())

    async def unless_stopped(self, awaitable: Awaitable[T]) -> T:
        """The awaitable's result; raises :class:`Stopped` if a stop comes first."""
        wanted = asyncio.ensure_future(awaitable)
        stop = asyncio.ensure_future(self.stopped.wait())
        try:
            await asyncio.wait({wanted, stop}, return_when=asyncio.FIRST_COMPLETED)
            if self.stopped.is_set() and not wanted.done():
                raise Stopped
            return await wanted
        finally:
            stop.cancel()
            if not wanted.done():
                wanted.cancel()
