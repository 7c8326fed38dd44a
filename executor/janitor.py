"""Removes the sandboxes of a server that was killed.

A started sandbox ends by itself when its server is gone (see ``container``). One
that was created and not started yet has no process that could notice. So the
server keeps a janitor: a process in a session of its own, which does nothing but
wait for the end of a pipe that only the server holds, removes the strays then,
and ends.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from executor.container import Engine, SandboxConfig, SandboxUnavailable
from executor.pool import reap

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
