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
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit import leaves, signing
from audit.canonical import FORM, NO_SEAL, merkle_root
from audit.models import UNFINISHED, Decision, Execution, Pause
from audit.sealed import Removal, Seal

logger = logging.getLogger(__name__)

BATCH = 500
"""Records of one seal at most; what a verifier holds in memory at once."""
GRACE = timedelta(seconds=60)
"""Longer than any transaction takes from reading the clock to its commit."""
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


class _Overtaken(Exception):
    """Another sealer was faster."""


def seal(*, late: bool = False) -> list[Seal]:
    """Seal what is settled and was not sealed, or what turned up ``late``; the new seals."""
    until = timezone.now() - GRACE
    made: list[Seal] = []
    while True:
        try:
            one = _seal_batch(until, late)
        except (_Overtaken, IntegrityError):
            logger.info("another process is sealing; nothing is left to do here")
            return made
        if one is None:
            return made
        made.append(one)


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


def _seal_batch(until: datetime, late: bool) -> Seal | None:
    last, before = said_until(), head()
    keys: dict[str, list[Any]] = {}
    for kind in leaves.MODELS:
        room = BATCH - sum(map(len, keys.values()))
        due = unsealed(kind, last, late=late).exclude(settled__gt=until)
        keys[kind] = list(due.values_list("pk", flat=True)[:room])
    count = sum(map(len, keys.values()))
    if not count:
        return None
    lines, hashes = _tree(keys)
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


def _tree(keys: dict[str, list[Any]]) -> tuple[list[str], list[str]]:
    """The lines of the seal's list and the leaves in it, in the order of ``keys``."""
    lines, hashes = [], []
    for kind, some in keys.items():
        found = {one.key: one.hash for one in leaves.of_keys(kind, some, FORM)}
        if len(found) != len(some):
            raise _Overtaken
        hashes += [found[str(key)] for key in some]
        lines += [f"{kind} {key} {found[str(key)]}" for key in some]
    return lines, hashes


def _store(new: Seal, keys: dict[str, list[Any]]) -> None:
    with transaction.atomic():
        new.save(force_insert=True)
        for kind, some in keys.items():
            records = leaves.MODELS[kind]._default_manager.filter(pk__in=some)
            # As in `leaves.of_keys`: found by their keys, not among all that wait.
            free = records.alias(sealed=Coalesce("seal_id", 0)).filter(sealed=0)
            if free.update(seal=new) != len(some):
                raise _Overtaken
