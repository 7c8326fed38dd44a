"""The interface that makes sandboxes, with Docker directly or through the broker.

``container.Engine`` speaks to the Docker engine; ``broker_client.BrokeredEngine`` asks the
broker, which does. Both answer the same questions, and everything above knows only
:class:`SandboxEngine`.
"""

from __future__ import annotations

import abc
import asyncio
import logging
import re
import secrets
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from executor import frames, wall
from executor.engine_socket import AtEnd, in_thread
from executor.sandbox import Sandbox
from executor.sandbox_config import SandboxConfig

SANDBOX_NAME: Final = re.compile(r"sandbox_[0-9a-f]{12}")

logger = logging.getLogger(__name__)

LABEL: Final = "io.cloister.sandbox"
OWNER_LABEL: Final = "io.cloister.owner"

_READY_TIMEOUT_SECONDS = 15

# The containers of this process that are still in use. Shared by all engines: a container's
# label names the process, not the object that made it.
_wanted: set[str] = set()


class SandboxUnavailable(Exception):
    """No sandbox is available; the text is for users, ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class SandboxEngine(abc.ABC):
    """Makes sandboxes, finds strays, answers questions about the engine and the image.

    Every method raises :class:`SandboxUnavailable` where the engine cannot be asked. The
    blocking ones may be called by any number of threads.
    """

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self._has_its_walls = False
        self.removals_failed = 0

    @abc.abstractmethod
    def start(self, name: str) -> tuple[socket.socket, str]:
        """Start a container; return its attached stream and the image, tag and id."""

    @abc.abstractmethod
    def await_removal(self, name: str) -> bool:
        """Return whether a container whose stream was closed removed itself in time."""

    @abc.abstractmethod
    def remove(self, name: str) -> None:
        """End and remove a container at once; do nothing if it is gone already."""

    @abc.abstractmethod
    def sandboxes(self) -> list[dict[str, Any]]:
        """Return all of Cloister's sandboxes on the engine, in the form of its container list."""

    @abc.abstractmethod
    def image(self) -> dict[str, Any]:
        """Return the engine's description of the image."""

    @abc.abstractmethod
    def image_file(self, image_id: str, path: str) -> bytes:
        """Return the content of a file of an image; nothing is started.

        Raises ``FileNotFoundError`` where there is no such file.
        """

    @abc.abstractmethod
    def remove_old_images(self, seconds: float) -> list[str]:
        """Remove our images that lost their name to a newer one; return the removed ids.

        ``seconds`` is how old they must be: a build under way makes some that have no name yet.
        """

    @abc.abstractmethod
    def info(self) -> dict[str, Any]:
        """Return the engine's description of itself and its host."""

    @abc.abstractmethod
    def version(self) -> dict[str, Any]:
        """Return the versions of the engine and its components."""

    async def create(self) -> Sandbox:
        """Return a started sandbox whose supervisor has sent READY.

        Raises :class:`SandboxUnavailable`; nothing is left behind then.
        """
        name = f"sandbox_{secrets.token_hex(6)}"
        began = time.monotonic()
        unwanted = threading.Event()
        try:
            stream, image = await in_thread(self._begin, name, unwanted)
        except asyncio.CancelledError:
            unwanted.set()  # the thread goes on and must discard its result
            raise
        except SandboxUnavailable:
            # After any error, the next engine to answer may be a different one.
            self._has_its_walls = False
            raise
        reader, writer = await asyncio.open_connection(sock=stream)
        sandbox = Sandbox(name, image, self._see_off, reader, writer)
        if self.config.reuse:
            sandbox.begin_keeping()
        try:
            async with asyncio.timeout(_READY_TIMEOUT_SECONDS):
                await sandbox.await_ready()
            self._demand(wall.missing_in_sandbox(sandbox.walls))
        except BaseException as error:
            await asyncio.shield(sandbox.destroy())
            if isinstance(error, OSError | ValueError | frames.ProtocolError):
                why = f" ({error})" if isinstance(error, frames.ProtocolError) else ""
                raise SandboxUnavailable(
                    "sandbox-start",
                    f"The sandbox was created but did not answer{why}. "
                    "The administrator can ask “manage.py sandbox check” for the reason.",
                ) from error
            raise
        sandbox.start_ms = (time.monotonic() - began) * 1000
        return sandbox

    def discard(self, name: str) -> bool:
        """Try to remove a container; return whether it worked.

        A container that stays has no owner from now on, and the next ``reap`` tries again.
        """
        try:
            self.remove(name)
        except SandboxUnavailable:
            logger.warning("%s could not be removed; it is tried again", name, exc_info=True)
            self.removals_failed += 1
            return False
        finally:
            _wanted.discard(name)
        return True

    def _begin(self, name: str, unwanted: threading.Event) -> tuple[socket.socket, str]:
        """Start a container; return its stream and its image."""
        self._demand_its_walls()
        stream = None
        _wanted.add(name)
        try:
            stream, image = self.start(name)
            if unwanted.is_set():
                raise asyncio.CancelledError
        except BaseException:
            # The engine may have made it although its answer did not come.
            self.discard(name)
            if stream is not None:
                stream.close()
            raise
        stream.setblocking(False)
        return stream, image

    def _demand_its_walls(self) -> None:
        if not self._has_its_walls:
            self._demand(wall.missing_in_engine(self.info(), self.config.runtime))
            self._has_its_walls = True

    def _demand(self, missing: frozenset[str]) -> None:
        if wanted := missing & self.config.walls:
            raise SandboxUnavailable("walls-missing", wall.lacking(wanted))

    async def _see_off(self, name: str) -> None:
        """Wait for a container whose stream was closed to be gone, and remove one that stays."""
        with suppress(AtEnd):  # it goes with its stream
            await in_thread(self._gone, name)

    def _gone(self, name: str) -> bool:
        try:
            if self.await_removal(name):
                _wanted.discard(name)
                return True
        except SandboxUnavailable:
            logger.debug("%s cannot be seen off", name, exc_info=True)
        return self.discard(name)


def want(name: str) -> None:
    """Keep this process's sweeps from a container that it is about to make."""
    _wanted.add(name)


def is_wanted(name: str) -> bool:
    """Return whether this process made the container and still uses it."""
    return name in _wanted


def container_name(container: Mapping[str, Any]) -> str:
    """Return the name of a listed container, or its id if the name is not one of a sandbox.

    The engine renames a container whose removal was cut short, or gives no name for it.
    """
    name: str = container["Names"][0].lstrip("/")
    return name if SANDBOX_NAME.fullmatch(name) else container["Id"]
