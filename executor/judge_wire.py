"""The messages between the server and its judge processes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import IO, Any

OUT_OF_MEMORY = 3
"""The exit code of a process that met its limit on memory."""
_LENGTH = struct.Struct(">I")


def send(stream: IO[bytes], header: Mapping[str, Any], blobs: Mapping[str, bytes]) -> None:
    """Write one message: a JSON header with the sizes of ``blobs``, then their bytes."""
    sizes = [[name, len(blob)] for name, blob in blobs.items()]
    text = json.dumps({**header, "blobs": sizes}).encode()
    stream.write(b"".join([_LENGTH.pack(len(text)), text, *blobs.values()]))
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], dict[str, bytes]] | None:
    """Read one message of :func:`send`; None at the end of the stream."""
    length = stream.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    header = json.loads(stream.read(_LENGTH.unpack(length)[0]))
    return header, {name: stream.read(size) for name, size in header.pop("blobs")}
