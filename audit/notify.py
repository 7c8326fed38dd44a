"""Telling administrators: an outbox in the database, emptied apart from the executions.

:func:`tell` writes one row per channel in the transaction of what it tells, so
a notification exists exactly if its cause does. A thread of the server
(:func:`start`), or ``manage.py notify`` from cron, delivers what is due. Before
an attempt a row is claimed by moving its next try, so that several deliverers
do not send it twice; one that dies in the middle leaves it to be sent again.
A receiver knows a repetition by the ``id``.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from audit.channels import send
from audit.models import Channel, Execution, Notification, Violation

logger = logging.getLogger(__name__)

_CLAIM = timedelta(minutes=2)
"""Longer than any attempt can take."""
_LONGEST_PAUSE_SECONDS = 3600
_AT_ONCE = 50
_POLL_SECONDS = 5.0
_news = threading.Event()


def tell(
    event: str,
    execution: Execution,
    violations: Sequence[Violation],
    until: datetime | None = None,
) -> None:
    """Put a notification into the outbox, by each channel that the settings name.

    ``until`` is the end of the pause, if the event is one.
    """
    payload = {
        "event": event,
        "instance": settings.INSTANCE_NAME,
        "created": timezone.now().isoformat(),
        "execution_id": str(execution.pk),
        "user": execution.username,
        "door": execution.door,
        "paused_until": until.isoformat() if until else None,
        "violations": [_described(violation) for violation in violations],
    }
    enqueue(payload)


def enqueue(payload: dict[str, Any]) -> int:
    """Put ``payload`` into the outbox; the number of channels it goes by."""
    channels = {
        Channel.EMAIL: bool(settings.ALERT_EMAILS),
        Channel.WEBHOOK: bool(settings.ALERT_WEBHOOK_URL),
    }
    rows = [Notification(kind=kind, payload=payload) for kind, used in channels.items() if used]
    Notification.objects.bulk_create(rows)
    if rows:
        transaction.on_commit(_news.set)
    return len(rows)


def deliver_due() -> int:
    """Send what is due, each notification at most once; how many arrived.

    A channel that fails is left alone for the rest of the round. The pause
    before the next try doubles with each; after ``ALERT_ATTEMPTS`` it is given up.
    """
    return sum(_deliver_by(kind) for kind in Channel.values)


def _deliver_by(kind: str) -> int:
    """The same by one channel, whatever waits for another one."""
    due = Notification.objects.filter(kind=kind, next_try__lte=timezone.now())
    arrived = 0
    for one in due.order_by("next_try")[:_AT_ONCE]:
        if not _claimed(one):
            continue
        if not _delivered(one):
            break
        arrived += 1
    return arrived


def start() -> Callable[[], None]:
    """Deliver in the background for as long as this process lives, or until what is
    returned is called, which waits for the delivery under way.
    """
    stop = threading.Event()
    thread = threading.Thread(
        target=_keep_delivering, args=[stop], name="notifications", daemon=True
    )
    thread.start()

    def end() -> None:
        stop.set()
        _news.set()
        thread.join()

    return end


def _keep_delivering(stop: threading.Event) -> None:
    while not stop.is_set():
        _news.wait(_POLL_SECONDS)
        _news.clear()
        try:
            deliver_due()
        except Exception:
            logger.exception("notifications could not be looked through")
        finally:
            close_old_connections()


def _claimed(one: Notification) -> bool:
    same = Notification.objects.filter(pk=one.pk, next_try=one.next_try)
    one.attempts += 1
    return bool(same.update(attempts=F("attempts") + 1, next_try=timezone.now() + _CLAIM))


def _delivered(one: Notification) -> bool:
    try:
        send(one)
    except Exception as error:  # mail backends and sockets fail in many ways
        one.last_error = f"{type(error).__name__}: {error}"[:500]
        one.next_try = _next_try(one.attempts)
        given_up = one.next_try is None
        level = logging.ERROR if given_up else logging.WARNING
        fate = "given up" if given_up else "will be tried again"
        logger.log(level, "notification %s %s: %s", one.pk, fate, one.last_error)
    else:
        one.sent_at, one.next_try, one.last_error = timezone.now(), None, ""
    one.save(update_fields=["sent_at", "next_try", "last_error"])
    return one.sent_at is not None


def _next_try(attempts: int) -> datetime | None:
    if attempts >= settings.ALERT_ATTEMPTS:
        return None
    seconds = settings.ALERT_RETRY_SECONDS * 2 ** (attempts - 1)
    return timezone.now() + timedelta(seconds=min(seconds, _LONGEST_PAUSE_SECONDS))


def _described(violation: Violation) -> dict[str, Any]:
    address = reverse("admin:audit_violation_change", args=[violation.pk])
    return {
        "id": violation.pk,
        "category": violation.category,
        "rule": violation.rule,
        "severity": violation.severity,
        "message": violation.message,
        "place": violation.place,
        "dossier": f"{settings.SITE_URL}{address}",
    }
