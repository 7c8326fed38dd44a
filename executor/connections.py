"""The server's end of each connection: how many there are, and what waits on them.

Theory of operation
-------------------
daphne writes whatever an application sends into Twisted's transport, which
holds all that its peer does not read, and it queues whatever a peer sends until
the application asks. Both grow without a bound. Here, per WebSocket:

* Going out, ``send`` waits while more than the transport's 64 KiB wait already;
  the transport says so to whoever is registered as its producer. A large
  message goes out in fragments, each of which waits, so that what a peer has
  not read is one fragment and not a file. The pongs that a peer asks for are
  left out while it does not read.
* Coming in, the transport is not read while enough is queued.

* Each frame costs time, however small it is. So each connection may send a limited number of small
  frames that end no message, and of pings, in a second; a connection that sends more is closed.

* All unfinished messages share one budget. Beyond it, the connection of the oldest one is
  closed, because an honest client sends a message without a pause.

A peer that reads nothing also answers no ping, and is cut off by daphne.
"""

# ruff: noqa: N802, N803, N815 - the libraries' names
from __future__ import annotations

import asyncio
import socket
import time
from collections import deque
from functools import partial
from math import inf
from typing import Any

from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel

from accounts.addresses import network_of
from executor import descriptors
from executor.connection_limits import ConnectionLimits

_FRAGMENT_CHARACTERS = 1 << 16
# Above this the kernel says that it has no room: what it holds unsent is the peer's debt too.
_UNSENT_BYTES = 1 << 17
_QUEUED_MESSAGES = 128
_QUEUED_BYTES = 1 << 20
# Whoever sends a message in frames sends larger ones than that.
_SMALL_FRAME_BYTES = 1 << 10
_SMALL_FRAMES_A_SECOND = 100
_SMALL_FRAMES_MOST = 1000
_UNFINISHED_BYTES = 64 << 20
# A message may be much larger than a request: at its defaults it comes through at 1 Mbit/s.
_TIMES_A_REQUEST = 2
_CONVERSATION = "cloister.conversation"
_SENTENCE = b"Too many connections are open from your network. Close some pages, or try later.\n"
_TOO_MANY = (
    b"HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_SENTENCE), _SENTENCE)
)


