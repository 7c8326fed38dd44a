"""How often a person may submit, the same for every door."""

from __future__ import annotations

import logging
import math

from django.conf import settings
from django.contrib.auth.models import User
from django_ratelimit.core import get_usage

from executor import metrics

logger = logging.getLogger(__name__)


# Each one sends a whole history again, which a client that does not read lets pile up here.
ATTACH_RATE = "20/m"


def submission_wait(user: User) -> int:
    """Count one submission; whole seconds to wait, 0 when it may go ahead.

    Counts by account, not by address: a classroom shares one. Raises whatever
    the cache raises; the caller must refuse then.
    """
    wait = _wait(user, "submission", settings.RUN_RATE)
    if wait:
        metrics.submission_refused("rate-limited")
    return wait


def attach_wait(user: User) -> int:
    """The same for one ``attach``."""
    return _wait(user, "attach", ATTACH_RATE)


def _wait(user: User, group: str, rate: str) -> int:
    usage = get_usage(
        None,
        group=group,
        key=lambda group, request: f"user:{user.pk}",
        rate=rate,
        increment=True,
    )
    if not usage or not usage["should_limit"]:
        return 0
    seconds: float = usage["time_left"]
    return max(1, math.ceil(seconds))


def wait_message(seconds: int) -> str:
    """The sentence for a person who has to wait."""
    count, _, period = settings.RUN_RATE.partition("/")
    unit = {"s": "a second", "m": "a minute", "h": "an hour", "d": "a day"}[period[-1]]
    time = f"{period[:-1]} {unit.split()[1]}s" if period[:-1] else unit
    return (
        f"You ran {count} program{'s' * (count != '1')} in {time}, the limit. "
        f"You can run again in {seconds} second{'s' * (seconds != 1)}."
    )
