"""Whether there is room for more records: the reserve of free disk, ``DISK_RESERVE_BYTES``.

This module checks the file system of ``DATA_DIR``, which holds the database, the keys and what the
server writes besides. With PostgreSQL the database is elsewhere, and its own file system cannot
be seen from here: what watches PostgreSQL has to watch that.

Under the reserve only superusers run and save anything, so that there is room to clear up.
Administrators are warned at twice the reserve: on their pages, and once by each channel.
"""

from __future__ import annotations

import logging
import os
import time

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from audit import notify
from audit.canonical import moment

logger = logging.getLogger(__name__)

_SECONDS = 5.0
"""How long one look is good for."""
_looked: tuple[float, int] | None = None
_told = False


def free_bytes() -> int:
    """Return the free bytes of the file system; the value is at most a few seconds old."""
    global _looked
    now = time.monotonic()
    if _looked is None or now - _looked[0] > _SECONDS:
        found = os.statvfs(settings.DATA_DIR)
        _looked = (now, found.f_bavail * found.f_frsize)
    return _looked[1]


def is_refused(user: User | None) -> bool:
    """Return whether the reserve forbids storing anything for ``user``."""
    if user is not None and user.is_superuser:
        return False
    return free_bytes() < settings.DISK_RESERVE_BYTES


def message() -> str:
    """Return the sentences for a refused user."""
    return (
        "The server's disk is nearly full, so nothing was run or saved. "
        f"The server keeps {_shown(settings.DISK_RESERVE_BYTES)} free as a reserve. "
        "Try again after an administrator has freed some space."
    )


def warning() -> str:
    """Return the warning for administrators; empty while there is room."""
    free, reserve = free_bytes(), settings.DISK_RESERVE_BYTES
    if free >= 2 * reserve:
        return ""
    return (
        f"The server's disk is nearly full: {_shown(free)} free. Below {_shown(reserve)} "
        "(DISK_RESERVE_BYTES), users can neither run nor save anything. "
        "Free some space, or keep records for fewer days (AUDIT_KEEP_DAYS)."
    )


def watch() -> None:
    """Notify administrators once when the disk fills up, and again only after there was room."""
    global _told
    words = warning()
    if words and not _told:
        logger.warning("%s", words)
        notify.enqueue(
            {
                "event": "disk",
                "instance": settings.INSTANCE_NAME,
                "created": moment(timezone.now()),
                "execution_id": "",
                "user": "",
                "door": "",
                "paused_until": None,
                "violations": [],
                "disk": words,
            }
        )
        _told = True
    elif free_bytes() > 3 * settings.DISK_RESERVE_BYTES:
        _told = False  # not at every step across the line


def _shown(count: int) -> str:
    return f"{count / (1 << 20):,.0f} MB"
