"""End a process that cannot stop because an engine or a database is frozen."""

from __future__ import annotations

import logging
import os
import threading
import time

logger = logging.getLogger(__name__)


def leave_after(seconds: float) -> None:
    """End this process, which has been asked to stop, unless it ends in time by itself.

    Its threads may wait for an engine or a database that is frozen, and Python waits for them.
    """
    threading.Thread(target=_leave, args=[seconds], name="last resort", daemon=True).start()


def _leave(seconds: float) -> None:
    time.sleep(seconds)
    logger.critical(
        "The engine or the database does not answer, so this process ends without an answer. "
        "The next start cleans up what it leaves behind."
    )
    os._exit(1)
