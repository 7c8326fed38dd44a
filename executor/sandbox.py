"""One started container as seen from this side of its stream; knows nothing of the engine.

The engine multiplexes a container's standard output and standard error: eight bytes of header,
then that many bytes. In what comes from standard output are the supervisor's frames.
"""

from __future__ import annotations

import asyncio
import secrets
import struct
import time
from collections.abc import Awaitable, Callable
from typing import Final

from executor import frames

# keeper.c
_MARK_BYTES: Final = 32
_MUX_HEADER: Final = struct.Struct(">BxxxI")  # stream, length: docs of the engine's attach call


class Sandbox:
    """One started container and its stream. Serves one execution, then is destroyed, or renewed.

    ``image`` names what it was made of, tag and id; ``walls`` is what its supervisor found.
    """

    def __init__(
        self,
        name: str,
        image: str,
        see_off: Callable[[str], Awaitable[None]],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.name = name
        self.image = image
        self.walls: dict[str, int] = {}
        self.start_ms = 0.0
        self.born = time.monotonic()
        self.uses = 1
        """How many executions it served, this one included."""
        self.person: str | None = None
        """Whose the execution is, where it matters for the next one."""
        self._mark = b""
        self._see_off = see_off
        self._reader = reader
        self._writer = writer
        self._buffer = bytearray()
        self._nonce = bytes(frames.NONCE_BYTES)

    async def await_ready(self) -> None:
        kind, payload = await self.event()
        if kind != frames.READY:
            why = frames.pairs(payload).get("reason", "another frame came")
            raise frames.ProtocolError(f"the supervisor did not say that it is ready: {why}")
        self.walls = {key: int(value) for key, value in frames.pairs(payload).items()}

    def begin_keeping(self) -> None:
        """Tell the keeper with which bytes each renewal begins; before all else."""
        self._mark = secrets.token_bytes(_MARK_BYTES)
        self.send(self._mark)

    async def renew(self) -> None:
        """Have a new supervisor made after a verdict, in namespaces of its own.

        Raises :class:`frames.ProtocolError` if anything is not as it was at the first time.
        """
        before = self.walls
        if self._buffer:
            raise frames.ProtocolError("something came after the verdict")
        self._nonce = bytes(frames.NONCE_BYTES)
        self.send(self._mark)
        await self.await_ready()
        if self.walls != before:
            raise frames.ProtocolError("the walls are not what they were")
        self.uses += 1

    @property
    def alive(self) -> bool:
        """False once the container's output has ended."""
        return not self._reader.at_eof() and not self._writer.is_closing()

    def expect(self, nonce: bytes) -> None:
        """From now on every event must carry ``nonce``."""
        self._nonce = nonce

    def send(self, data: bytes) -> None:
        """Queue frames for the supervisor; what cannot be sent shows as the end of its events."""
        if not self._writer.is_closing():
            self._writer.write(data)

    async def event(self) -> tuple[bytes, bytes]:
        """The next event's type and payload; raises :class:`frames.ProtocolError` at the end."""
        header = await self._take(frames.HEADER.size)
        kind, length, nonce = frames.HEADER.unpack(header)
        if length > frames.FRAME_MAX or not secrets.compare_digest(nonce, self._nonce):
            raise frames.ProtocolError("a frame that the supervisor did not write")
        return kind, await self._take(length)

    async def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._buffer += await self._chunk()
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    async def _chunk(self) -> bytes:
        """Standard output's next piece, out of the engine's multiplexed stream."""
        try:
            stream, length = _MUX_HEADER.unpack(await self._reader.readexactly(_MUX_HEADER.size))
            if length > frames.FRAME_MAX:
                raise frames.ProtocolError("an impossible length in the engine's stream")
            data = await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise frames.SandboxEnded("the sandbox ended without a verdict") from error
        return data if stream == 1 else b""

    async def destroy(self) -> None:
        """Close the stream and wait until the container is gone; never raises for an absent engine.

        A container that the engine cannot remove now ends by itself when its standard input
        closes, and removes itself.
        """
        # Through its transport and at once: a socket closed behind the event loop's back leaves
        # its descriptor's number watched, and the next connection with it would never be read.
        self._writer.transport.abort()
        await self._see_off(self.name)
