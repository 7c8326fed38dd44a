"""What follows from violations: administrators are told, and a person is paused.

Theory of operation
-------------------
The recorder calls :func:`follow_up` in the transaction that stores the
violations, so there is never a violation whose consequences got lost.

*Escape attempts* of ``ALERT_SEVERITY`` or graver are told at once.

*Repeated violations.* What counts is submissions, not lines: one that breaks a
dozen rules, as a pasted program may, is one act and counts once. A submission that
only repeats earlier findings (:mod:`audit.fingerprints`) does not count: its user has
not understood the message yet. When
``REPEATED_VIOLATIONS_COUNT`` of a person's submissions had a violation of
``REPEATED_VIOLATIONS_SEVERITY`` or graver within ``REPEATED_VIOLATIONS_MINUTES``,
that is a violation of its own, and the person is paused for ``PAUSE_MINUTES``.
Every door asks :func:`pause_of` before it accepts anything. A pause, whether it
ran out or was lifted, wipes the slate: what was before it never counts again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from audit import journal, notify
from audit.fingerprints import ESCAPE_ATTEMPT, fingerprints
from audit.journal import Notes
from audit.models import CountedFinding, Execution, Pause, Severity, Violation

logger = logging.getLogger(__name__)

REPEATED = "repeated_violations"


def take_turn(execution_id: str | UUID) -> None:
    """Wait for whoever else ends an execution of the same person, or deletes the account.

    To be called before the record is touched, in the same transaction: an account comes
    before its records for all who lock both. (SQLite lets one write at a time anyway.)
    """
    owner = Execution.objects.filter(pk=execution_id).values("user")
    list(User.objects.select_for_update(no_key=True).filter(pk__in=owner))


def follow_up(execution: Execution, violations: Sequence[Violation], notes: Notes) -> None:
    """Tell and pause as the new ``violations`` of ``execution`` ask for; in their transaction,
    after :func:`take_turn`.
    """
    grave = Severity.from_on(settings.ALERT_SEVERITY)
    escapes = [v for v in violations if v.category == ESCAPE_ATTEMPT and v.severity in grave]
    if escapes:
        notify.tell(ESCAPE_ATTEMPT, execution, escapes)
    counting = Severity.from_on(settings.REPEATED_VIOLATIONS_SEVERITY)
    grave_enough = [violation for violation in violations if violation.severity in counting]
    if grave_enough:
        _pause_if_repeated(execution, grave_enough, notes)


def pause_of(user: User | None) -> Pause | None:
    """The pause in which ``user`` is now; nobody in particular never is."""
    if user is None:
        return None
    on = Pause.objects.filter(user=user, lifted_at=None, until__gt=timezone.now())
    return on.order_by("-until").first()


def pause_message(pause: Pause) -> str:
    """The sentences for the person who is paused."""
    # A minute that has begun counts as a whole: at the minute named, it is over.
    until = pause.until.astimezone(UTC) + timedelta(seconds=-pause.until.timestamp() % 60)
    clock = "%H:%M" if until.date() == datetime.now(UTC).date() else "%Y-%m-%d %H:%M"
    return (
        f"Runs paused until {until:{clock}} UTC: {pause.reason} Nothing was run. "
        "If this looks like a mistake, ask an administrator to lift the pause."
    )


def refusals_left(user: User) -> int | None:
    """Return how many more refused submissions pause ``user``; None if nothing ever does."""
    most = settings.REPEATED_VIOLATIONS_COUNT
    if not most:
        return None
    counted = CountedFinding.objects.filter(user=user, created__gt=_start(user, timezone.now()))
    return max(0, most - _executions_in(counted))


def lift(pause: Pause, by: User) -> bool:
    """End a pause early. False when it was over or lifted before."""
    now = timezone.now()
    on = Pause.objects.filter(pk=pause.pk, lifted_at=None, until__gt=now)
    with journal.transaction() as notes:
        lifted = on.update(lifted_at=now, lifted_by=by, lifted_by_name=by.get_username())
        if lifted:
            notes.settled("pause", pause.pk)
    if lifted:
        logger.info("%s lifted the pause of %s", by.get_username(), pause.username)
    return bool(lifted)


def _pause_if_repeated(execution: Execution, violations: Sequence[Violation], notes: Notes) -> None:
    user, most = execution.user, settings.REPEATED_VIOLATIONS_COUNT
    if user is None or not most:
        return
    now = violations[0].created
    attempts = _attempts(execution, user, violations, now)
    if attempts >= most and pause_of(user) is None:
        pause = _pause(execution, user, now)
        notes.begun("pause", pause.pk)


def _attempts(
    execution: Execution, user: User, violations: Sequence[Violation], now: datetime
) -> int:
    """Count this execution's findings; return how many executions had a new one lately."""
    counted = CountedFinding.objects.filter(user=user)
    counted.filter(created__lte=_start(user, now)).delete()
    known = counted.values_list("fingerprint", flat=True)
    CountedFinding.objects.bulk_create(
        CountedFinding(user=user, execution_id=execution.pk, fingerprint=found, created=now)
        for found in fingerprints(execution, violations).difference(known)
    )
    return _executions_in(counted)


def _start(user: User, now: datetime) -> datetime:
    """Return the time from which findings count: the last pause starts the count anew."""
    since = now - timedelta(minutes=settings.REPEATED_VIOLATIONS_MINUTES)
    last = Pause.objects.filter(user=user).order_by("-created").first()
    return max(since, last.created) if last else since


def _executions_in(counted: QuerySet[CountedFinding]) -> int:
    return counted.order_by().values("execution_id").distinct().count()


def _pause(execution: Execution, user: User, now: datetime) -> Pause:
    reason = (
        f"{settings.REPEATED_VIOLATIONS_COUNT} refused programs in "
        f"{settings.REPEATED_VIOLATIONS_MINUTES} minutes."
    )
    violation = Violation.objects.create(
        execution=execution,
        category=REPEATED,
        rule="repeated-violations",
        severity=Severity.HIGH,
        # Without the name, which the record could never forget.
        message=f"The person's submissions are paused: {reason}",
        suggestion="Look at the person's violations; lift the pause if they meant no harm.",
        created=now,
    )
    pause = Pause.objects.create(
        user=user,
        username=user.get_username(),
        violation=violation,
        reason=reason,
        created=now,
        until=now + timedelta(minutes=settings.PAUSE_MINUTES),
    )
    logger.warning("submissions of %s are paused until %s", pause.username, pause.until)
    notify.tell(REPEATED, execution, [violation], until=pause.until)
    return pause
