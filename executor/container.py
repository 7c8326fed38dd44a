"""One hardened, single-use container. The only module that knows the engine.

Theory of operation
-------------------
A sandbox is created, attached to, started, and waits: its process 1 is the
supervisor, which says READY on standard output and then reads an order from
standard input. The container removes itself when the supervisor exits, and the
supervisor exits when its standard input ends. So a server that dies, however
suddenly, takes its sandboxes with it: its end of the attached socket closes,
the engine (``StdinOnce``) closes the container's standard input, and the kernel
ends everything in the container's pid namespace.

Two questions come before anything of a stranger's is sent. What is it made of: the
image's tag is looked up and the container made from the id that was found, so that
what is recorded is what ran, whatever the tag means a moment later. And do the walls
stand that the configuration demands: the engine's, asked again after every failure,
and each sandbox's own, by what its supervisor found. Where one is missing there is
no sandbox.

Nothing from a request reaches the engine's API: name, image, mounts and limits
come from the configuration alone, files and arguments travel in frames to a
process that is already confined.

Docker's API is spoken in threads: by ``engine_socket`` where an execution needs it, by
docker-py elsewhere. Only the attached stream, which carries every byte of an execution,
is read and written by the event loop.

A sandbox ends as it would if we died: its stream is closed, the supervisor exits, the
container removes itself. To have it killed costs the engine another process and 12 ms
(``docs/decisions/0054``); that is for the one that is still there two seconds later.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import secrets
import socket
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import docker
import docker.errors
import docker.utils
import requests.exceptions

from executor import frames, wall
from executor.engine_socket import ERRORS, AtEnd, EngineError, EngineSocket, NoSuchImage, in_thread
from executor.owner import owner
from executor.profile import profile
from executor.sandbox import Sandbox
from executor.sandbox_config import IMAGE as IMAGE
from executor.sandbox_config import SandboxConfig as SandboxConfig
from executor.sandbox_config import container_body

logger = logging.getLogger(__name__)

UNVALIDATED_IMAGE: Final = "ruv-sandbox:unvalidated"
LABEL: Final = "io.cloister.sandbox"
OWNER_LABEL: Final = "io.cloister.owner"
BUILT_LABEL: Final = "io.cloister.built"
"""On every image of ours; ``build.sh`` writes it."""

_ENGINE_TIMEOUT_SECONDS = 30
_READY_TIMEOUT_SECONDS = 15
_LEAVING_SECONDS = 2.0

# The containers of this process that somebody still holds. Shared by all engines: a container's
# label names the process, not the object that made it.
_wanted: set[str] = set()


class SandboxUnavailable(Exception):
    """No sandbox can be had; the text is for a person, ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the engine's clients raise into :class:`SandboxUnavailable`, by type and status."""
    try:
        yield
    except (docker.errors.ImageNotFound, NoSuchImage) as error:
        raise SandboxUnavailable(
            "image-missing",
            "The sandbox image is missing. The administrator can build it with “make image”.",
        ) from error
    except (docker.errors.APIError, EngineError) as error:
        raise SandboxUnavailable(
            "engine-refused",
            "The Docker engine refused to create a sandbox. "
            "The administrator can ask “manage.py sandbox check” for the reason.",
        ) from error
    # Among them OSError: this process has no descriptor left for another connection.
    except (
        docker.errors.DockerException,
        requests.exceptions.RequestException,
        *ERRORS,
    ) as error:
        raise SandboxUnavailable(
            "engine-unreachable",
            "The sandbox is unreachable: the Docker engine does not answer. "
            "Nothing was run; try again in a moment.",
        ) from error


