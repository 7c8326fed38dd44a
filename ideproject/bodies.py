"""Bound the body of a request before the server reads it.

Theory of operation
-------------------
Twisted keeps a body in a temporary file until it is complete, and only then calls the
application: without this module, anyone could fill the disk by sending one.

When the headers are complete, a body that is declared larger than the largest one is
refused. A small one is taken. For any other, and for one without a length, the connection
is not read while the session is looked up in a thread: a body of a client that is not
logged in is refused, and a body of an account is taken as long as few of that account, and
not too many bytes of all accounts, are under way.

A refusal is sent at once; what the client sends on is thrown away, because a connection
that is closed with unread data loses its answer. It ends with the body, or after as many
bytes as the largest body twice, or with the time for one request.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from io import BytesIO
from typing import Any

import daphne.server
from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.http import HttpRequest
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from executor.throttle import Headcount
from workspace.endpoint import refusal, too_large, too_many_requests
from workspace.refused import Refused

_ANYBODYS_BYTES = 1 << 14
"""The forms that strangers may send need a tenth of it."""
_DROPPED_TIMES_THE_LARGEST = 2
_OF_ONE_ACCOUNT = 8


class Uploads:
    """The large bodies under way: their number by account and their total bytes."""

    def __init__(self) -> None:
        self._accounts = Headcount(_OF_ONE_ACCOUNT)
        self._bytes = 0

    def enter(self, account: int, size: int) -> None:
        """Count a body; raises :class:`Refused` where there is no room for it."""
        if self._bytes + size > settings.BODIES_BYTES:
            raise Refused(
                "busy",
                "The server is receiving too many uploads now "
                f"({settings.BODIES_BYTES:,} bytes is the limit for all users), so nothing was "
                "done. Try again in a minute.",
                503,
            )
        if not self._accounts.enter(account):
            raise too_many_requests(_OF_ONE_ACCOUNT)
        self._bytes += size

    def leave(self, account: int, size: int) -> None:
        self._accounts.leave(account)
        self._bytes -= size


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """A request whose body has been admitted before it is read."""

    uploads = Uploads()
    content: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Otherwise Twisted parses forms on the event loop, and nothing uses the result.
        self._parsePOSTFormSubmission = False
        self.refused = False
        self._admitted: tuple[int, int] | None = None
        self._over = False
        self._is_processed = False
        self._dropped = 0
        self._address = b""

    def gotLength(self, length: int | None) -> None:  # noqa: N802 (Twisted's name)
        super().gotLength(0 if length is not None and length > settings.LARGEST_BODY else length)
        upgrade = self.requestHeaders.getRawHeaders(b"Upgrade", [b""])[0]
        if upgrade.lower() == b"websocket" and length != 0:
            # It never ends as a request, so its body would count for ever.
            self._refuse(too_large(0))
        elif length is None or _ANYBODYS_BYTES < length <= settings.LARGEST_BODY:
            self._address = self.channel._path
            transport = self.channel.transport
            transport.pauseProducing()
            cookies = self.requestHeaders.getRawHeaders(b"Cookie", [])
            found = deferToThread(_account, b"; ".join(cookies).decode("latin-1"))
            found.addBoth(_resumed, transport)
            found.addCallback(self._decide, settings.LARGEST_BODY if length is None else length)
            found.addErrback(self._could_not_decide)
        elif length > settings.LARGEST_BODY:
            self._refuse(too_large(settings.LARGEST_BODY))

    def _decide(self, account: int | None, size: int) -> None:
        if self._over:
            return
        try:
            if account is None:
                raise _without_log_in(self._address)
            self.uploads.enter(account, size)
        except Refused as error:
            self._refuse(error)
        else:
            self._admitted = account, size
            self.channel.upload_began()

    def _could_not_decide(self, failure: Failure) -> None:
        """Refuse the body because the database does not answer."""
        if not self._over:
            sentence = "The server could not check your log-in. Nothing was done; try again soon."
            self._refuse(Refused("unavailable", sentence, 503))

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        if self.refused:
            self._dropped += len(data)
            if self._dropped > _DROPPED_TIMES_THE_LARGEST * settings.LARGEST_BODY:
                self.channel.transport.abortConnection()
        elif self.content.tell() + len(data) > settings.LARGEST_BODY:
            self._refuse(too_large(settings.LARGEST_BODY))
        else:
            super().handleContentChunk(data)

    def process(self) -> Any:
        if self.refused:
            self.finish()
            return None
        self._is_processed = True
        return super().process()

    def _refuse(self, error: Refused) -> None:
        """Answer now, and discard the rest of the body."""
        if self._is_processed:
            return  # the whole body had arrived before the decision
        self.refused = True
        self._release()
        self.content.close()
        self.content = BytesIO()
        answer = refusal(error)
        self.method, self.clientproto = self.channel._command, self.channel._version
        self.channel.persistent = False
        self.setResponseCode(answer.status_code)
        for name, value in (
            ("Content-Type", answer.headers["Content-Type"]),
            ("Content-Length", str(len(answer.content))),
            ("Cache-Control", "no-store"),
            ("Connection", "close"),
        ):
            self.setHeader(name, value)
        self.write(answer.content)

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802 (Twisted's name)
        self._release()
        super().connectionLost(reason)

    def finish(self) -> None:
        self._release()
        super().finish()

    def _release(self) -> None:
        self._over = True  # a session that is still being looked up decides nothing any more
        if self._admitted:
            self.uploads.leave(*self._admitted)
            self._admitted = None


class BoundedFactory(HTTPFactory):  # type: ignore[misc]
    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 (Twisted's name)
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol


def _resumed(found: Any, transport: Any) -> Any:
    transport.resumeProducing()
    return found


def install() -> None:
    """For daphne servers that are started from here on; daphne has no setting for it."""
    daphne.server.HTTPFactory = BoundedFactory


def _without_log_in(path: bytes) -> Refused:
    """Return the refusal of a body without a log-in: an API call learns that its session ended."""
    sentence = f"{_ANYBODYS_BYTES:,} bytes is the limit for a request without a log-in."
    if path.startswith(b"/api/"):
        return Refused("not-logged-in", f"You are not logged in, and {sentence} Log in again.", 403)
    return Refused("body-size", f"The request is too large: {sentence}", 413)


def _account(cookies: str) -> int | None:
    """Return the id of the account that these cookies are logged in to, in this thread."""
    try:
        jar = SimpleCookie(cookies)
    except CookieError:
        return None
    if settings.SESSION_COOKIE_NAME not in jar:
        return None
    request = HttpRequest()
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(jar[settings.SESSION_COOKIE_NAME].value)
    try:
        user = get_user(request)
        return user.pk if user.is_authenticated else None
    finally:
        connections.close_all()
