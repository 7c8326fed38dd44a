"""Rates such as ``20/m`` or ``300/15m``: their parts, and their words on screen."""

from __future__ import annotations

import math

_UNITS = {"s": (1, "second"), "m": (60, "minute"), "h": (3600, "hour"), "d": (86400, "day")}


def split(rate: str) -> tuple[int, int]:
    """Return the limit and the period in seconds."""
    limit, _, period = rate.partition("/")
    return int(limit), int(period[:-1] or 1) * _UNITS[period[-1]][0]


def period_words(rate: str) -> str:
    """Return the period as it follows “in”: “a minute”, “15 minutes”."""
    period = rate.partition("/")[2]
    unit = _UNITS[period[-1]][1]
    number = int(period[:-1] or 1)
    if number != 1:
        return plural(number, unit)
    return f"an {unit}" if unit == "hour" else f"a {unit}"


def waiting_words(seconds: int) -> str:
    """Return a waiting time; minutes from two minutes on, rounded up."""
    return plural(seconds, "second") if seconds < 120 else plural(math.ceil(seconds / 60), "minute")


def plural(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
