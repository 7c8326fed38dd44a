"""The server's access to the engine: requests to the broker.

Each call is one message and one answer. The start of a sandbox also returns the attached
stream as a descriptor, so a program's output does not pass through the broker.
"""

from __future__ import annotations

import array
import json
import logging
import os
import select
import socket
from typing import Any, Final

from executor.broker_protocol import ANSWER_MAX
from executor.engine import SandboxEngine, SandboxUnavailable
from executor.sandbox_config import DECLARATIONS_FILE, SandboxConfig

logger = logging.getLogger(__name__)

# More than the broker waits for the engine.
_ANSWER_SECONDS: Final = 45.0
_IDLE_MOST: Final = 4
_DESCRIPTOR_BYTES: Final = array.array("i").itemsize


class BrokeredEngine(SandboxEngine):
    """``path`` is the broker's socket; ``shape`` one of :data:`broker_protocol.SHAPES`."""

    def __init__(self, config: SandboxConfig, path: str, shape: str) -> None:
        super().__init__(config)
        self._path = path
        self._shape = shape
        self._idle: list[socket.socket] = []

    def start(self, name: str) -> tuple[socket.socket, str]:
        answer, descriptor = self._ask("start", shape=self._shape, name=name)
        if descriptor is None:
            raise _unreachable()
        return socket.socket(fileno=descriptor), str(answer["image"])

    def await_removal(self, name: str) -> bool:
        return bool(self._question("await_removal", name=name))

    def remove(self, name: str) -> None:
        self._question("remove", name=name)

    def sandboxes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._question("list")
        return found

    def image(self) -> dict[str, Any]:
        found: dict[str, Any] = self._question("image", shape=self._shape)
        return found

    def image_file(self, image_id: str, path: str) -> bytes:
        if path != DECLARATIONS_FILE:
            raise ValueError(f"the broker reads {DECLARATIONS_FILE} and no other file")
        text = self._question("declarations", shape=self._shape, image=image_id)
        if text is None:
            raise FileNotFoundError(path)
        return str(text).encode("utf-8", "surrogateescape")

    def remove_old_images(self, seconds: float) -> list[str]:
        found: list[str] = self._question("remove_old_images", seconds=seconds)
        return found

    def info(self) -> dict[str, Any]:
        found: dict[str, Any] = self._question("info")
        return found

    def version(self) -> dict[str, Any]:
        found: dict[str, Any] = self._question("version")
        return found

    def _question(self, verb: str, **fields: object) -> Any:
        answer, descriptor = self._ask(verb, **fields)
        if descriptor is not None:
            with open(descriptor, "rb") as file:
                answer = json.load(file)
        return answer["answer"]

    def _ask(self, verb: str, **fields: object) -> tuple[dict[str, Any], int | None]:
        """Return the answer and the descriptor beside it. Raises :class:`SandboxUnavailable`."""
        connection = None
        try:
            connection = self._connection()
            connection.send(json.dumps({"verb": verb, **fields}).encode())
            data, descriptor = _received(connection)
            answer = json.loads(data)
        except (OSError, ValueError) as error:
            if connection is not None:
                connection.close()
            logger.warning("the broker does not answer “%s”: %s", verb, error or "it has ended")
            raise _unreachable() from error
        # The broker closes the connection after a refusal.
        if answer.get("error") != "broker-refused" and len(self._idle) < _IDLE_MOST:
            self._idle.append(connection)
        else:
            connection.close()
        if "error" in answer:
            raise SandboxUnavailable(answer["error"], answer["message"])
        return answer, descriptor

    def _connection(self) -> socket.socket:
        while self._idle:
            connection = self._idle.pop()
            looking = select.poll()  # not select(), which ends at descriptor 1023
            looking.register(connection, select.POLLIN)
            if not looking.poll(0):
                return connection
            connection.close()  # the broker at its other end has ended
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            connection.settimeout(_ANSWER_SECONDS)
            connection.connect(self._path)
        except BaseException:
            connection.close()
            raise
        return connection


def _received(connection: socket.socket) -> tuple[bytes, int | None]:
    data, ancillary, flags, _ = connection.recvmsg(
        ANSWER_MAX, socket.CMSG_SPACE(_DESCRIPTOR_BYTES), socket.MSG_CMSG_CLOEXEC
    )
    descriptors = array.array("i")
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(content[: len(content) - len(content) % _DESCRIPTOR_BYTES])
    if not data or flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
        # The kernel cuts it short if this process has no free descriptor for it.
        for one in descriptors:
            os.close(one)
        raise OSError("its answer was incomplete")
    return data, descriptors[0] if descriptors else None


def _unreachable() -> SandboxUnavailable:
    return SandboxUnavailable(
        "broker-unreachable",
        "The sandbox is unreachable: the broker, which starts sandboxes, does not answer. "
        "Nothing was run; try again in a moment.",
    )