class Engine:
    """Makes sandboxes, finds strays, answers questions about the engine and the image."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self._client: docker.APIClient | None = None
        self._calls: EngineSocket | None = None
        self._profile = json.dumps(profile(reused=bool(config.reuse)))
        self._owner = owner()
        self._has_its_walls = False
        self.removals_failed = 0

    @property
    def client(self) -> docker.APIClient:
        """The connection to the engine; raises :class:`SandboxUnavailable`."""
        if self._client is None:
            with _translated():
                self._client = docker.APIClient(
                    **docker.utils.kwargs_from_env(),
                    version="auto",
                    timeout=_ENGINE_TIMEOUT_SECONDS,
                    num_pools=16,
                )
        return self._client

    @property
    def calls(self) -> EngineSocket:
        """The same engine for the calls that every execution needs."""
        if self._calls is None:
            host = os.environ.get("DOCKER_HOST")
            address = str(docker.utils.parse_host(host, tls="DOCKER_TLS_VERIFY" in os.environ))
            version = self.client.api_version
            self._calls = EngineSocket(address, version, _ENGINE_TIMEOUT_SECONDS)
        return self._calls

    async def create(self) -> Sandbox:
        """A started sandbox whose supervisor has said READY.

        Raises :class:`SandboxUnavailable`; nothing is left behind then.
        """
        name = f"sandbox_{secrets.token_hex(6)}"
        began = time.monotonic()
        unwanted = threading.Event()
        try:
            stream, image = await in_thread(self._start, name, unwanted)
        except asyncio.CancelledError:
            unwanted.set()  # the thread goes on, and nobody takes what it brings
            raise
        except SandboxUnavailable:
            # Whatever it was: the engine that answers next may be another one.
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

    def _start(self, name: str, unwanted: threading.Event) -> tuple[socket.socket, str]:
        """The stream of a started container, and what it was made of."""
        self._demand_its_walls()
        stream = None
        _wanted.add(name)
        try:
            with _translated():
                image_id = self.calls.image_id(self.config.image)
                self.calls.create(name, self._body(image_id))
                stream = self.calls.attach(name)
                self.calls.start(name)
            if unwanted.is_set():
                raise asyncio.CancelledError
        except BaseException:
            # The engine may have made it although its answer did not come.
            self.discard(name)
            if stream is not None:
                stream.close()
            raise
        stream.setblocking(False)
        return stream, _exactly(self.config.image, image_id)

    def _demand_its_walls(self) -> None:
        if not self._has_its_walls:
            self._demand(wall.missing_in_engine(self.info(), self.config.runtime))
            self._has_its_walls = True

    def _demand(self, missing: frozenset[str]) -> None:
        if wanted := missing & self.config.walls:
            raise SandboxUnavailable("walls-missing", wall.lacking(wanted))

    def _body(self, image_id: str) -> dict[str, Any]:
        labels = {LABEL: "1", OWNER_LABEL: self._owner}
        return container_body(self.config, image_id, self._profile, labels)

    def remove(self, name: str) -> None:
        """End and remove a container at once; fine if it is gone already."""
        try:
            self.client.remove_container(name, force=True, v=True)
        except docker.errors.NotFound:
            pass
        except docker.errors.APIError as error:
            # 409: it is removing itself at this moment.
            if error.status_code != 409:
                raise

    def discard(self, name: str) -> bool:
        """Remove a container if the engine lets us; whether it did.

        One that stays is nobody's from now on, and the next ``reap`` tries it again.
        """
        try:
            self.remove(name)
        except (docker.errors.DockerException, requests.exceptions.RequestException):
            logger.warning("%s could not be removed; it is tried again", name, exc_info=True)
            self.removals_failed += 1
            return False
        finally:
            _wanted.discard(name)
        return True

    async def _see_off(self, name: str) -> None:
        """Wait for a container whose stream was closed to be gone, and remove one that stays."""
        with suppress(AtEnd):  # it goes with its stream
            await in_thread(self._gone, name)

    def _gone(self, name: str) -> bool:
        try:
            if self.calls.await_removal(name, _LEAVING_SECONDS):
                _wanted.discard(name)
                return True
        except (SandboxUnavailable, EngineError, *ERRORS):
            logger.debug("%s cannot be seen off", name, exc_info=True)
        return self.discard(name)

    def sandboxes(self) -> list[dict[str, Any]]:
        """All sandboxes the engine knows, whoever made them, as its container list gives them."""
        with _translated():
            found: list[dict[str, Any]] = self.client.containers(all=True, filters={"label": LABEL})
        # The engine gives no name where a removal was cut short; each can still be told by its id.
        return [
            container | {"Names": container["Names"] or [container["Id"]]} for container in found
        ]

    def image(self) -> dict[str, Any]:
        """The image as the engine describes it; raises :class:`SandboxUnavailable`."""
        with _translated():
            found: dict[str, Any] = self.client.inspect_image(  # type: ignore[no-untyped-call]
                self.config.image
            )
            return found

    def image_file(self, image_id: str, path: str) -> bytes:
        """What a file of an image holds; nothing is started.

        Raises :class:`SandboxUnavailable`, and ``FileNotFoundError`` where there is no such file.
        """
        name = f"sandbox_{secrets.token_hex(6)}"
        _wanted.add(name)
        try:
            with _translated():
                self.client.create_container_from_config(  # type: ignore[no-untyped-call]
                    self._body(image_id), name
                )
                chunks, _ = self.client.get_archive(name, path)
                archive = io.BytesIO(b"".join(chunks))
        except SandboxUnavailable as error:
            if isinstance(error.__cause__, docker.errors.NotFound):
                raise FileNotFoundError(path) from error
            raise
        finally:
            self.discard(name)
        with tarfile.open(fileobj=archive) as tar:
            member = tar.extractfile(tar.getmembers()[0])
            return member.read() if member else b""

    def remove_old_images(self, seconds: float) -> list[str]:
        """Remove our images that lost their name to a newer one; the ids of those that went.

        ``seconds`` is how old they must be: a build under way makes some that have no name yet.
        """
        with _translated():
            filters = {"dangling": True, "label": BUILT_LABEL}
            found = self.client.images(filters=filters)
            old = [one["Id"] for one in found if time.time() - one["Created"] > seconds]
            return [one for one in old if self._remove_image(one)]

    def _remove_image(self, image_id: str) -> bool:
        try:
            self.client.remove_image(image_id)
        except docker.errors.APIError as error:
            if error.status_code not in (404, 409):  # gone by itself; or a sandbox is made of it
                raise
            return False
        return True

    def info(self) -> dict[str, Any]:
        """The engine's description of itself and its host."""
        with _translated():
            found: dict[str, Any] = self.client.info()
            return found

    def version(self) -> dict[str, Any]:
        """The engine's version and those of its components."""
        with _translated():
            found: dict[str, Any] = self.client.version()
            return found


def is_wanted(name: str) -> bool:
    """Whether this process made the container and is not done with it."""
    return name in _wanted


def _exactly(image: str, image_id: str) -> str:
    """The image as it was named, with the id that the name had: ``ruv-sandbox@sha256:…``."""
    name = image.partition("@")[0]
    return image_id if name.startswith("sha256:") else f"{name}@{image_id}"