class BoundedServer(Server):  # type: ignore[misc]
    """daphne, where nothing waits without a bound, neither way, and nobody connects without end."""

    def __init__(self, application: Any, *, ready_callable: Any, **options: Any) -> None:
        super().__init__(self._serve, ready_callable=self._prepare, **options)
        self._application = application
        self._told_when_ready = ready_callable
        total = most_connections()
        self.limits = ConnectionLimits(
            # Behind a proxy all connections come from its address, and it does the counting.
            inf if settings.TRUST_PROXY else min(settings.CONNECTIONS_PER_ADDRESS, total // 2),
            total,
        )
        largest = options["websocket_max_message_size"]
        self.unfinished = Unfinished(max(_UNFINISHED_BYTES, 4 * largest))

    def _prepare(self) -> None:
        """daphne calls this when its factories are made and nothing has connected yet."""
        self.ws_factory.protocol = Conversation
        self.http_factory.protocol = partial(Channel, self.limits)
        self.http_factory.timeOut = settings.REQUEST_SECONDS
        self._told_when_ready()

    def kill_all_applications(self) -> None:
        """Nothing: daphne would end all conversations before their endings are told.

        ``serve`` closes them afterwards.
        """

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, Conversation):
            scope = {**scope, _CONVERSATION: protocol}
        return super().create_application(protocol, scope)

    async def _serve(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        conversation = scope.pop(_CONVERSATION, None)
        if conversation is not None:
            receive = partial(conversation.taken, receive)
        await self._application(scope, receive, send)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        text = message.get("text") if isinstance(protocol, Conversation) else None
        if text is None or not await protocol.say(text):
            await super().handle_reply(protocol, message)


class Channel(HTTPChannel):
    """HTTP until it becomes a :class:`Conversation`: counted, and with a time for each request."""

    transport: Any

    def __init__(self, limits: ConnectionLimits) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._limits = limits
        self._counted = False
        self._request_began = False
        self.network = ""

    def connectionMade(self) -> None:
        super().connectionMade()  # type: ignore[no-untyped-call]
        self.network = _network(self.transport)
        self._counted = self._limits.enter(self)
        if not self._counted:
            self.transport.write(_TOO_MANY)
            self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        super().connectionLost(reason)  # type: ignore[no-untyped-call]
        self._limits.busy(self)
        if self._counted:
            self._limits.leave(self.network)

    def make_room(self) -> None:
        self.transport.abortConnection()

    def upload_began(self) -> None:
        """Mark the connection as busy: an account sends a large body on it."""
        self._limits.busy(self)

    def allContentReceived(self) -> None:
        self._limits.busy(self)
        super().allContentReceived()  # type: ignore[no-untyped-call]

    def _send100Continue(self) -> None:
        """Ask for the body; close the connection if the request was refused."""
        if self.requests[-1].refused:
            self.loseConnection()  # type: ignore[no-untyped-call]
        else:
            super()._send100Continue()  # type: ignore[no-untyped-call]

    def resetTimeout(self) -> None:
        """Twisted calls this for all that arrives; but a drop now and then is no progress."""
        if not self._request_began:
            self._request_began = True
            super().resetTimeout()  # type: ignore[no-untyped-call]

    def requestDone(self, request: Any) -> None:
        self._request_began = False
        if self._counted:
            self._limits.idle(self)
        super().requestDone(request)  # type: ignore[no-untyped-call]


class Unfinished:
    """Bytes of the unfinished messages of all WebSockets."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._all = 0
        self._sizes: dict[Conversation, int] = {}
        """Unfinished messages, the oldest first."""

    def grew(self, conversation: Conversation, size: int) -> None:
        """Count ``size`` more bytes; end the oldest messages until all fit."""
        self._sizes[conversation] = self._sizes.get(conversation, 0) + size
        self._all += size
        while self._all > self._most:
            oldest = next(iter(self._sizes))
            self.ended(oldest)
            oldest.transport.abortConnection()

    def ended(self, conversation: Conversation) -> None:
        self._all -= self._sizes.pop(conversation, 0)


class Conversation(WebSocketProtocol):  # type: ignore[misc]
    """One WebSocket. It is the producer of its own transport, to be told when to wait."""

    def connectionMade(self) -> None:
        self._room = asyncio.Event()
        self._room.set()
        self._saying: asyncio.Future[None] | None = None
        self._queued: deque[int] = deque()
        self._queued_bytes = 0
        self._message_began: float | None = None
        self._small_frames = 0.0
        self._counted_at = time.monotonic()
        self._unfinished: Unfinished = self.factory.server_class.unfinished
        # The HTTP channel that this connection was before is still registered.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)
        handle = self.transport.getHandle()
        handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
        super().connectionMade()

    def connectionLost(self, reason: Any) -> None:
        self._room.set()  # whoever waits finds it closed
        self._unfinished.ended(self)
        super().connectionLost(reason)
        self.factory.server_class.limits.leave(_network(self.transport))

    # Going out

    def pauseProducing(self) -> None:
        self._room.clear()

    def resumeProducing(self) -> None:
        self._room.set()

    stopProducing = resumeProducing

    async def say(self, text: str) -> bool:
        """Wait for room, then send a large message; False where it is left to daphne.

        Whoever is cancelled meanwhile leaves no half of a message behind: it
        is not begun, or it is sent to its end.
        """
        while self._saying is not None or not self._room.is_set():
            if self._saying is not None:
                await asyncio.wait({self._saying})
            else:
                await self._room.wait()
        if self.state in (self.STATE_CLOSING, self.STATE_CLOSED):
            return True  # nobody is there any more, which daphne would find an error
        if len(text) <= _FRAGMENT_CHARACTERS:
            return False
        self._saying = asyncio.ensure_future(self._say_in_fragments(text))
        await asyncio.shield(self._saying)
        return True

    async def _say_in_fragments(self, text: str) -> None:
        try:
            self.beginMessage()
            for at in range(0, len(text), _FRAGMENT_CHARACTERS):
                await self._room.wait()
                self.sendMessageFrame(text[at : at + _FRAGMENT_CHARACTERS].encode())
            self.endMessage()
        finally:
            self._saying = None

    def onPing(self, payload: bytes) -> None:
        self._count_small_frame()
        if self._room.is_set():
            super().onPing(payload)

    # Coming in

    def onMessageBegin(self, isBinary: bool) -> None:
        self._message_began = time.monotonic()
        super().onMessageBegin(isBinary)

    def onMessageFrameBegin(self, length: int) -> None:
        super().onMessageFrameBegin(length)
        if length < _SMALL_FRAME_BYTES and not self.current_frame.fin:
            self._count_small_frame()

    def _count_small_frame(self) -> None:
        now = time.monotonic()
        regained = _SMALL_FRAMES_A_SECOND * (now - self._counted_at)
        self._small_frames = max(0.0, self._small_frames - regained) + 1
        self._counted_at = now
        if self._small_frames > _SMALL_FRAMES_MOST:
            self.dropConnection(abort=True)

    def onMessageFrameData(self, payload: bytes) -> None:
        super().onMessageFrameData(payload)
        self._unfinished.grew(self, len(payload))

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self._message_began = None
        self._unfinished.ended(self)
        self._queued.append(len(payload))
        self._queued_bytes += len(payload)
        super().onMessage(payload, isBinary)
        if self._is_full():
            self.transport.pauseProducing()

    async def taken(self, receive: Any) -> dict[str, Any]:
        """The next message for the application, which makes room for another one."""
        message: dict[str, Any] = await receive()
        if message["type"] == "websocket.receive":
            was_full = self._is_full()
            self._queued_bytes -= self._queued.popleft()
            if was_full and not self._is_full():
                self.transport.resumeProducing()
        return message

    def _is_full(self) -> bool:
        return len(self._queued) > _QUEUED_MESSAGES or self._queued_bytes > _QUEUED_BYTES

    def check_timeouts(self) -> None:
        """daphne asks every other second."""
        began = self._message_began
        longest = _TIMES_A_REQUEST * settings.REQUEST_SECONDS
        if began is not None and time.monotonic() - began > longest:
            self.transport.abortConnection()
        super().check_timeouts()


def most_connections() -> int:
    """Return the limit on all connections, given this process's limit on open files."""
    return min(settings.CONNECTIONS, descriptors.room_for_connections())


def _network(transport: Any) -> str:
    return network_of(transport.getPeer().host)
