"""The files of a submission as they are stored: compressed, and named by a hash; no database.

A packed project is zlib over one line of JSON, ``[[name, size], …]`` in the order of the
names, and behind it the contents. Control characters and bytes that are no text take no
more room than others.

The hash is older than this form and stays what it was, because sealed records hold it:
SHA-256 over a JSON object of all files, each ``{"content", "encoding"}``, with its keys sorted.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping

LARGEST_BYTES = 256 << 20
"""More than any submission that comes in can hold; what claims to be larger is not unpacked."""


class Unreadable(ValueError):
    """The bytes are no packed project."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """The stored form of ``files``."""
    ordered = sorted(files.items())
    index = json.dumps([[name, len(data)] for name, data in ordered], separators=(",", ":"))
    return zlib.compress(b"\n".join([index.encode(), b"".join(data for _, data in ordered)]))


def unpack(packed: bytes | memoryview | None) -> dict[str, bytes]:
    """The files by name. Raises :class:`Unreadable`; takes no more than ``LARGEST_BYTES``."""
    try:
        text = inflate(packed or b"", LARGEST_BYTES)
        index, _, contents = text.partition(b"\n")
        files, at = {}, 0
        for name, size in json.loads(index):
            files[name] = contents[at : at + size]
            at += size
        if at != len(contents) or list(files) != sorted(files):
            raise Unreadable("the sizes of its files do not fit")
    except (zlib.error, ValueError, TypeError, RecursionError) as error:
        raise Unreadable(f"this is no packed project: {error}") from error
    return files


def inflate(packed: bytes | memoryview, most: int) -> bytes:
    """What was compressed, if it is whole, alone and ``most`` bytes long at most."""
    stream = zlib.decompressobj()
    text = stream.decompress(packed, most)
    if not stream.eof or stream.unused_data:
        raise Unreadable("the compressed data are incomplete, too long, or not alone")
    return text


def hash_of(files: Mapping[str, bytes]) -> str:
    """What a source is known by, in hex."""
    stored = {name: described(data) for name, data in files.items()}
    text = json.dumps(stored, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def described(data: bytes) -> dict[str, str]:
    """A file as JSON has it: in base64 where it is not UTF-8 or holds a NUL."""
    if b"\0" not in data:
        try:
            return {"encoding": "utf-8", "content": data.decode()}
        except UnicodeDecodeError:
            pass
    return {"encoding": "base64", "content": base64.b64encode(data).decode()}


def read(described: Mapping[str, str]) -> bytes:
    """What :func:`described` was given."""
    if described["encoding"] == "base64":
        return base64.b64decode(described["content"])
    return described["content"].encode()


def text_of(data: bytes) -> str:
    """``data`` compressed, as text: what is personal is sealed as JSON."""
    return base64.b64encode(zlib.compress(data)).decode() if data else ""


def bytes_of(text: str) -> bytes:
    """What :func:`text_of` was given. Raises :class:`Unreadable`."""
    try:
        return inflate(base64.b64decode(text), LARGEST_BYTES) if text else b""
    except (zlib.error, ValueError) as error:
        raise Unreadable(f"this is nothing that was packed: {error}") from error
