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

Nothing from a request reaches the engine's API: name, image, mounts and limits
come from the configuration alone, files and arguments travel in frames to a
process that is already confined.

Docker's API is spoken by docker-py in threads; only the attached stream, which
carries every byte of an execution, is read and written by the event loop.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import docker
import docker.errors
import docker.utils
import requests.exceptions
from docker.types import LogConfig, Ulimit

from executor import filesystem, frames
from executor.limits import Limits
from executor.owner import owner

logger = logging.getLogger(__name__)

IMAGE: Final = "ruv-sandbox"
UNVALIDATED_IMAGE: Final = "ruv-sandbox:unvalidated"
LABEL: Final = "io.cloister.sandbox"
OWNER_LABEL: Final = "io.cloister.owner"
PROFILE: Final = Path(__file__).resolve().parent.parent / "sandbox" / "seccomp-profile.json"

_ENGINE_TIMEOUT_SECONDS = 30
_READY_TIMEOUT_SECONDS = 15
_MUX_HEADER = struct.Struct(">BxxxI")  # stream, length: docs of the engine's attach call
_UID = 1000


class SandboxUnavailable(Exception):
    """No sandbox can be had; the text is for a person, ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """What every sandbox of one service has in common."""

    limits: Limits = field(default_factory=Limits)
    image: str = IMAGE
    runtime: str = ""
    """Name of an OCI runtime known to the engine (``runsc``, ``crun``); empty for its default."""


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what docker-py raises into :class:`SandboxUnavailable`, by type and status code."""
    try:
        yield
    except docker.errors.ImageNotFound as error:
        raise SandboxUnavailable(
            "image-missing",
            "The sandbox image is missing. Run “make image” on the server.",
        ) from error
    except docker.errors.APIError as error:
        raise SandboxUnavailable(
            "engine-refused",
            "The Docker engine refused to make a sandbox. "
            "Run “manage.py sandbox check” on the server.",
        ) from error
    # OSError: this process has no descriptor left for another connection.
    except (docker.errors.DockerException, requests.exceptions.RequestException, OSError) as error:
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
        self._profile = json.dumps(json.loads(PROFILE.read_text()))
        self._owner = owner()

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

    async def create(self) -> Sandbox:
        """A started sandbox whose supervisor has said READY.

        Raises :class:`SandboxUnavailable`; nothing is left behind then.
        """
        name = f"sandbox_{secrets.token_hex(6)}"
        began = time.monotonic()
        unwanted = threading.Event()
        try:
            stream = await asyncio.to_thread(self._start, name, unwanted)
        except asyncio.CancelledError:
            unwanted.set()  # the thread goes on, and nobody takes what it brings
            raise
        reader, writer = await asyncio.open_connection(sock=stream)
        sandbox = Sandbox(name, self, reader, writer)
        try:
            async with asyncio.timeout(_READY_TIMEOUT_SECONDS):
                await sandbox.await_ready()
        except BaseException as error:
            await asyncio.shield(sandbox.destroy())
            if isinstance(error, OSError | ValueError | frames.ProtocolError):
                raise SandboxUnavailable(
                    "sandbox-start",
                    "The sandbox was created but did not answer. "
                    "Run “manage.py sandbox check” on the server.",
                ) from error
            raise
        sandbox.start_ms = (time.monotonic() - began) * 1000
        return sandbox

    def _start(self, name: str, unwanted: threading.Event) -> socket.socket:
        stream = None
        try:
            with _translated():
                self.client.create_container_from_config(  # type: ignore[no-untyped-call]
                    self._create_config(), name
                )
                stream = self._attach(name)
                self.client.start(name)
            if unwanted.is_set():
                raise asyncio.CancelledError
        except BaseException:
            # The engine may have made it although its answer did not come.
            self.discard(name)
            if stream is not None:
                stream.close()
            raise
        stream.setblocking(False)
        return stream

    def _attach(self, name: str) -> socket.socket:
        """The container's standard input and output as one connected socket of our own."""
        attached = self.client.attach_socket(name, {"stdin": 1, "stdout": 1, "stream": 1})
        raw = getattr(attached, "_sock", attached)
        try:
            return socket.socket(fileno=os.dup(raw.fileno()))
        finally:
            # Both: the first is a file object of the second, and as long as either is open the
            # engine believes that we are there.
            attached.close()
            raw.close()

    def _create_config(self) -> dict[str, Any]:
        limits = self.config.limits
        host = self.client.create_host_config(
            auto_remove=True,
            cap_drop=["ALL"],
            cgroupns="private",
            cpu_period=limits.cpu_period_us,
            cpu_quota=limits.cpu_period_us * limits.cpu_percent // 100,
            ipc_mode="private",
            log_config=LogConfig(type=LogConfig.types.NONE),
            mem_limit=limits.memory_bytes,
            memswap_limit=limits.memory_bytes,
            network_mode="none",
            oom_score_adj=500,
            pids_limit=limits.process_count,
            read_only=True,
            runtime=self.config.runtime or None,
            security_opt=["no-new-privileges:true", f"seccomp={self._profile}"],
            shm_size=64 * 1024,
            tmpfs=filesystem.tmpfs(limits, _UID),
            ulimits=[
                Ulimit(name="core", soft=0, hard=0),
                Ulimit(name="nofile", soft=limits.open_files, hard=limits.open_files),
                Ulimit(name="fsize", soft=limits.file_bytes, hard=limits.file_bytes),
                Ulimit(name="stack", soft=limits.stack_bytes, hard=limits.stack_bytes),
            ],
        )
        host["MaskedPaths"] = list(filesystem.MASKED)
        host["ReadonlyPaths"] = list(filesystem.READ_ONLY)
        return self.client.create_container_config(
            self.config.image,
            command=[],
            hostname="sandbox",
            user=f"{_UID}:{_UID}",
            environment={},
            labels={LABEL: "1", OWNER_LABEL: self._owner},
            # The engine builds no network sandbox at all then; the container still has a
            # network namespace of its own, with nothing in it.
            network_disabled=True,
            stdin_open=True,
            working_dir="/work",
            host_config=host,
        )

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

    def discard(self, name: str) -> None:
        """Remove a container as well as the engine lets us; ``reap`` is the second net."""
        try:
            self.remove(name)
        except (docker.errors.DockerException, requests.exceptions.RequestException):
            logger.warning("%s could not be removed", name, exc_info=True)

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

    def info(self) -> dict[str, Any]:
        """The engine's description of itself and its host."""
        with _translated():
            found: dict[str, Any] = self.client.info()
            return found


class Sandbox:
    """One started container and its stream. Serves one execution, then is destroyed."""

    def __init__(
        self,
        name: str,
        engine: Engine,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.name = name
        self.image = engine.config.image
        self.walls: dict[str, int] = {}
        self.start_ms = 0.0
        self.born = time.monotonic()
        self._engine = engine
        self._reader = reader
        self._writer = writer
        self._buffer = bytearray()
        self._nonce = bytes(frames.NONCE_BYTES)

    async def await_ready(self) -> None:
        kind, payload = await self.event()
        if kind != frames.READY:
            raise frames.ProtocolError("the supervisor did not say that it is ready")
        self.walls = {key: int(value) for key, value in frames.pairs(payload).items()}

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
        """Close the stream and remove the container; never raises for an engine that is away.

        A container that the engine cannot remove now ends by itself when its standard input
        closes, and removes itself.
        """
        # Through its transport and at once: a socket closed behind the event loop's back leaves
        # its descriptor's number watched, and the next connection with it would never be read.
        self._writer.transport.abort()
        await asyncio.to_thread(self._engine.discard, self.name)
