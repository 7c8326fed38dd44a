"""Make closed folders reachable for an account, in a private mount namespace.

A checkout below ``/root``, which only root may enter, is out of the server's reach, and so
is a Python there. Each closed folder is covered, for this process and its children alone,
by an empty one in which just the folders that are needed appear at their own paths, read
only but for the data folder. The host's folders keep their modes.
"""

from __future__ import annotations

import ctypes
import os
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ideproject.privileges import Account, CannotDrop, seeing_as

_LIBC = ctypes.CDLL(None, use_errno=True)
# linux/mount.h, linux/sched.h
_CLONE_NEWNS: Final = 0x00020000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT = 1, 2, 4, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_COPY_MOST: Final = 17 << 20


@dataclass(frozen=True, slots=True)
class Need:
    """A path that the account has to reach; ``copy`` a file whose mode may be closed to it."""

    path: Path
    writable: bool = False
    copy: bool = False
    alias: Path | None = None
    """Another name of it, with symbolic links, that must work as well."""


def show(needs: Iterable[Need], who: Account) -> None:
    """Make every path reachable at its own place. Raises :class:`CannotDrop`."""
    # Outer ones first: the data folder may lie in the checkout, and is mounted on top of it.
    hidden = sorted(
        {_Closed(need, covered) for need in needs if (covered := _closed(need, who))},
        key=lambda one: len(one.need.path.parts),
    )
    if hidden:
        _cover(hidden)


@dataclass(frozen=True, slots=True)
class _Closed:
    need: Need
    cover: Path
    """The outermost folder that the account may not enter, or the file it may not read."""


def _closed(need: Need, who: Account) -> Path | None:
    with seeing_as(who):
        for folder in reversed(need.path.parents):
            if not os.access(folder, os.X_OK, effective_ids=True):
                return folder
        mode = os.R_OK if need.copy else os.X_OK
        if not os.access(need.path, mode, effective_ids=True):
            return need.path
    return None


def _cover(hidden: list[_Closed]) -> None:
    try:
        _own_namespace()
        sources = [(one, _opened(one.need.path)) for one in hidden]
        contents = {one.need.path: _children(one) for one in hidden}
        covers = dict.fromkeys(one.cover for one in hidden)
        for cover in covers:
            if cover.is_dir():
                _mount("tmpfs", cover, "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755,size=64m")
        for one, source in sources:
            _place(one, source, contents[one.need.path])
            os.close(source)
        for cover in covers:
            if cover.is_dir():
                _mount("", cover, "", _MS_REMOUNT | _MS_RDONLY | _MS_NOSUID | _MS_NODEV)
    except OSError as error:
        raise CannotDrop(
            f"{hidden[0].need.path} is in {hidden[0].cover}, which the server’s account may not "
            f"enter, and making it reachable failed ({error.strerror}). Move it to a folder that "
            f"others may enter, such as /opt/cloister, or run: chmod o+x {hidden[0].cover}"
        ) from error


def _own_namespace() -> None:
    if _LIBC.unshare(_CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    _mount("", Path("/"), "", _MS_REC | _MS_PRIVATE)


def _opened(path: Path) -> int:
    return os.open(path, os.O_PATH | os.O_CLOEXEC)


def _children(one: _Closed) -> list[tuple[str, int]]:
    """Open the content of a folder that is itself closed, before a cover hides it."""
    path = one.need.path
    if one.cover != path or not path.is_dir():
        return []
    found = []
    for child in path.iterdir():
        if child.name != ".git":
            with suppress(FileNotFoundError):  # a link to nothing
                found.append((child.name, _opened(child)))
    return found


def _place(one: _Closed, source: int, children: list[tuple[str, int]]) -> None:
    path = one.need.path
    if not children:
        _show_one(path, source, one.need)
    for name, child in children:
        _show_one(path / name, child, Need(path / name, one.need.writable))
        os.close(child)
    alias = one.need.alias
    if alias is not None and alias.is_relative_to(one.cover) and not os.path.lexists(alias):
        alias.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        alias.symlink_to(path)


def _show_one(path: Path, source: int, need: Need) -> None:
    here = f"/proc/self/fd/{source}"
    found = os.stat(here)
    if need.copy:
        if found.st_size <= _COPY_MOST:
            _show_copy(path, here)
        return
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if stat.S_ISDIR(found.st_mode):
        path.mkdir(mode=0o755, exist_ok=True)
    elif not path.exists():
        path.touch(mode=0o644)
    _mount(here, path, "", _MS_BIND)
    if not need.writable:
        _mount("", path, "", _MS_BIND | _MS_REMOUNT | _MS_RDONLY | _MS_NOSUID | _MS_NODEV)


def _show_copy(path: Path, here: str) -> None:
    """Read a file as root, which was given it to read, and show a copy of it."""
    with open(here, "rb") as file:
        content = file.read(_COPY_MOST)
    if path.exists():  # but is unreadable: the copy covers it
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "copy")
            copy.write_bytes(content)
            copy.chmod(0o444)
            _mount(str(copy), path, "", _MS_BIND)
        return
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o444)


def _mount(source: str, target: Path, kind: str, flags: int, data: str = "") -> None:
    words = [word.encode() for word in (source, str(target), kind)]
    if _LIBC.mount(*words, ctypes.c_ulong(flags), data.encode()):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
