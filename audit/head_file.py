"""The head file: the last known state of the records, kept outside of the database.

Theory of operation
-------------------
A user who can write the database can change and delete any row. So the
server keeps the number and the digest of the newest seal, and of the newest journal entry (see
:mod:`audit.journal`), in a file of its own. The file only grows: one line for each step.

A step has two lines. The first *announces* it and is written before the transaction commits, so
that nothing becomes visible in the database that the file does not know. The second *confirms* it
after the commit. When the server dies between the two, the next process looks into the database
and decides: see ``journal`` for entries; an announced seal is stored again as it was announced
(:mod:`audit.seals`), from the file of the same name with ``.pending``.

All processes on one data folder share one head file and take turns by a lock. Each remembers how
far it has read. ``compact`` replaces a long file by a short one with the same state.

Lines are words with spaces between::

    chain ID fresh|joined       a journal of this file begins, without entries
    entry NUMBER DIGEST         a journal entry is about to be committed
    kept NUMBER                 every entry up to this one is committed, or will not be
    seal NUMBER DIGEST          a seal is about to be committed
    sealed NUMBER DIGEST        it is, or the head is taken from the database
    unsealed NUMBER             it is not, and will not be
    alarm TIME TEXT             the records were found changed; TEXT is JSON
    calm TIME                   they are no longer
    adopted TIME COUNT          the records from before the journal were entered into it
    accepted TIME TEXT          an administrator accepted the database as it was then
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit.canonical import NO_SEAL, moment
from audit.private_files import opened

COMPACT_BYTES = 256 << 10
"""A file longer than this is replaced at the next round of sealing."""
MOST_BYTES = 4 << 20
"""A file longer than this is replaced at once, by any writer."""
_ACCEPTED_KEPT = 100


class Unreadable(Exception):
    """The head file contains a line that this module does not write; the message names it."""


@dataclass(slots=True)
class Head:
    """The state that the file's lines add up to."""

    chain: str = ""
    fresh: bool = False
    """The database had no journal when the file was made: its records are still to be adopted."""
    seal: int = 0
    digest: str = NO_SEAL
    pending: tuple[int, str] | None = None
    """A seal that was announced, and neither confirmed nor given up."""
    number: int = 0
    running: str = NO_SEAL
    """The digest of the last entry that was announced."""
    open: dict[int, str] = field(default_factory=dict)
    """Announced entries of which it is not known whether they were committed, with digests."""
    alarm: str = ""
    accepted: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        """Apply one line. Raise ``ValueError`` for an unknown one."""
        word, _, rest = line.partition(" ")
        getattr(self, f"_read_{word}")(*rest.split(" ", 1 if word in ("alarm", "accepted") else -1))

    def _read_chain(self, name: str, origin: str) -> None:
        self.chain, self.fresh = name, origin == "fresh"
        self.number, self.running, self.open = 0, NO_SEAL, {}

    def _read_entry(self, number: str, digest: str) -> None:
        self.number, self.running = int(number), digest
        self.open[self.number] = digest

    def _read_kept(self, number: str) -> None:
        self.open = {one: digest for one, digest in self.open.items() if one > int(number)}

    def _read_seal(self, number: str, digest: str) -> None:
        self.pending = (int(number), digest)

    def _read_sealed(self, number: str, digest: str) -> None:
        self.seal, self.digest, self.pending = int(number), digest, None

    def _read_unsealed(self, _: str) -> None:
        self.pending = None

    def _read_alarm(self, _: str, text: str) -> None:
        self.alarm = json.loads(text)

    def _read_calm(self, _: str) -> None:
        self.alarm = ""

    def _read_accepted(self, time: str, text: str) -> None:
        self.accepted = [*self.accepted, f"{time} {text}"][-_ACCEPTED_KEPT:]

    def _read_adopted(self, _time: str, _count: str) -> None:
        self.fresh = False

    def lines(self) -> list[str]:
        """Return the lines of the shortest file with the same state."""
        lines = [f"chain {self.chain} {'fresh' if self.fresh else 'joined'}"]
        lines += [f"accepted {one}" for one in self.accepted]
        lines.append(f"sealed {self.seal} {self.digest}")
        if self.pending:
            lines.append("seal {} {}".format(*self.pending))
        if self.number not in self.open:
            lines += [f"entry {self.number} {self.running}", f"kept {self.number}"]
        lines += [f"entry {number} {digest}" for number, digest in self.open.items()]
        if self.alarm:
            lines.append(f"alarm {now()} {json.dumps(self.alarm)}")
        return lines


