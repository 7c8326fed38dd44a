"""The broker: the only process that may use the engine's socket.

Theory of operation
-------------------
A process that may use the engine's socket is root on the machine, so the server, which
talks to strangers, may not use it. It asks the broker, which listens on a socket that one
account may open, and which checks the peer's account again (``SO_PEERCRED``).
``broker_protocol`` defines all requests. ``container.Engine`` makes a sandbox from the
broker's own settings; the client gives only its name and one of the named shapes.

The attached stream is handed over as a descriptor. The engine has left HTTP on that
connection for good, so the stream reaches only the container's input and output.

The broker limits a request's bytes, the connections, the requests per second (further ones
wait, because a crowd is not an attack), and the sandboxes at the same time, which bounds
their memory. Only containers with our label can be listed and removed.

A container's label names the client's process. The broker watches each client process
(pidfd) and removes the containers of one that has ended: a container that was created and
not started has no process of its own that could notice. A broker that was started for one
server ends with it.
"""

from __future__ import annotations

import array
import json
import logging
import os
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

from executor.broker_protocol import (
    ANSWER_MAX,
    REQUEST_MAX,
    BadRequest,
    Request,
    request,
)
from executor.container import Engine
from executor.engine import OWNER_LABEL, SandboxUnavailable, container_name
from executor.owner import label
from executor.sandbox_config import DECLARATIONS_FILE

logger = logging.getLogger(__name__)

_PEER: Final = struct.Struct("3i")  # pid, uid, gid: SO_PEERCRED, unix(7)
_CONNECTIONS_MOST: Final = 64
_CLIENTS_MOST: Final = 32
_SEND_SECONDS: Final = 10
# Of one processor; starting and removing a container takes it a tenth of a second.
_REQUESTS_A_SECOND: Final = 50.0
_BURST_SECONDS: Final = 4.0
_PARTING_SECONDS: Final = 40.0
# A refused client can retry no faster than this, so it cannot fill the log.
_REFUSAL_SECONDS: Final = 0.05

_INFO: Final = (
    *("ServerVersion", "OperatingSystem", "KernelVersion", "DefaultRuntime", "SecurityOptions"),
    *("CgroupVersion", "MemoryLimit", "SwapLimit", "PidsLimit", "CpuCfsQuota"),
)
_VERSION: Final = ("Version", "ApiVersion")
_COMPONENT: Final = ("Name", "Version", "Details")
_CONTAINER: Final = ("Id", "Names", "Created", "State", "Image")


@dataclass(slots=True)
class _Client:
    """A client process and its sandboxes."""

    made_by: str
    pidfd: int
    made: dict[str, float] = field(default_factory=dict)
    """When each of its sandboxes was made, by name; those still being made have no end of time."""
    connections: int = 0
    busy: int = 0
    """Requests under way."""
    ended: bool = False
    """The process has ended. Connections that another process inherited get no answer."""


