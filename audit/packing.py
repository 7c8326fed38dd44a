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
"""Larger than any accepted submission; data that claims to be larger is not unpacked."""


class Unreadable(ValueError):
    """The bytes are not a packed project."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the stored form of ``files``."""
    ordered = sorted(files.items())
    index = json.dumps([[name, len(data)] for name, data in ordered], separators=(",", ":"))
    return zlib.compress(b"\n".join([index.encode(), b"".join(data for _, data in ordered)]))


def unpack(packed: bytes | memoryview | None) -> dict[str, bytes]:
    """Return the files by name, at most ``LARGEST_BYTES``. Raise :class:`Unreadable`."""
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
        raise Unreadable(f"the data are not a packed project: {error}") from error
    return files


def inflate(packed: bytes | memoryview, most: int) -> bytes:
    """Decompress data that is whole, alone and at most ``most`` bytes long."""
    stream = zlib.decompressobj()
    text = stream.decompress(packed, most)
    if not stream.eof or stream.unused_data:
        raise Unreadable("the compressed data are incomplete, too long, or not alone")
    return text


def hash_of(files: Mapping[str, bytes]) -> str:
    """Return the hash that identifies a source, in hex."""
    stored = {name: described(data) for name, data in files.items()}
    text = json.dumps(stored, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def described(data: bytes) -> dict[str, str]:
    """Return a file in JSON form: base64 if it is not UTF-8 or contains a NUL."""
    if b"\0" not in data:
        try:
            return {"encoding": "utf-8", "content": data.decode()}
        except UnicodeDecodeError:
            pass
    return {"encoding": "base64", "content": base64.b64encode(data).decode()}


def read(described: Mapping[str, str]) -> bytes:
    """Return the content that :func:`described` encoded."""
    if described["encoding"] == "base64":
        return base64.b64decode(described["content"])
    return described["content"].encode()


def text_of(data: bytes) -> str:
    """Compress ``data`` to text: personal fields are sealed as JSON."""
    return base64.b64encode(zlib.compress(data)).decode() if data else ""


def bytes_of(text: str) -> bytes:
    """Return the data that :func:`text_of` encoded. Raise :class:`Unreadable`."""
    try:
        return inflate(base64.b64decode(text), LARGEST_BYTES) if text else b""
    except (zlib.error, ValueError) as error:
        raise Unreadable(f"the text was not packed by this server: {error}") from error
