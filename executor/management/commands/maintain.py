"""``manage.py maintain``: everything that has to be done now and then, once; for a timer.

Each step stands for itself: one that fails is told, and the others are done all the
same. What was done is kept for the server, whose metrics tell it.
"""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import known
from audit import notify, quota, retention, rounds, upkeep
from executor import dispatch
from executor.pool import reap
from ideproject import logs
from workspace import trash

logger = logging.getLogger(__name__)

_IMAGE_SECONDS = 24 * 3600.0


class Command(BaseCommand):
    help = (
        "Seal, sweep, prune and clean up, once; for cron or a systemd timer, daily or more often."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with _alone():
            steps = tuple(self._done(name, step) for name, step in STEPS.items())
            upkeep.keep(upkeep.Upkeep(timezone.now(), steps))
        if failed := [step.name for step in steps if not step.ok]:
            raise CommandError(f"These steps failed: {', '.join(failed)}. The others are done.")

    def _done(self, name: str, step: Callable[[], str]) -> upkeep.Step:
        began = time.monotonic()
        try:
            detail, ok = step(), True
        except Exception as error:  # whatever it is, the other steps are still to be done
            logger.exception("maintenance: %s failed", name)
            detail, ok = f"{type(error).__name__}: {error}", False
        self.stdout.write(f"{'ok  ' if ok else 'FAIL'}  {name:10} {detail}")
        return upkeep.Step(name, ok, detail, round(time.monotonic() - began, 3))


def _sweep() -> str:
    return f"{dispatch.sweep_lost()} records of dead servers were closed"


def _seal() -> str:
    return f"{rounds.seal()} new seals"


def _prune() -> str:
    quota.remove_old()
    removed = [
        f"{retention.prune(one, one.days)} of “{one.name}” older than {one.days} days"
        for one in retention.CATEGORIES.values()
        if one.days
    ]
    return "removed " + ", ".join(removed) if removed else "all records are kept for good"


def _strays() -> str:
    strays = reap(dispatch.executor_from_settings(pool_size=0).pool.engine)
    return f"{len(strays)} stray sandboxes removed"


def _images() -> str:
    engine = dispatch.executor_from_settings(pool_size=0).pool.engine
    return f"{len(engine.remove_old_images(_IMAGE_SECONDS))} old images removed"


def _notify() -> str:
    return f"{notify.deliver_due()} notifications delivered"


def _sessions() -> str:
    from django.contrib.sessions.models import Session

    ended, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    unused, _ = known.expired().delete()
    return f"{ended} expired sessions and {unused} networks of old log-ins removed"


def _trash() -> str:
    return f"{trash.purge()} expired entries of the trash deleted"


def _logs() -> str:
    if not settings.LOG_FILE:
        return "the log is not in a file"
    moved = logs.rotate(Path(settings.LOG_FILE), settings.LOG_FILE_BYTES, settings.LOG_FILES_KEPT)
    return "the log was moved aside" if moved else "the log is small enough"


STEPS: dict[str, Callable[[], str]] = {
    "sweep": _sweep,
    "seal": _seal,
    "prune": _prune,
    "strays": _strays,
    "images": _images,
    "notify": _notify,
    "sessions": _sessions,
    "trash": _trash,
    "logs": _logs,
}
"""In this order: what is closed can be sealed, and only what is sealed is pruned."""


@contextmanager
def _alone() -> Iterator[None]:
    """Two at once would rotate one log twice; raises ``CommandError`` while another one is on."""
    with (settings.DATA_DIR / "maintenance.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError("A maintenance is under way already; nothing was done.") from error
        yield
