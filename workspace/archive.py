"""Zip archives in and out.

What comes in is judged by its directory before a byte is unpacked: how large
the directory itself is (Python reads all of it at once), what each entry is and
how much it says to hold. Nothing is ever written to a disk.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import IO

from workspace import files
from workspace.refused import Refused

_END = b"PK\x05\x06"
_END64_LOCATOR = b"PK\x06\x07"
_END_BYTES = 22
_LOCATOR_BYTES = 20
_LONGEST_COMMENT = 0xFFFF
_DIRECTORY_BYTES = 256 << 10
"""Room for a thousand entries with long names."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# The last two are what a place before the beginning or far behind the end is for a file.
_DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError),
    *(OSError, OverflowError),
)
# What some systems add on their own and nobody misses.
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def packed(contents: Mapping[str, bytes], when: datetime) -> bytes:
    """A zip archive of files by path, all with the time ``when``."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for path, content in sorted(contents.items()):
            info = zipfile.ZipInfo(path, when.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            pack.writestr(info, content)
    return archive.getvalue()


def unpacked(archive: IO[bytes]) -> dict[str, bytes]:
    """The files of a zip archive by path, folders kept; raises :class:`Refused`."""
    try:
        _check_directory(archive)
        with zipfile.ZipFile(archive) as pack:
            return _contents(pack)
    except _DAMAGES as error:
        raise _bad("it is damaged, or not a zip archive") from error


def _contents(pack: zipfile.ZipFile) -> dict[str, bytes]:
    entries = dict(_entries(pack))
    files.check({path: info.file_size for path, info in entries.items()})
    return {path: _content(pack, info) for path, info in entries.items()}


def _check_directory(archive: IO[bytes]) -> None:
    """Refuse a directory that is large before anybody reads it as a whole."""
    size = archive.seek(0, 2)
    archive.seek(max(0, size - _LOCATOR_BYTES - _END_BYTES - _LONGEST_COMMENT))
    tail = archive.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        raise zipfile.BadZipFile("no end of the directory")
    (directory,) = struct.unpack_from("<I", tail, at + 12)
    if _END64_LOCATOR in tail or directory > _DIRECTORY_BYTES:
        raise _bad("it has far more entries than a project may have files", 413)


def _entries(pack: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The regular files by path, each of them once."""
    seen = set()
    for info in pack.infolist():
        # macOS writes names in another form than everybody types them.
        path = unicodedata.normalize("NFC", info.orig_filename)
        if path.endswith("/") or path.startswith(_LITTER[0]) or path.endswith(_LITTER[1:]):
            continue
        if info.flag_bits & 1:
            raise _bad(f"“{_shown(path)}” is encrypted")
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise _bad(f"“{_shown(path)}” is a link or another special file")
        if info.compress_type not in _METHODS:
            raise _bad(f"“{_shown(path)}” is compressed in an unusual way")
        if path in seen:
            raise _bad(f"“{_shown(path)}” is in it twice")
        seen.add(path)
        yield path, info


def _content(pack: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """What an entry holds; never more than its directory says, which was judged before."""
    with pack.open(info) as entry:
        content = entry.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise zipfile.BadZipFile("another size than the directory says")
    return content


def _shown(path: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in path)[
        :80
    ]


def _bad(why: str, status: int = 400) -> Refused:
    return Refused(
        "bad-archive", f"The archive was not unpacked: {why}. Nothing was changed.", status
    )
