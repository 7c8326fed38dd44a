"""Compare the unsealed records with the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection

from audit import journal, leaves, signing
from audit.findings import Finding
from audit.head_file import Head, Unreadable
from audit.journal import BEGUN, FLOOR, SETTLED, VOID
from audit.models import UNFINISHED, Execution, Pause
from audit.sealed import JournalEntry, Removal, What

_AT_ONCE = 500
_PASSES = 2
_Name = tuple[str, str]


@dataclass(slots=True)
class Book:
    """The journal as the database has it, and the findings about it."""

    entries: dict[_Name, dict[str, JournalEntry]] = field(default_factory=dict)
    """By ``(kind, key)``, the last entry of each event."""
    own: list[JournalEntry] = field(default_factory=list)
    """All entries of this head file's chain."""
    unsealed: set[_Name] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Notes for the reader that are not findings."""

    def sealed(self) -> set[_Name]:
        """Return the records that have entries and no longer need them."""
        return self.entries.keys() - self.unsealed

    def settled(self, kind: str, key: str, form: int) -> str | None:
        """Return the leaf of a settled record's entry; None if it has another form."""
        entry = self.entries.get((kind, key), {}).get(SETTLED)
        return entry.leaf if entry and entry.form == form else None


def looked_through() -> Book:
    """Compare the unsealed records with the journal; return the journal with its findings.

    A look may see half of another process's write, so a finding counts only if the next
    look has it as well.
    """
    book = _look()
    for _ in range(_PASSES - 1):
        if not book.findings:
            break
        before = set(book.findings)
        book = _look()
        book.findings = [one for one in book.findings if one in before]
    return book


def _look() -> Book:
    book = Book()
    try:
        head = journal.file().peek()
    except Unreadable as error:
        book.findings.append(Finding(f"the head file cannot be read: {error}"))
        return book
    chains = list(JournalEntry.objects.order_by("chain").values_list("chain", flat=True).distinct())
    for chain in chains:
        rows = list(JournalEntry.objects.filter(chain=chain).order_by("number"))
        if not rows:
            continue  # written anew meanwhile
        book.findings += _chained(rows)
        if chain == head.chain:
            book.own = rows
            _compare(book, rows, head)
        elif connection.vendor == "sqlite" or rows[0].record == journal.place():
            book.findings.append(
                Finding(f"journal {chain}: the head file that belongs to it is missing")
            )
        for one in _vouched(rows):
            if one.kind:
                book.entries.setdefault((one.kind, one.record), {})[one.event] = one
    if head.number and head.chain not in chains:
        book.findings.append(
            Finding(f"journal {head.chain}: all {head.number} entries are missing")
        )
    for kind in leaves.MODELS:
        _look_at_records(book, kind)
    book.findings += _missing(book)
    return book


def _compare(book: Book, rows: list[JournalEntry], head: Head) -> None:
    """Compare the head file with its chain."""
    missing = range(rows[-1].number + 1, head.number + 1)
    if lost := [number for number in missing if number not in head.open]:
        book.findings.append(
            Finding(
                f"journal {head.chain}: {_numbers(lost[0], lost[-1])} missing at its end, which "
                "the head file knows: the newest records were deleted, or the database is an "
                "older copy"
            )
        )
    for one in rows:
        if one.number == head.number and one.digest() != head.running:
            book.findings.append(
                Finding(f"journal {head.chain}: entry {one.number} is not the one announced")
            )
    if voids := sum(one.event == VOID for one in rows):
        book.notes.append(
            f"{voids} entries of journal {head.chain} were announced and never committed: the "
            "server stopped, or the database failed, at that moment."
        )


def _chained(rows: list[JournalEntry]) -> Iterator[Finding]:
    """Yield findings about the order of one chain's entries."""
    name = f"journal {rows[0].chain}"
    voids = dict(_void(one.record) for one in rows if one.event == VOID)
    if rows[0].event != FLOOR:
        yield Finding(f"{name}: the entries before {rows[0].number} are missing")
    for before, one in pairwise(rows):
        running: str | None = before.digest()
        gap = range(before.number + 1, one.number)
        if len(gap) > len(voids) or any(number not in voids for number in gap):
            yield Finding(f"{name}: {_numbers(gap[0], gap[-1])} missing: records were deleted")
        else:
            running = voids[gap[-1]] if gap else running
            if one.previous != running:
                yield Finding(f"{name}: entry {before.number} or {one.number} changed")
    if not journal.is_signed(rows[-1]):
        yield Finding(f"{name}: entry {rows[-1].number} is not signed with a trusted key")


