"""Where a submission goes: to this process's own pool, or to workers on any machine.

Two that look alike: :class:`executor.local.Dispatcher` runs here, and is what a
site has unless ``REDIS_URL`` is set; :class:`executor.cluster.Dispatcher` hands
on. The doors know only what both have: ``submit`` a submission, ``find`` an
execution of one's own, ``use_tool``, and of an execution that lives, ``follow``
and ``control``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from executor import local
from executor.admission import (
    Refused,
    Sender,
    audit_unavailable,
    executor_from_settings,
    policy_from_settings,
    record,
    record_began,
    refuse,
    server_id,
    sweep_lost,
)
from executor.local import Dispatcher

if TYPE_CHECKING:
    from executor import cluster

__all__ = [
    "Dispatcher",
    "Refused",
    "Sender",
    "audit_unavailable",
    "close",
    "current",
    "executor_from_settings",
    "policy_from_settings",
    "record",
    "record_began",
    "refuse",
    "server_id",
    "sweep_lost",
]

_current: local.Dispatcher | cluster.Dispatcher | None = None


def current() -> local.Dispatcher | cluster.Dispatcher:
    """This process's dispatcher, made on first use inside the event loop."""
    global _current
    if _current is None:
        _current = _of_the_cluster() if settings.REDIS_URL else local.Dispatcher()
        _current.start()
    return _current


def _of_the_cluster() -> cluster.Dispatcher:
    # Only here, because a site on one machine has neither Redis nor Celery.
    from executor import cluster

    return cluster.Dispatcher()


async def close() -> None:
    """End the process's dispatcher, if it has one; it stays, and refuses what comes later."""
    if _current is not None:
        await _current.shutdown()
