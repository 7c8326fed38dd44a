"""How long records are kept, and how the person goes out of those that stay.

What leaves is said in a :class:`~audit.sealed.Removal`, signed and sealed like
everything else; the leaves of what was pruned stay in their seals, so the chain
still fits. Records that are not sealed yet, and their decisions, wait until they are.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from audit import journal, signing
from audit.alerts import REPEATED
from audit.canonical import BEGUN, FORM, FORMS, digest
from audit.fingerprints import ESCAPE_ATTEMPT
from audit.journal import Notes
from audit.models import Decision, Execution, Notification, Pause, Source, Violation
from audit.sealed import Removal, What
from audit.triggers import passage

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Category:
    """Executions that are kept equally long, by the gravest that they were refused."""

    name: str
    setting: str
    """Names the setting with the days; 0 keeps for good."""

    @property
    def days(self) -> int:
        days: int = getattr(settings, self.setting)
        return days

    def executions(self) -> QuerySet[Execution]:
        violations = Violation.objects.filter(execution=OuterRef("pk"))
        any_at_all = Exists(violations)
        grave = Exists(violations.filter(category__in=(ESCAPE_ATTEMPT, REPEATED)))
        conditions = {
            "clean": ~any_at_all,
            "violations": Q(any_at_all) & ~grave,
            "escapes": Q(grave),
        }
        return Execution.objects.filter(conditions[self.name])


CATEGORIES = {
    name: Category(name, setting)
    for name, setting in (
        ("clean", "AUDIT_KEEP_DAYS"),
        ("violations", "AUDIT_KEEP_VIOLATIONS_DAYS"),
        ("escapes", "AUDIT_KEEP_ESCAPES_DAYS"),
    )
}


def prune(category: Category, days: int) -> int:
    """Remove the sealed executions of a category that ended more than ``days`` ago, with all that
    hangs on them, and sources that nobody needs any more; how many executions there were.
    """
    before = timezone.now() - timedelta(days=days)
    why = f"kept for {days} days: {category.name}"
    removed = 0
    while keys := _due(category, before):
        _remove(keys, why)
        removed += len(keys)
    _remove_sources()
    return removed


def forget(user: User) -> str:
    """Take a person out of all records, which stay; their pseudonym in them, or "" without any.

    For an account that is about to be deleted; in the caller's transaction, if there is one.
    """
    pseudonym = f"deleted-{secrets.token_hex(6)}"
    groups: dict[str, QuerySet[Any]] = {
        "execution": Execution.objects.filter(user=user),
        "pause": Pause.objects.filter(user=user),
    }
    with journal.transaction() as notes, passage():
        # From here on nothing new of theirs can be recorded, which would keep their name.
        list(User.objects.select_for_update().filter(pk=user.pk))
        by_seal = list(_by_seal(groups))
        for kind, records in groups.items():
            for record in records.select_related("seal").defer("seal__leaves").iterator(_AT_ONCE):
                _forget(record, kind, pseudonym)
        for seal, names in by_seal:
            store(
                notes,
                Removal(
                    what=What.FORGOTTEN,
                    why="the account was deleted",
                    from_seal=seal,
                    records="\n".join(names),
                    pseudonym=pseudonym,
                ),
            )
        for notification in Notification.objects.filter(payload__user=user.get_username()):
            notification.payload["user"] = pseudonym
            notification.save(update_fields=["payload"])
    return pseudonym if by_seal else ""


def person_goes(instance: User, **_: Any) -> None:
    """Receives ``pre_delete`` of an account, in the transaction that deletes it."""
    forget(instance)


def _forget(record: Any, kind: str, pseudonym: str) -> None:
    """Replace what is personal by commitments to what it was, in the forms that cover it."""
    shapes = [FORMS[record.seal.form if record.seal else FORM][kind]]
    if not record.seal:
        shapes.append(BEGUN[FORM][kind])
    commitments = {}
    for shape in shapes:
        opening = {name: getattr(record, name) for name in (*shape.personal, "salt")}
        commitments[shape.commitment] = digest(opening)
    erased = FORMS[FORM][kind].personal
    texts = {name: "" for name in erased if name not in ("user_id", "username")}
    same: QuerySet[Any] = type(record).objects.filter(pk=record.pk)
    same.update(**texts, **commitments, user=None, username=pseudonym, salt="")


def _due(category: Category, before: datetime) -> list[Any]:
    """Some of the executions to prune: not those on which something unsealed hangs."""
    # As lists, asked for once: for each execution anew, SQLite goes through all that is unsealed.
    decisions = Decision.objects.filter(seal=None).values("violation__execution")
    pauses = Pause.objects.filter(seal=None).values("violation__execution")
    due = category.executions().filter(seal__isnull=False, ended__lt=before)
    due = due.exclude(pk__in=decisions).exclude(pk__in=pauses)
    return list(due.order_by("ended").values_list("pk", flat=True)[:_AT_ONCE])


def _remove(keys: list[Any], why: str) -> None:
    of_these = Q(violation__execution__in=keys)
    groups: dict[str, QuerySet[Any]] = {
        "pause": Pause.objects.filter(of_these),
        "decision": Decision.objects.filter(of_these),
        "execution": Execution.objects.filter(pk__in=keys),
    }
    with journal.transaction() as notes, passage():
        for seal, names in _by_seal(groups):
            records = "\n".join(names)
            store(notes, Removal(what=What.PRUNED, why=why, from_seal=seal, records=records))
        groups["pause"].delete()
        groups["decision"].delete()
        Violation.objects.filter(execution__in=keys).delete()
        groups["execution"].delete()


def _by_seal(groups: dict[str, QuerySet[Any]]) -> Iterator[tuple[int | None, list[str]]]:
    """``kind key`` of the records, by the number of their seal; None: in none yet."""
    names: dict[int | None, list[str]] = {}
    for kind, records in groups.items():
        for key, seal in records.order_by("seal", "pk").values_list("pk", "seal"):
            names.setdefault(seal, []).append(f"{kind} {key}")
    yield from names.items()


def store(notes: Notes, removal: Removal) -> None:
    """Sign a removal and store it."""
    removal.key = signing.public_key()
    removal.signature = signing.sign(removal.statement())
    removal.save(force_insert=True)
    notes.settled("removal", removal.pk)


def _remove_sources() -> None:
    """Remove the sources that were for pruned records only.

    One that is sent again at this very moment is kept by its foreign key, or its
    submission is refused as one that could not be recorded.
    """
    needed = Execution.objects.filter(source=OuterRef("pk"))
    with transaction.atomic():
        Source.objects.filter(~Exists(needed)).delete()