def _vouched(rows: list[JournalEntry]) -> list[JournalEntry]:
    """Return the entries that a signature covers, their own or that of a later entry."""
    vouched, expected = [], ""
    for one in reversed(rows):
        if one.digest() == expected or journal.is_signed(one):
            vouched.append(one)
            expected = one.previous
        else:
            expected = ""
    return vouched[::-1]


def _look_at_records(book: Book, kind: str) -> None:
    model = leaves.MODELS[kind]
    keys = list(
        model._default_manager.filter(seal=None).order_by("pk").values_list("pk", flat=True)
    )
    for at in range(0, len(keys), _AT_ONCE):
        some = keys[at : at + _AT_ONCE]
        book.unsealed.update((kind, str(key)) for key in some)
        book.findings += _uncovered(book, kind, some)


def _uncovered(book: Book, kind: str, keys: list[Any]) -> Iterator[Finding]:
    """Yield findings about some unsealed records of one kind."""
    changes = _over(kind, keys)
    entries = {key: book.entries.get((kind, str(key)), {}) for key in keys}
    unlike = {event: _unlike(kind, event, entries) for event in (BEGUN, SETTLED)}
    for key, known in entries.items():
        name = f"{kind} {key}"
        if not known:
            yield Finding("was inserted: the journal has no entry for it", record=name)
        elif changes is not None and BEGUN not in known:
            yield Finding("was inserted: the journal has no entry for its start", record=name)
        elif key in unlike[BEGUN]:
            yield Finding(
                "changed: its sender or its content differs from the journal", record=name
            )
        elif (SETTLED in known) != (changes is None or changes[key]):
            yield Finding("changed: its state differs from the journal", record=name)
        elif key in unlike[SETTLED]:
            yield Finding("changed: it differs from the journal", record=name)


def _over(kind: str, keys: list[Any]) -> dict[Any, bool] | None:
    """Return whether records that change after their start are settled; None for other records."""
    over: dict[Any, bool] = dict.fromkeys(keys, False)
    if kind == "execution":
        states = Execution.objects.filter(pk__in=keys).values_list("pk", "state")
        return over | {key: state not in UNFINISHED for key, state in states}
    if kind == "pause":
        lifted = Pause.objects.filter(pk__in=keys).values_list("pk", "lifted_at")
        return over | {key: at is not None for key, at in lifted}
    return None


def _unlike(kind: str, event: str, entries: Mapping[Any, dict[str, JournalEntry]]) -> set[Any]:
    """Return the keys of records whose leaf differs from the leaf in their entry."""
    by_form: dict[int, dict[str, Any]] = {}
    for key, known in entries.items():
        if event in known:
            by_form.setdefault(known[event].form, {})[str(key)] = key
    unlike: set[Any] = set()
    for form, keys in by_form.items():
        found = leaves.of_keys(kind, list(keys.values()), form, begun=event == BEGUN)
        same = {one.key for one in found if one.hash == entries[keys[one.key]][event].leaf}
        unlike.update(key for name, key in keys.items() if name not in same)
    return unlike


def _missing(book: Book) -> Iterator[Finding]:
    """Yield findings about records that the journal has and the database lacks."""
    for kind, model in leaves.MODELS.items():
        names = [key for of, key in book.sealed() if of == kind]
        for some in _chunks(names):
            keys = [UUID(name) if kind == "execution" else int(name) for name in some]
            there = model._default_manager.filter(pk__in=keys).values_list("pk", flat=True)
            for name in sorted(set(some) - set(map(str, there))):
                if not _was_pruned(f"{kind} {name}"):
                    yield Finding("is missing: it was deleted", record=f"{kind} {name}")


def _was_pruned(name: str) -> bool:
    """Return whether a signed removal explains a record of another machine's journal."""
    removals = Removal.objects.filter(what=What.PRUNED, records__contains=name)
    return any(
        name in one.records.split("\n")
        and signing.is_signed(one.statement(), one.key, one.signature)
        for one in removals
        if signing.is_trusted(one.key)
    )


def _void(record: str) -> tuple[int, str]:
    number, _, digest = record.partition(" ")
    return int(number) if number.isdecimal() else 0, digest


def _numbers(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"


def _chunks(names: list[str]) -> Iterable[list[str]]:
    return (names[at : at + _AT_ONCE] for at in range(0, len(names), _AT_ONCE))
