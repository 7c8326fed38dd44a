"""How many files this process may have open, and how many of them may be connections."""

from __future__ import annotations

import resource
from contextlib import suppress

_OTHERS = 512
"""What is not a connection: sandboxes, the database, temporary files, the log."""


def raise_limit() -> int:
    """Raise the soft limit on open files to the hard one; return what holds afterwards."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):  # a service manager's filter may forbid the call
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        return hard
    return soft


def room_for_connections() -> int:
    """Return how many descriptors of the limit that holds now may be connections."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(soft - _OTHERS, soft // 2)
