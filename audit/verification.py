"""Whether the records are what was sealed; what is not is named.

Seals are gone through from the first on, with their records, in memory for one
seal at a time. Then come what was anchored outside, records that no seal knows and
should, removals that nobody signed, the sources, and the decisions behind the
violations' states. What cannot even be read is a finding like all others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit import coverage, leaves, packing, recovery, seals, signing
from audit.canonical import FORMS, NO_SEAL, merkle_root
from audit.findings import Finding
from audit.models import Decision, Execution, Review, Source, Violation
from audit.sealed import Removal, Seal, What

_is_leaf = re.compile("[0-9a-f]{64}").fullmatch


@dataclass(slots=True)
class Verification:
    """Goes through everything once; counts as it goes. ``anchors`` are digests by seal number."""

    anchors: Mapping[int, str] = field(default_factory=dict)
    seals: int = 0
    records: int = 0
    pruned: int = 0
    late: int = 0
    waiting: int = 0
    notes: list[str] = field(default_factory=list)
    """Notes for the reader that are not findings."""
    head: str = NO_SEAL
    _given_up: set[int] = field(default_factory=set)
    """The numbers of seals that were lost when an administrator accepted the records."""
    _named: set[str] = field(default_factory=set)
    """Records that a finding about their seal names."""
    _early: dict[str, str] = field(default_factory=dict)
    """The pseudonyms of records that forgot their person before they were sealed."""

    def findings(self) -> Iterator[Finding]:
        """What is wrong, the oldest seal first; nothing if all is well."""
        self._given_up = _given_up()
        for number in Seal.objects.order_by("number").values_list("pk", flat=True).iterator():
            try:
                one = Seal.objects.get(pk=number)
                yield from self._chained(one)
                yield from self._records(one)
            except Exception as error:  # a column may hold anything; the other seals are still due
                yield Finding(f"it or a record of it cannot be read: {error}", number)
                self.seals = number  # or the next one would say that it is missing
        for rest in (
            self._headed,
            self._anchored,
            self._journal,
            self._unsealed,
            _astray,
            _removals,
            _sources,
            _reviews,
        ):
            try:
                yield from rest()
            except Exception as error:  # likewise
                yield Finding(f"Something outside of the seals cannot be read: {error}")

    def _chained(self, one: Seal) -> Iterator[Finding]:
        expected = self.seals + 1
        if one.number != expected:
            yield Finding(f"is missing; the next that is there is seal {one.number}", expected)
        elif one.previous != self.head:
            yield Finding("does not follow the one before, or that one changed", one.number)
        if not signing.is_trusted(one.key):
            yield Finding(f"is signed with a key that is not trusted: {one.key}", one.number)
        elif not signing.is_signed(one.header(), one.key, one.signature):
            yield Finding("changed: its signature does not fit", one.number)
        elif not _is_as_written(one):
            yield Finding("changed: it is written otherwise", one.number)
        self.seals, self.head = one.number, one.digest()
        anchored = self.anchors.get(one.number, self.head)
        if anchored != self.head and one.number not in self._given_up:
            yield Finding("is another one than was anchored", one.number)

    def _records(self, one: Seal) -> Iterator[Finding]:
        listed = _listed(one)
        if len(listed) != one.count or _root(listed) != one.root:
            yield Finding("changed: its list of records does not fit its root", one.number)
        if one.form not in FORMS:
            yield Finding(f"is in a form that is not known here: {one.form}", one.number)
            return
        self.records += len(listed)
        self.late += len(listed) if one.late else 0
        missing = dict(listed)
        wrong, inserted, forgotten = _compared(one, missing)
        # Read afterwards: what went meanwhile went together with the removal that says so.
        removed = _Removed.of(one.number)
        for name in self._unexplained(forgotten, removed.pseudonyms):
            wrong[name] = "changed: it lost its person, and no removal says why"
        self.pruned += len(removed.pruned.intersection(missing))
        wrong |= dict.fromkeys(missing.keys() - removed.pruned, "is missing")
        # In the order of the seal, so that the first is the first.
        if wrong:
            self._named.update(wrong)
            yield from (Finding(wrong[name], one.number, name) for name in listed if name in wrong)
        yield from (Finding("was inserted", one.number, name) for name in inserted)

    def _unexplained(self, forgotten: Mapping[str, str], removed: Mapping[str, str]) -> list[str]:
        """Those of the ``forgotten`` whose pseudonym no removal has."""

        def unexplained(names: Collection[str]) -> list[str]:
            explained = {name: removed.get(name) or self._early.get(name) for name in names}
            return [name for name in names if forgotten[name] != explained[name]]

        left = unexplained(forgotten)
        if left:
            self._early = _Removed.of(None).pseudonyms  # as it is by now
            left = unexplained(left)
        return left

    def _anchored(self) -> Iterator[Finding]:
        if any(number > self.seals for number in self.anchors.keys() - self._given_up):
            yield Finding("is missing, and was anchored", self.seals + 1)

    def _headed(self) -> Iterator[Finding]:
        yield from recovery.head_findings()

    def _journal(self) -> Iterator[Finding]:
        book = coverage.looked_through()
        self.notes += book.notes
        # A sealed record may still have its entries: once is enough.
        yield from (one for one in book.findings if one.record not in self._named)

    def _unsealed(self) -> Iterator[Finding]:
        last = seals.said_until()
        for kind in leaves.MODELS:
            for key in seals.unsealed(kind, last, late=True).values_list("pk", flat=True):
                yield Finding(
                    "is in no seal, though one was made after its time: it was inserted, "
                    "or the clock was set back",
                    record=f"{kind} {key}",
                )
            waiting = seals.unsealed(kind, last, late=False)
            self.waiting += waiting.order_by().count()
            # A pause may end at any time; of all else there is a time when it was written.
            soon = timezone.now() + seals.GRACE
            for key in waiting.filter(settled__gt=soon).values_list("pk", flat=True):
                if kind != "pause":
                    yield Finding(
                        "has a time that is still to come: it was inserted, or the clock was "
                        "set back",
                        record=f"{kind} {key}",
                    )


def _compared(
    one: Seal, listed: dict[str, str]
) -> tuple[dict[str, str], list[str], dict[str, str]]:
    """What is wrong with records that are there; those not in the list; and the pseudonyms of
    those that forgot their person.

    Takes from the list what is there, so that what is missing is left.
    """
    wrong, inserted, forgotten = {}, [], {}
    for record in leaves.of_seal(one.number, one.form):
        name = f"{record.kind} {record.key}"
        sealed = listed.pop(name, None)
        if sealed is None:
            inserted.append(name)
        elif record.hash != sealed:
            wrong[name] = "changed"
        elif record.pseudonym is not None:
            forgotten[name] = record.pseudonym
    return wrong, inserted, forgotten


def _listed(one: Seal) -> dict[str, str]:
    """The leaves of a seal by ``kind key``, in their order."""
    lines = (line.rpartition(" ") for line in one.leaves.split("\n"))
    return {name: leaf for name, _, leaf in lines}


def _root(listed: Mapping[str, str]) -> str:
    # Capitals and spaces would make another text of the same leaf.
    return merkle_root(list(listed.values())) if all(map(_is_leaf, listed.values())) else ""


def _is_as_written(one: Seal) -> bool:
    """Whether its columns hold what this site writes: SQLite takes a 2 for a true, and a “T” or
    a space in a time."""
    names = [field.attname for field in Seal._meta.concrete_fields]
    return Seal.objects.filter(**{name: getattr(one, name) for name in names}).exists()


@dataclass(slots=True)
class _Removed:
    """What was taken out of the records of one seal, as far as that is signed."""

    pruned: set[str] = field(default_factory=set)
    pseudonyms: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, number: int | None) -> _Removed:
        """Of the seal, or with None of records that were in no seal then."""
        found = cls()
        for removal in filter(_is_signed, Removal.objects.filter(from_seal=number)):
            names = removal.records.split("\n")
            if removal.what == What.PRUNED:
                found.pruned.update(names)
            else:
                found.pseudonyms.update(dict.fromkeys(names, removal.pseudonym))
        return found


def _given_up() -> set[int]:
    """Return the seals that the database had lost when an administrator accepted it."""
    numbers: set[int] = set()
    for one in filter(_is_signed, Removal.objects.filter(what=What.ACCEPTED)):
        was, now = (int(line.split(" ")[3]) for line in one.records.split("\n")[:2])
        numbers.update(range(now + 1, was + 1))
    return numbers


def _is_signed(removal: Removal) -> bool:
    return signing.is_trusted(removal.key) and signing.is_signed(
        removal.statement(), removal.key, removal.signature
    )


def _astray() -> Iterator[Finding]:
    """Records that were put into a seal that nobody made, or whose seal was taken away."""
    # By the column's name: by the relation's, Django would join the seals, and find none astray.
    there = Seal.objects.filter(pk=OuterRef("seal_id"))
    for kind, model in leaves.MODELS.items():
        astray = model._default_manager.filter(~Exists(there), seal_id__isnull=False)
        found = astray.order_by("seal_id", "pk").values_list("pk", "seal_id")
        for key, number in found.iterator():  # without its seals it is every record
            yield Finding("is in a seal that is not there", number, f"{kind} {key}")


def _removals() -> Iterator[Finding]:
    """Whoever has no key can insert one, for the next seal to take it up."""
    for key in Removal.objects.order_by("pk").values_list("pk", flat=True):
        try:
            signed = _is_signed(Removal.objects.get(pk=key))
        except (TypeError, ValueError):
            signed = False
        if not signed:
            yield Finding("is not signed with a trusted key", record=f"removal {key}")


def _sources() -> Iterator[Finding]:
    """Sources are known by their hash; records hold the hash."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "hash", "packed" FROM "{Source._meta.db_table}"')
        while some := cursor.fetchmany(20):
            for key, packed in some:
                if not _is_hash_of(key, packed):
                    yield Finding("changed", record=f"source {key}")
    there = Source.objects.filter(pk=OuterRef("source_id"))
    for key in Execution.objects.filter(~Exists(there)).order_by("created").values_list("pk"):
        yield Finding("has lost its source", record=f"execution {key[0]}")


def _is_hash_of(key: str, packed: bytes | memoryview | None) -> bool:
    try:
        return packing.hash_of(packing.unpack(packed)) == key
    except ValueError:  # unreadable, or a name that is no text
        return False


def _reviews() -> Iterator[Finding]:
    """What a violation says about its review is what the last decision said."""
    decisions = Decision.objects.filter(violation=OuterRef("pk")).order_by("-created", "-id")
    facts = {"state": Review.NEW, "reviewer_name": "", "note": ""}
    said = {
        f"said_{name}": Coalesce(
            Subquery(decisions.values(name)[:1]), Value(usual), output_field=CharField()
        )
        for name, usual in facts.items()
    }
    same = {name: F(f"said_{name}") for name in facts}
    times = {"at": "reviewed_at", "said_at": Subquery(decisions.values("created")[:1])}
    said |= {
        name: Coalesce(time, Value(seals.BEFORE_ALL), output_field=DateTimeField())
        for name, time in times.items()
    }
    same["at"] = F("said_at")
    for key in Violation.objects.annotate(**said).exclude(**same).order_by("pk").values_list("pk"):
        yield Finding("says another review than was decided", record=f"violation {key[0]}")
