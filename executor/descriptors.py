"""The limit on open files, and the share of it for connections."""

from __future__ import annotations

import resource
from contextlib import suppress

_OTHERS = 512
"""Descriptors for sandboxes, the database, temporary files and the log."""


def raise_limit() -> int:
    """Raise the soft limit on open files to the hard one; return the new limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):  # a service manager's filter may forbid the call
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        return hard
    return soft


def room_for_connections() -> int:
    """Return how many descriptors of the current limit connections may use."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(soft - _OTHERS, soft // 2)