class Broker:
    """``engines`` by shape; ``uid`` of the one account that may ask; ``most`` sandboxes at once."""

    def __init__(self, engines: Mapping[str, Engine], uid: int, most: int) -> None:
        self._engines = engines
        self._engine = engines["standard"]
        self._uid = uid
        self._most = most
        self._rate = _Rate(_REQUESTS_A_SECOND * (os.cpu_count() or 1), _BURST_SECONDS)
        self._clients: dict[str, _Client] = {}
        self._changed = threading.Condition()
        self._verbs: dict[str, Callable[[_Client, Request], Any]] = {
            "ping": lambda client, asked: "pong",
            "info": self._info,
            "version": self._version,
            "list": self._list,
            "await_removal": self._await_removal,
            "remove": self._remove,
            "image": self._image,
            "declarations": self._declarations,
            "remove_old_images": self._remove_old_images,
        }

    def serve(self, listener: socket.socket, parent: int | None, made_by: str = "") -> None:
        """Answer until the process behind the pidfd ``parent`` ends; forever without one.

        ``made_by`` is that process as labels name it: what it left is removed at the end.
        """
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ, None)
        if parent is not None:
            self._selector.register(parent, selectors.EVENT_READ, parent)
        while True:
            for key, _ in self._selector.select():
                if isinstance(key.data, _Client):
                    self._selector.unregister(key.fileobj)
                    _thread(self._clean_up, key.data)
                elif key.data is not None:
                    listener.close()
                    self._part(made_by)
                    return
                else:
                    self._accept(listener)

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            time.sleep(_REFUSAL_SECONDS)  # the client left, or no descriptor is free
            return
        client = self._client_of(connection)
        if client is None:
            connection.close()
            time.sleep(_REFUSAL_SECONDS)
            return
        _thread(self._converse, connection, client)

    def _client_of(self, connection: socket.socket) -> _Client | None:
        """Return the peer's client, counted; None if it may not ask or at the limit."""
        pid, uid, _ = _PEER.unpack(
            connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
        )
        if uid != self._uid or pid <= 0:
            logger.warning("refused: account %d (process %d) may not ask the broker", uid, pid)
            return None
        try:
            made_by = label(pid)
            if made_by.endswith("/"):
                logger.warning("refused: process %d is not visible in /proc", pid)
                return None
            with self._changed:
                client = self._clients.get(made_by)
                total = sum(one.connections for one in self._clients.values())
                if total >= _CONNECTIONS_MOST or (
                    client is None and len(self._clients) >= _CLIENTS_MOST
                ):
                    logger.warning("refused: %d connections are open already", total)
                    return None
                if client is None:
                    client = self._clients[made_by] = _Client(made_by, os.pidfd_open(pid))
                    self._selector.register(client.pidfd, selectors.EVENT_READ, client)
                client.connections += 1
        except OSError:
            return None  # it has ended
        return client

    def _converse(self, connection: socket.socket, client: _Client) -> None:
        try:
            with connection:
                timeout = struct.pack("ll", _SEND_SECONDS, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)
                while self._answer_one(connection, client):
                    pass
        except OSError:
            pass  # the client left, or does not read
        finally:
            with self._changed:
                client.connections -= 1

    def _answer_one(self, connection: socket.socket, client: _Client) -> bool:
        """Answer one request; return False after the last one."""
        data, _, flags, _ = connection.recvmsg(REQUEST_MAX)
        if not data:
            return False
        self._rate.wait()
        with self._changed:
            if client.ended:
                return False
            client.busy += 1
        try:
            if flags & socket.MSG_TRUNC:
                raise BadRequest(f"the request is longer than {REQUEST_MAX} bytes")
            asked = request(data)
            if asked.verb == "start":
                self._start(connection, client, asked)
            else:
                _send(connection, {"answer": self._verbs[asked.verb](client, asked)})
        except BadRequest as error:
            logger.warning("refused: %s", error)
            refused = SandboxUnavailable("broker-refused", f"The broker refused: {error}.")
            _send(connection, {"error": refused.code, "message": str(refused)})
            return False
        except SandboxUnavailable as error:
            _send(connection, {"error": error.code, "message": str(error)})
        finally:
            with self._changed:
                client.busy -= 1
                self._changed.notify_all()
        return True

    def _start(self, connection: socket.socket, client: _Client, asked: Request) -> None:
        engine, name = self._of_shape(asked), asked.fields["name"]
        self._reserve(client, name)
        try:
            stream, image = engine.start(name, client.made_by)
        except BaseException:
            self._discard(client, name)
            raise
        self._note_made(client, name)
        with stream:
            try:
                _send(connection, {"image": image}, stream.fileno())
            except OSError:
                self._discard(client, name)
                raise

    def _reserve(self, client: _Client, name: str) -> None:
        """Count a new sandbox. Raise :class:`SandboxUnavailable` at the limit."""
        with self._changed:
            if any(name in one.made for one in self._clients.values()):
                raise BadRequest("a sandbox of this name exists already")
            if self._count() < self._most:
                client.made[name] = inf
                return
        began = time.monotonic()
        there = {container_name(one) for one in self._engine.sandboxes()}
        with self._changed:
            for one in self._clients.values():
                # What was made since is not among those that were listed, and is there.
                one.made = {n: at for n, at in one.made.items() if n in there or at >= began}
            if self._count() >= self._most:
                raise SandboxUnavailable(
                    "broker-full",
                    f"All {self._most} sandboxes that this machine may have at the same time are "
                    "in use (setting SANDBOX_MOST). Nothing was run; try again in a moment.",
                )
            client.made[name] = inf

    def _count(self) -> int:
        return sum(len(one.made) for one in self._clients.values())

    def _of_shape(self, asked: Request) -> Engine:
        engine = self._engines.get(asked.fields["shape"])
        if engine is None:
            raise BadRequest(f"the shape “{asked.fields['shape']}” is switched off")
        return engine

    def _discard(self, client: _Client, name: str) -> None:
        self._note_made(client, name)
        self._engine.discard(name)
        self._forget(name)

    def _note_made(self, client: _Client, name: str) -> None:
        with self._changed:
            client.made[name] = time.monotonic()

    def _forget(self, name: str) -> None:
        """Count a sandbox no longer, unless it is only now being made."""
        with self._changed:
            for one in self._clients.values():
                if one.made.get(name, inf) < inf:
                    del one.made[name]

    def _info(self, client: _Client, asked: Request) -> dict[str, Any]:
        found = self._engine.info()
        runtimes = {
            name: {"runtimeArgs": one.get("runtimeArgs") or []}
            for name, one in (found.get("Runtimes") or {}).items()
        }
        return _part_of(found, _INFO) | {"Runtimes": runtimes}

    def _version(self, client: _Client, asked: Request) -> dict[str, Any]:
        found = self._engine.version()
        parts = [_part_of(one, _COMPONENT) for one in found.get("Components") or []]
        return _part_of(found, _VERSION) | {"Components": parts}

    def _list(self, client: _Client, asked: Request) -> list[dict[str, Any]]:
        return [
            _part_of(one, _CONTAINER) | {"Labels": _part_of(one["Labels"], (OWNER_LABEL,))}
            for one in self._engine.sandboxes()
        ]

    def _await_removal(self, client: _Client, asked: Request) -> bool:
        name = asked.fields["name"]
        if name not in client.made:
            # It may be older than this broker; then no broker waits for its removal.
            return not any(container_name(one) == name for one in self._engine.sandboxes())
        gone = self._engine.await_removal(name)
        if gone:
            self._forget(name)
        return gone

    def _remove(self, client: _Client, asked: Request) -> None:
        name = asked.fields["name"]
        if name not in client.made:
            ours = self._engine.sandboxes()
            if not any(name in (container_name(one), one["Id"]) for one in ours):
                return  # gone, or not a sandbox of ours
        self._engine.remove(name)
        self._forget(name)

    def _image(self, client: _Client, asked: Request) -> dict[str, Any]:
        found = self._of_shape(asked).image()
        labels = (found.get("Config") or {}).get("Labels") or {}
        ours = {name: text for name, text in labels.items() if name.startswith("io.cloister.")}
        return _part_of(found, ("Id", "Size", "Created")) | {"Config": {"Labels": ours}}

    def _declarations(self, client: _Client, asked: Request) -> str | None:
        engine = self._of_shape(asked)
        image_id = engine.image()["Id"]
        if image_id != asked.fields["image"]:
            raise SandboxUnavailable("engine-refused", "The sandbox image was just replaced.")
        try:
            return engine.image_file(image_id, DECLARATIONS_FILE).decode("utf-8", "replace")
        except FileNotFoundError:
            return None

    def _remove_old_images(self, client: _Client, asked: Request) -> list[str]:
        return self._engine.remove_old_images(float(asked.fields["seconds"]))

    def _clean_up(self, client: _Client) -> None:
        """Remove the sandboxes of a process that has ended."""
        self._wait_until_idle(client)
        self._remove_those_of(client.made_by)
        os.close(client.pidfd)
        with self._changed:
            self._clients.pop(client.made_by, None)

    def _wait_until_idle(self, client: _Client) -> None:
        with self._changed:  # what it asked for last may still be under way
            client.ended = True
            self._changed.wait_for(lambda: not client.busy, _PARTING_SECONDS)

    def _remove_those_of(self, made_by: str) -> None:
        try:
            left = [
                container_name(one)
                for one in self._engine.sandboxes()
                if one["Labels"].get(OWNER_LABEL) == made_by and one["State"] != "removing"
            ]
            for name in left:
                self._engine.discard(name)
        except SandboxUnavailable as error:
            logger.warning("%s The next start removes the remaining sandboxes.", error)

    def _part(self, made_by: str) -> None:
        """Clean up behind every client before this process ends."""
        with self._changed:
            clients = list(self._clients.values())
        for client in clients:
            self._wait_until_idle(client)
        # The parent's too, if it asked an earlier broker, which was killed.
        for one in {made_by, *(client.made_by for client in clients)}:
            self._remove_those_of(one)


class _Rate:
    """A token bucket for all requests; requests beyond the rate wait."""

    def __init__(self, per_second: float, burst_seconds: float) -> None:
        self._pause = 1 / per_second
        self._burst = burst_seconds
        self._next = time.monotonic()
        self._lock = threading.Lock()

    def wait(self) -> None:
        with self._lock:
            now = time.monotonic()
            self._next = max(self._next, now - self._burst) + self._pause
            late = self._next - now
        if late > 0:
            time.sleep(late)


def _send(connection: socket.socket, answer: dict[str, Any], descriptor: int | None = None) -> None:
    data = json.dumps(answer).encode()
    if len(data) <= ANSWER_MAX:
        _send_message(connection, data, descriptor)
        return
    with open(os.memfd_create("answer"), "wb+") as file:
        file.write(data)
        file.seek(0)
        _send_message(connection, b"{}", file.fileno())


def _send_message(connection: socket.socket, data: bytes, descriptor: int | None) -> None:
    beside = []
    if descriptor is not None:
        beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]))]
    connection.sendmsg([data], beside)


def _part_of(found: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: found[name] for name in names if name in found}


def _thread(function: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=function, args=arguments, daemon=True).start()
