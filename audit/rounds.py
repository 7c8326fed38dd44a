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
from functools import partial

from django.conf import settings
from django.db import close_old_connections

from audit import alarm, anchors, disk, journal, seals
from audit.findings import Refused

logger = logging.getLogger(__name__)

_ROUND_SECONDS = 30.0


def start(sweep: Callable[[], int], *, sealing: bool = True) -> Callable[[], None]:
    """Make rounds for as long as this process lives, or until what is returned is called,
    which waits for the round under way. ``sweep`` closes the records of the dead.

    Without ``sealing``, the rounds only look after this machine's journal.
    """
    stop = threading.Event()
    look = seal if sealing else check
    thread = threading.Thread(
        target=_keep_going, args=[stop, sweep, look], name="audit", daemon=True
    )
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end


def seal() -> int:
    """Seal settled records and anchor the new head; return the number of new seals.

    Raises :class:`~audit.findings.Refused`, after the alarm, where the records were changed.
    """
    with alarm.watching():
        made = seals.seal()
    anchors.keep(made)
    return len(made)


def check() -> int:
    """Compare the records with the head file and the journal, as :func:`seal` does."""
    with alarm.watching():
        seals.check()
    return 0


def _keep_going(stop: threading.Event, sweep: Callable[[], int], look: Callable[[], int]) -> None:
    last = time.monotonic()
    _do(look)  # at once: a crash may have left something, and so may an older version
    while not stop.wait(_ROUND_SECONDS):
        _do(disk.watch)
        _do(sweep)
        _do(journal.file().sync)
        seconds = time.monotonic() - last
        if _do(partial(_is_due, seconds)):
            last += seconds
            _do(look)


def _do(one: Callable[[], int | None]) -> int:
    try:
        return one() or 0
    except Refused:
        logger.error("the records were not sealed")
    except Exception:
        logger.exception("the records could not be looked after")
    finally:
        close_old_connections()
    return 0


def _is_due(seconds: float) -> bool:
    """Whether to seal now, ``seconds`` after the last time."""
    if seconds >= 60 * settings.AUDIT_SEAL_MINUTES:
        return True
    # While the alarm is on, more and more waits, and a look takes longer and longer.
    return not alarm.current() and seals.count_waiting() >= settings.AUDIT_SEAL_RECORDS
