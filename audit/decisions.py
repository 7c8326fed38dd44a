"""What reviewers decide about violations: the one thing about a record that changes."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from audit import journal
from audit.models import Decision, Violation


def decide(violations: QuerySet[Violation], reviewer: User, state: str, note: str) -> int:
    """Set the state of each of ``violations``; how many there were.

    Whether ``reviewer`` may is the caller's to know; see ``access.reviewable_by``.
    """
    name = reviewer.get_username()
    with journal.transaction() as notes:
        # Two reviewers at once are one after the other, in time as well: the last decision by
        # its time is the one that the violation says, or verifying would find a forgery.
        keys = list(violations.order_by("pk").values_list("pk", flat=True))
        locked = Violation.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        keys = list(locked.values_list("pk", flat=True))
        now = timezone.now()
        made = Decision.objects.bulk_create(
            Decision(
                violation_id=key,
                state=state,
                note=note,
                reviewer=reviewer,
                reviewer_name=name,
                created=now,
            )
            for key in keys
        )
        notes.settled("decision", *(one.pk for one in made))
        return Violation.objects.filter(pk__in=keys).update(
            state=state, note=note, reviewer=reviewer, reviewer_name=name, reviewed_at=now
        )
