"""What the server does for the records by itself, apart from the executions: a thread.

Each round closes the records of processes that died (a ``manage.py execute`` that was
killed, say), and seals when ``AUDIT_SEAL_MINUTES`` have passed or
``AUDIT_SEAL_RECORDS`` executions wait. Nothing waits for a round, and one that
fails is logged and comes again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections

from audit import anchors, disk, seals

logger = logging.getLogger(__name__)

_ROUND_SECONDS = 30.0


def start(sweep: Callable[[], int]) -> Callable[[], None]:
    """Make rounds for as long as this process lives, or until what is returned is called,
    which waits for the round under way. ``sweep`` closes the records of the dead.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_keep_going, args=[stop, sweep], name="audit", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end


def seal() -> int:
    """Seal what is settled and anchor the new head; how many new seals there are."""
    made = seals.seal()
    anchors.keep(made)
    return len(made)


def _keep_going(stop: threading.Event, sweep: Callable[[], int]) -> None:
    last = time.monotonic()
    while not stop.wait(_ROUND_SECONDS):
        try:
            disk.watch()
            sweep()
            if _is_due(time.monotonic() - last):
                last = time.monotonic()
                seal()
        except Exception:
            logger.exception("the records could not be looked after")
        finally:
            close_old_connections()


def _is_due(seconds: float) -> bool:
    """Whether to seal now, ``seconds`` after the last time."""
    if seconds >= 60 * settings.AUDIT_SEAL_MINUTES:
        return True
    return seals.count_waiting() >= settings.AUDIT_SEAL_RECORDS
