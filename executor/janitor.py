"""Removes the sandboxes of a server that was killed.

A started sandbox ends by itself when its server is gone (see ``container``). One
that was created and not started yet has no process that could notice. So the
server keeps a janitor: a process in a session of its own, which does nothing but
wait for the end of a pipe that only the server holds, removes the strays then,
and ends.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from executor.container import Engine, SandboxConfig, SandboxUnavailable
from executor.pool import reap

logger = logging.getLogger(__name__)

# The engine may still be making what it was asked for last.
_ROUNDS = 8
_PAUSE_SECONDS = 0.5


def start() -> subprocess.Popen[bytes]:
    """Start the janitor of this process; it lasts as long as what this gives is kept."""
    return subprocess.Popen(
        [sys.executable, "-m", "executor.janitor"],
        stdin=subprocess.PIPE,
        cwd=Path(__file__).resolve().parent.parent,
        start_new_session=True,
    )


def leave_after(seconds: float) -> None:
    """End this process, which has been asked to stop, if it has not ended by then.

    Its threads may wait for an engine or a database that is frozen, and Python waits for them.
    """
    threading.Thread(target=_leave, args=[seconds], name="last resort", daemon=True).start()


def _leave(seconds: float) -> None:
    time.sleep(seconds)
    logger.critical(
        "The engine or the database does not answer, so this process ends without an answer. "
        "What it leaves behind is looked for at the next start."
    )
    os._exit(1)


def main() -> None:
    sys.stdin.buffer.read()
    engine = Engine(SandboxConfig())
    for _ in range(_ROUNDS):
        try:
            reap(engine)
        except SandboxUnavailable:
            return  # the next start of a server is the net behind this one
        time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    main()
