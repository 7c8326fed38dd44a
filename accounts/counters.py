"""Count the attempts of anonymous clients in a fixed amount of memory.

Theory of operation
-------------------
A counter belongs to a name, an address or a pair of both, and a client can make up
as many of these as it likes. So each kind of counter has a fixed number of buckets, and
a keyed hash chooses the bucket: without the site's secret key nobody can find two
values that share one. A bucket counts in fixed windows of time. Each kind has a cache
of its own with room for two windows; a cache in memory drops the entries that were
unused the longest, which are those of the past window.
"""

from __future__ import annotations

import time

from django.core.cache import caches
from django.utils.crypto import salted_hmac

from accounts import rates

BUCKETS = 1 << 16
"""Buckets of one kind. Two values share one by chance once in 65,536."""


def seconds_until_free(kind: str, value: str, rate: str) -> int:
    """Return the seconds until ``value`` may be counted again, 0 if it may be now.

    Counts nothing.
    """
    used, limit, left = _usage(kind, value, rate, 0)
    return left if used >= limit else 0


def count(kind: str, value: str, rate: str) -> int:
    """Count one attempt; return the seconds to wait, 0 if it is within ``rate``."""
    used, limit, left = _usage(kind, value, rate, 1)
    return left if used > limit else 0


def _usage(kind: str, value: str, rate: str, step: int) -> tuple[int, int, int]:
    """Add ``step``; return the count, its limit and the seconds left of this window."""
    limit, seconds = rates.split(rate)
    now = int(time.time())
    bucket = int(salted_hmac(f"accounts.counters.{kind}", value).hexdigest(), 16) % BUCKETS
    key = f"{bucket}:{seconds}:{now // seconds}"
    cache = caches[kind]
    # A few seconds more, so that the entry never expires between these two calls.
    cache.add(key, 0, seconds + 5)
    return cache.incr(key, step), limit, seconds - now % seconds
