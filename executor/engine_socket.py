"""The engine's API where it is busy: a container's life in five calls, on connections kept open.

Every execution needs these, and docker-py takes 8 ms of this process's time for them;
here it is less than 2 (``docs/decisions/0054``). All other questions go through
docker-py. Blocks; any number of threads may use one object.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
import select
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlsplit

ERRORS: Final = (OSError, HTTPException)
"""What a call raises besides :class:`EngineError` when the engine does not answer."""

_HEADERS: Final = {"Content-Type": "application/json"}
_HEADER_MAX: Final = 16384
# A crowd leaves so many open behind it; more are closed as they become idle.
_IDLE_MOST: Final = 4

T = TypeVar("T")

# Of their own: waiting for the engine must not keep the event loop's few threads from reading
# sources. More at once than this it would not do faster.
_threads = ThreadPoolExecutor(16, thread_name_prefix="engine")


class AtEnd(RuntimeError):
    """This process ends, and begins nothing new."""


async def in_thread(function: Callable[..., T], *arguments: object) -> T:
    """What ``function`` gives, in one of the engine's threads and with the caller's context.

    Raises :class:`AtEnd`.
    """
    context = contextvars.copy_context()
    loop = asyncio.get_running_loop()
    try:
        begun = loop.run_in_executor(_threads, lambda: context.run(function, *arguments))
    except RuntimeError as error:
        # Only its words tell it from a thread that could not be started.
        if "cannot schedule new futures" in str(error):
            raise AtEnd from error
        raise
    return await begun


class EngineError(Exception):
    """The engine refused; ``status`` is HTTP's."""

    def __init__(self, status: int, answer: bytes) -> None:
        super().__init__(f"{status}: {answer[:500].decode(errors='replace')}")
        self.status = status
        self.answer = answer


class NoSuchImage(EngineError):
    """There is no image of that name or id."""


class _Connection(HTTPConnection):
    """One that may go to a socket in the file system."""

    def __init__(self, address: str, timeout: float) -> None:
        super().__init__("engine", timeout=timeout)
        self._address = urlsplit(address)

    def connect(self) -> None:
        if self._address.scheme == "http+unix":
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(self.timeout)
            self.sock.connect(self._address.path)
        elif self._address.scheme == "http":
            where = (self._address.hostname or "", self._address.port or 2375)
            self.sock = socket.create_connection(where, self.timeout)
        else:
            # An attached stream inside TLS could not be handed to the event loop as a socket.
            raise OSError(f"no engine is spoken to over {self._address.scheme}")

    @property
    def fresh(self) -> bool:
        """Open, and not closed at its other end."""
        if self.sock is None:
            return False
        # Not select(), which fails where a thousand pages have descriptors up to 1023.
        looking = select.poll()
        looking.register(self.sock, select.POLLIN)
        return not looking.poll(0)


class EngineSocket:
    """``address`` as docker-py's ``parse_host`` gives it; ``version`` of the API, as in 1.41."""

    def __init__(self, address: str, version: str, timeout: float) -> None:
        self._address = address
        self._prefix = f"/v{version}"
        self._timeout = timeout
        self._idle: list[_Connection] = []

    def image_id(self, name: str) -> str:
        """What an image's name means now. Raises :class:`NoSuchImage`."""
        found = self._about_image("GET", f"/images/{quote(name)}/json")
        return str(json.loads(found)["Id"])

    def create(self, name: str, body: dict[str, Any]) -> None:
        """Raises :class:`NoSuchImage`."""
        self._about_image("POST", f"/containers/create?name={name}", json.dumps(body))

    def start(self, name: str) -> None:
        self._call("POST", f"/containers/{name}/start")

    def await_removal(self, name: str, seconds: float) -> bool:
        """Whether the container, which removes itself, was gone within ``seconds``."""
        try:
            self._call("POST", f"/containers/{name}/wait?condition=removed", timeout=seconds)
        except TimeoutError:
            return False
        except EngineError as error:
            if error.status != 404:
                raise
        return True

    def attach(self, name: str) -> socket.socket:
        """The container's standard input and output, multiplexed, as a socket of one's own."""
        connection = _Connection(self._address, self._timeout)
        connection.connect()
        stream: socket.socket = connection.sock
        try:
            path = f"{self._prefix}/containers/{name}/attach?stdin=1&stdout=1&stream=1"
            stream.sendall(
                f"POST {path} HTTP/1.1\r\nHost: engine\r\nContent-Length: 0\r\n"
                "Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n".encode()
            )
            _expect_upgrade(stream)
        except BaseException:
            stream.close()
            raise
        return stream

    def _about_image(self, method: str, path: str, body: str | None = None) -> bytes:
        try:
            return self._call(method, path, body)
        except EngineError as error:
            if error.status == 404:
                raise NoSuchImage(error.status, error.answer) from None
            raise

    def _call(
        self, method: str, path: str, body: str | None = None, timeout: float | None = None
    ) -> bytes:
        connection = self._connection()
        try:
            connection.sock.settimeout(timeout or self._timeout)
            connection.request(method, self._prefix + path, body, _HEADERS)
            response = connection.getresponse()
            answer = response.read()
        except BaseException:
            connection.close()
            raise
        if response.will_close or len(self._idle) >= _IDLE_MOST:
            connection.close()
        else:
            self._idle.append(connection)
        if response.status >= 400:
            raise EngineError(response.status, answer)
        return answer

    def _connection(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.fresh:
                return connection
            connection.close()
        connection = _Connection(self._address, self._timeout)
        connection.connect()
        return connection


def _expect_upgrade(stream: socket.socket) -> None:
    """Read the answer's header and nothing behind it: that is the container's already."""
    header = b""
    while not header.endswith(b"\r\n\r\n"):
        seen = stream.recv(_HEADER_MAX, socket.MSG_PEEK)
        if not seen or len(header) > _HEADER_MAX:
            raise HTTPException("no answer to an attach")
        end = (header + seen).find(b"\r\n\r\n")
        header += stream.recv(end + 4 - len(header) if end >= 0 else len(seen))
    status = int(header.split(None, 2)[1])
    if status not in (101, 200):
        raise EngineError(status, header)
