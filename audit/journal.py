"""The journal: shows that a record was changed, added or removed before a seal covers it.

Theory of operation
-------------------
A record waits for its seal for some minutes. Until then the journal covers it. Each transaction
that writes records adds an entry for each: *begun* has the leaf of what is fixed from the first
commit on (who sent it, and what), *settled* the leaf of the whole record. An entry has the next
number of its chain and the digest of the entry before; the last entry of a transaction is
signed. Without the key, a user of the database can neither make nor change an entry; a deleted
entry leaves a gap, and the head file shows a missing end
(:mod:`audit.head_file`).

Each head file has a chain of its own, because processes that share one file can take turns by its
lock, for no longer than a commit takes. Processes on other machines have other files, and on
PostgreSQL their commits do not wait for each other.

Entries are announced in the head file before the commit and confirmed after it. An announced
entry that the database does not have, after a crash or a failed commit, gets a *void* entry
after it, so that every gap is explained. The entries of sealed records have no further use:
:func:`compact` copies the entries that are still needed behind a *floor* and removes the rest.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass, field

from django.conf import settings
from django.db import connection
from django.db import transaction as database

from audit import head_file, leaves, signing
from audit.canonical import FORM, digest
from audit.head_file import Head, HeadFile
from audit.sealed import JournalEntry

logger = logging.getLogger(__name__)

FLOOR, BEGUN, SETTLED, VOID = EVENTS = ("floor", "begun", "settled", "void")
_LEAST_RETIRED = 1000
"""The journal is written anew once this many of its entries have no use."""
_PLACE_CHARS = 80


_COLUMNS = ("chain", "number", "previous", "event", "kind", "record", "form", "leaf", "key")
"""As in ``JournalEntry.statement``."""
_INSERT = (
    f"INSERT INTO {JournalEntry._meta.db_table} "
    f"({', '.join([*_COLUMNS, 'signature'])}) "
    f"VALUES ({', '.join(['%s'] * (len(_COLUMNS) + 1))})"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry without its place in a chain."""

    event: str
    kind: str = ""
    record: str = ""
    form: int = FORM
    leaf: str = ""

    @classmethod
    def of(cls, entry: JournalEntry) -> Draft:
        return cls(entry.event, entry.kind, entry.record, entry.form, entry.leaf)


@dataclass(slots=True)
class Notes:
    """The records that a transaction writes, to be entered into the journal at its end."""

    _keys: dict[tuple[str, str], list[object]] = field(default_factory=dict)

    def begun(self, kind: str, *keys: object) -> None:
        """Enter what is fixed of records that are still to change."""
        self._keys.setdefault((BEGUN, kind), []).extend(keys)

    def settled(self, kind: str, *keys: object) -> None:
        """Enter records that are final."""
        self._keys.setdefault((SETTLED, kind), []).extend(keys)

    def drafts(self) -> list[Draft]:
        """Return the entries for the records as the database has them now."""
        return [
            Draft(event, kind, one.key, FORM, one.hash)
            for (event, kind), keys in self._keys.items()
            for some in _chunks(keys)
            for one in leaves.of_keys(kind, some, FORM, begun=event == BEGUN)
        ]


@dataclass(slots=True)
class Step:
    """A transaction and its lines in the head file."""

    _held: ExitStack
    confirmations: list[str] = field(default_factory=list)
    """Lines for the head file once the transaction is committed."""

    def lock(self) -> Head:
        """Take the head file's lock, up to the end of the commit; see ``HeadFile.locked``."""
        return self._held.enter_context(file().locked())

    def announce(self, head: Head, drafts: list[Draft]) -> None:
        """Add entries to the database, and to the head file as announced."""
        self.confirmations.append(f"kept {_announce(head, drafts)}")


@contextmanager
def step(*, durable: bool = False) -> Iterator[Step]:
    """Run a transaction with its lines in the head file.

    Within another transaction, the lines are confirmed when that one commits. With ``durable``,
    raises ``RuntimeError`` within another one.
    """
    outermost = durable or not connection.in_atomic_block
    with ExitStack() as held:
        current = Step(held)
        with database.atomic(durable=durable):
            yield current
            if current.confirmations and not outermost:
                held.close()
                database.on_commit(lambda: _confirm(current.confirmations))
        if current.confirmations and outermost:
            _confirm(current.confirmations)


@contextmanager
def transaction(*, durable: bool = False) -> Iterator[Notes]:
    """Run a transaction like :func:`step` and enter the records it writes into the journal."""
    notes = Notes()
    with step(durable=durable) as current:
        yield notes
        if drafts := notes.drafts():
            current.announce(current.lock(), drafts)