class HeadFile:
    """One head file, for all threads of this process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread = threading.RLock()
        self._lock_handle = -1
        self._depth = 0
        self._head = Head()
        self._read_to = 0
        self._inode = 0
        self._held = -1
        """What was read, kept open: until it is closed, no other file gets its inode number."""
        self.caught_up: set[str] = set()
        """Chains for which this process has checked whether the database has more than the file."""

    @contextmanager
    def locked(self) -> Iterator[Head]:
        """Lock out all other writers; yield the file's state, read anew.

        Take this lock last in a transaction, and wait for no row after it: the database knows
        nothing of it and would not notice a deadlock.
        """
        with self._thread:
            if not self._depth:
                if self._lock_handle < 0:
                    self._lock_handle = opened(self.path.with_suffix(".lock"), os.O_RDWR)
                fcntl.flock(self._lock_handle, fcntl.LOCK_EX)
            self._depth += 1
            try:
                if self._depth == 1:
                    self._refresh()
                yield self._head
            finally:
                self._depth -= 1
                if not self._depth:
                    fcntl.flock(self._lock_handle, fcntl.LOCK_UN)

    def peek(self) -> Head:
        """Return the file's state for reading only; an empty state if there is no file."""
        with self._thread:
            if not self._depth and self.exists():
                self._refresh()
            if not self.exists():
                return Head()
            return replace(self._head, open=dict(self._head.open))

    def exists(self) -> bool:
        return self.path.exists()

    def begin(self, *, fresh: bool) -> None:
        """Make the file; in :meth:`locked`."""
        self.append([f"chain {secrets.token_hex(8)} {'fresh' if fresh else 'joined'}"], sync=True)

    def append(self, lines: list[str], *, sync: bool = False) -> None:
        """Write lines, onto the disk with ``sync``; in :meth:`locked`."""
        if self._read_to > MOST_BYTES:
            self.compact(MOST_BYTES)
        text = "".join(f"{line}\n" for line in lines).encode("ascii")
        known, self._inode = self._inode, 0  # read it anew, should anything fail here
        handle = opened(self.path, os.O_WRONLY | os.O_APPEND)
        try:
            if os.fstat(handle).st_size > self._read_to:
                os.ftruncate(handle, self._read_to)  # half a line of a process that died
            if os.write(handle, text) != len(text):
                raise OSError(f"“{self.path}” did not take a whole line")
            if sync:
                os.fsync(handle)
            self._inode = known
        finally:
            os.close(handle)
        self._read_to += len(text)
        for line in lines:
            self._head.read(line)

    def sync(self) -> int:
        """Put what was written onto the disk."""
        if self.exists():
            handle = opened(self.path, os.O_WRONLY | os.O_APPEND)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return 0

    def compact(self, least: int) -> None:
        """Replace a file of more than ``least`` bytes by a short one; in :meth:`locked`."""
        if self._read_to <= least:
            return
        draft = self.path.with_suffix(".new")
        handle = opened(draft, os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in self._head.lines())
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)
        self._hold(os.open(self.path, os.O_RDONLY | os.O_CLOEXEC))
        status = os.fstat(self._held)
        self._read_to, self._inode = status.st_size, status.st_ino

    def _refresh(self) -> None:
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            self._head, self._read_to, self._inode = Head(), 0, 0
            return
        try:
            status = os.fstat(handle)
            if status.st_ino != self._inode or status.st_size < self._read_to:
                self._head, self._read_to, self._inode = Head(), 0, status.st_ino
                self._hold(os.dup(handle))
            if status.st_size > self._read_to:
                self._take(os.pread(handle, status.st_size - self._read_to, self._read_to))
        finally:
            os.close(handle)

    def _hold(self, handle: int) -> None:
        if self._held >= 0:
            os.close(self._held)
        self._held = handle

    def _take(self, data: bytes) -> None:
        whole = data.rpartition(b"\n")[0]
        for line in whole.split(b"\n"):
            try:
                if line:
                    self._head.read(line.decode("ascii"))
            except (AttributeError, TypeError, ValueError) as error:
                self._inode = 0
                raise Unreadable(f"“{self.path}” holds “{line[:80]!r}”: {error}") from error
        self._read_to += len(whole) + 1 if data.count(b"\n") else 0


def of_site() -> HeadFile:
    """Return the head file that the settings name."""
    return _at(settings.AUDIT_HEAD_FILE)


def now() -> str:
    return str(moment(timezone.now()))


def text(value: Any) -> str:
    """Return a value encoded as the rest of a line."""
    return json.dumps(value)


@lru_cache(maxsize=8)
def _at(path: Path) -> HeadFile:
    return HeadFile(path)
