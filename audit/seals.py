"""Sealing: settled records go into batches that are chained and signed.

Theory of operation
-------------------
A record is *settled* once nothing of it changes any more: an execution that has
ended, a decision, a pause that is over, a removal. ``GRACE`` later, when whoever
was about to commit one has done so, it goes into the next seal. Each record
names its seal; each seal lists the leaves of its records under a Merkle root, holds
the digest of the seal before, and is signed.

With its last batch a round says: whatever was settled ``until`` then is sealed. A
record that turns up later with an earlier time was put there later, or by a clock
that was set back; it stays unsealed and ``verify`` names it, until an operator has
looked at it and seals it as *late*, which stands in the seal for good.

Records are hashed outside of the transaction that seals them, so writers hardly
wait. Of two sealers at once, the number of the seal, which is its primary key, lets
one be first; the other gives up, and misses nothing.

Nothing is sealed while the records are not what they were: the seals have to go on from the
one that the head file knows, and the unsealed records have to be as the journal says. A seal is
announced in the head file before it is committed, and kept whole beside it; when the server dies
in between, it is stored again exactly as announced, or the records were changed.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit import acceptance, coverage, head_file, journal, leaves, recovery, signing
from audit.canonical import FORM, NO_SEAL, merkle_root
from audit.coverage import Book
from audit.findings import Finding, Refused
from audit.models import UNFINISHED, Decision, Execution, Pause
from audit.recovery import Overtaken
from audit.sealed import Removal, Seal

logger = logging.getLogger(__name__)

BATCH = 500
"""Records of one seal at most; what a verifier holds in memory at once."""
GRACE = timedelta(seconds=60)
"""Longer than any transaction takes from reading the clock to its commit."""
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


def seal(*, late: bool = False) -> list[Seal]:
    """Seal settled records, or those that turned up ``late``; return the new seals.

    Raises :class:`~audit.findings.Refused` where the records were changed.
    """
    until = timezone.now() - GRACE
    book = checked()
    made: list[Seal] = []
    while True:
        try:
            one = _seal_batch(until, late, book)
        except (Overtaken, IntegrityError):
            logger.info("another process is sealing; nothing is left to do here")
            break
        if one is None:
            break
        made.append(one)
    _tidy(book, made)
    return made


def checked() -> Book:
    """Return the journal after checking it and the seals against the head file.

    Raises :class:`~audit.findings.Refused` where they do not.
    """
    recovery.recover()
    acceptance.adopt()
    book = coverage.looked_through()
    if findings := [*recovery.head_findings(), *book.findings]:
        raise Refused(findings)
    return book


def head() -> Seal | None:
    """The newest seal."""
    return Seal.objects.order_by("-number").first()


def settled(kind: str) -> QuerySet[Any]:
    """The unsealed records of a kind with the time ``settled`` since when nothing changes them."""
    times = {
        "execution": (Execution.objects.exclude(state__in=UNFINISHED), F("ended")),
        "decision": (Decision.objects.all(), F("created")),
        "pause": (Pause.objects.all(), Coalesce("lifted_at", "until")),
        "removal": (Removal.objects.all(), F("created")),
    }
    records, time = times[kind]
    return records.filter(seal=None).annotate(settled=time).order_by("settled", "pk")


def unsealed(kind: str, last: datetime, *, late: bool) -> QuerySet[Any]:
    """Settled records that no seal holds: after the time ``last`` was said, or too late for it."""
    if late:
        # A record without a time is none that was recorded here.
        return settled(kind).filter(Q(settled__lte=last) | Q(settled=None))
    return settled(kind).filter(settled__gt=last)


def said_until() -> datetime:
    """Up to when the seals say that they have everything; 1970 before they say anything."""
    latest: datetime | None = Seal.objects.aggregate(latest=Max("until"))["latest"]
    return latest or BEFORE_ALL


def count_waiting() -> int:
    """How many executions wait for a seal, those that may still be in their grace included."""
    return settled("execution").order_by().count()


def check() -> None:
    """Check the records without sealing; shorten this machine's journal."""
    _tidy(checked(), [])


def _tidy(book: Book, made: list[Seal]) -> None:
    """Remove entries of sealed records, and shorten the head file."""
    sealed = book.sealed()
    for one in made:
        for line in one.leaves.split("\n"):
            kind, key, _ = line.split(" ")
            sealed.add((kind, key))
    journal.compact(book.own, sealed)
    with journal.file().locked():
        journal.file().compact(head_file.COMPACT_BYTES)
    journal.file().sync()


def _seal_batch(until: datetime, late: bool, book: Book) -> Seal | None:
    last, before = said_until(), head()
    keys: dict[str, list[Any]] = {}
    for kind in leaves.MODELS:
        room = BATCH - sum(map(len, keys.values()))
        due = unsealed(kind, last, late=late).exclude(settled__gt=until)
        keys[kind] = list(due.values_list("pk", flat=True)[:room])
    count = sum(map(len, keys.values()))
    if not count:
        return None
    lines, hashes = _tree(keys, book)
    new = Seal(
        number=before.number + 1 if before else 1,
        form=FORM,
        previous=before.digest() if before else NO_SEAL,
        root=merkle_root(hashes),
        count=count,
        # A full batch may have left something behind.
        until=until if count < BATCH and not late else last,
        late=late,
        key=signing.public_key(),
        leaves="\n".join(lines),
    )
    new.signature = signing.sign(new.header())
    _store(new, keys)
    return new


def _tree(keys: dict[str, list[Any]], book: Book) -> tuple[list[str], list[str]]:
    """The lines of the seal's list and the leaves in it, in the order of ``keys``."""
    lines, hashes = [], []
    for kind, some in keys.items():
        found = {one.key: one.hash for one in leaves.of_keys(kind, some, FORM)}
        if len(found) != len(some):
            raise Overtaken
        for key, leaf in found.items():
            if (kind, key) not in book.entries:
                raise Overtaken  # it came after the look; the next round decides
            if book.settled(kind, key, FORM) not in (None, leaf):
                raise Refused([Finding("changed a moment ago", record=f"{kind} {key}")])
        hashes += [found[str(key)] for key in some]
        lines += [f"{kind} {key} {found[str(key)]}" for key in some]
    return lines, hashes


def _store(new: Seal, keys: dict[str, list[Any]]) -> None:
    with recovery.durable_commits(), journal.step(durable=True) as step:
        recovery.store(new, keys)
        # Last: the records' rows may be waited for, the lock may not.
        known = step.lock()
        before = (new.number - 1, new.previous)
        if known.pending or (known.seal, known.digest) != before:
            raise Overtaken  # by another process with the same head file
        recovery.announce(new)
        step.confirmations.append(f"sealed {new.number} {new.digest()}")