def _confirm(lines: list[str]) -> None:
    """Confirm lines. If that fails, the next process looks them up in the database."""
    try:
        with file().locked():
            file().append(lines)
    except (OSError, head_file.Unreadable):
        logger.exception("the head file could not be written after a commit")


def file() -> HeadFile:
    """Return the head file of this site."""
    return head_file.of_site()


def place() -> str:
    """Return where this head file is, in the form that its chain records."""
    return f"{socket.gethostname()} {settings.AUDIT_HEAD_FILE}"[-_PLACE_CHARS:]


def begin_again(current: Step, drafts: list[Draft]) -> None:
    """Begin another chain with these entries, in place of this file's and of lost ones."""
    head = current.lock()
    kept = JournalEntry.objects.all()
    if connection.vendor != "sqlite":  # other machines have chains of their own
        here = kept.filter(event=FLOOR, record=place()).values("chain")
        kept = kept.filter(chain__in=[*here.values_list("chain", flat=True), head.chain])
    kept.delete()
    file().begin(fresh=False)
    file().caught_up.add(head.chain)
    current.announce(head, drafts)


def compact(entries: list[JournalEntry], sealed: set[tuple[str, str]]) -> None:
    """Remove the entries of records that are ``sealed`` (``kind``, key), if they are many.

    ``entries`` are all of this file's chain, verified. Those that came since stay.
    """
    needed = [one for one in entries if one.kind and (one.kind, one.record) not in sealed]
    if len(entries) - len(needed) < max(_LEAST_RETIRED, len(needed)):
        return
    with step(durable=True) as current:
        head = current.lock()
        if head.open or entries[0].chain != head.chain:
            return  # next time
        chain = JournalEntry.objects.filter(chain=head.chain)
        since = chain.filter(number__gt=entries[-1].number).order_by("number")
        kept = [*needed, *(one for one in since if one.kind)]
        floor = head.number + 1
        current.announce(head, [_floor(), *map(Draft.of, kept)])
        chain.filter(number__lt=floor).delete()


def resolve() -> None:
    """Decide what became of the entries that were announced and not confirmed."""
    with step(durable=True) as current:
        head = current.lock()
        start(head)
        if head.open:
            current.announce(head, [])


def start(head: Head) -> None:
    """Make the head file if it is not there; with its lock held, in a transaction."""
    if not head.chain:
        file().begin(fresh=not JournalEntry.objects.exists())
    elif head.chain not in file().caught_up:
        _catch_up(head)
    file().caught_up.add(head.chain)


def _announce(head: Head, drafts: list[Draft]) -> int:
    """Add entries to the database and to the head file; the number of the last one."""
    start(head)
    floor = [_floor()] if not head.number and drafts[:1] != [_floor()] else []
    drafts = [*floor, *_voids(head), *drafts]
    number, running, key = head.number, head.running, signing.public_key()
    last, rows, lines = number + len(drafts), [], []
    for draft in drafts:
        number += 1
        row = (head.chain, number, running, *astuple(draft), key)
        statement = dict(zip(_COLUMNS, row, strict=True))
        running = digest(statement)
        rows.append((*row, signing.sign(statement) if number == last else ""))
        lines.append(f"entry {number} {running}")
    if rows:
        # By hand: the ORM takes longer for it than all the rest of an entry.
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)
        file().append(lines)
    return number


def _floor() -> Draft:
    return Draft(FLOOR, "", place())


def _voids(head: Head) -> list[Draft]:
    """Return a void entry for each announced entry that the database lacks."""
    if not head.open:
        return []
    entries = JournalEntry.objects.filter(chain=head.chain, number__in=list(head.open))
    there = set(entries.values_list("number", flat=True))
    absent = {number: digest for number, digest in head.open.items() if number not in there}
    if absent:
        logger.warning("entries %s were announced and not committed", ", ".join(map(str, absent)))
    return [Draft(VOID, "", f"{number} {digest}") for number, digest in absent.items()]


def _catch_up(head: Head) -> None:
    """Take up entries that the head file lost, when the machine stopped before it was on disk."""
    later = JournalEntry.objects.filter(chain=head.chain, number__gt=head.number)
    running, lines = head.running, []
    for one in later.order_by("number"):
        if one.previous != running:
            return  # another file's entry: a finding, and it occupies a number of this file
        running = one.digest()
        lines.append(f"entry {one.number} {running}")
    if lines and is_signed(one):
        file().append([*lines, f"kept {one.number}"])


def is_signed(entry: JournalEntry) -> bool:
    """Return whether a trusted key signed this entry."""
    return signing.is_trusted(entry.key) and signing.is_signed(
        entry.statement(), entry.key, entry.signature
    )


def _chunks(keys: list[object]) -> Iterator[list[object]]:
    for at in range(0, len(keys), 500):
        yield keys[at : at + 500]
