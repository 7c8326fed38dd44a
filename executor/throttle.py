"""How often a person may submit, the same for every door; how fast and how many sockets may be."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Hashable

from django.conf import settings
from django.contrib.auth.models import User

from accounts import rates
from accounts.throttle import rate_wait
from executor import metrics

logger = logging.getLogger(__name__)

# Each one reads the record, or sends a whole history again.
ATTACH_RATE = "20/m"

# Of one account's messages: far more than keys pressed and windows dragged can be.
MESSAGES_PER_SECOND = 200.0
MESSAGES_AT_ONCE = 1000.0
# A large message is worth several: reading JSON of this size takes as long as all else of one.
BYTES_PER_MESSAGE = 1 << 16
# So many refused ones, and nobody is there who listens to the answers.
MOST_REFUSED = 2000


class Budget:
    """Messages that an account may send: a bucket that fills by itself."""

    def __init__(self) -> None:
        self._left = MESSAGES_AT_ONCE
        self._at = time.monotonic()
        self.refused = 0
        """Since it was half full the last time."""

    def take(self, size: int) -> bool:
        """Take for one message of ``size`` bytes or characters; False when nothing is left."""
        self._fill()
        if self._left <= 0:
            self.refused += 1
            return False
        # May leave a debt, or a large message would never be allowed.
        self._left -= 1 + size / BYTES_PER_MESSAGE
        return True

    def is_full(self) -> bool:
        """Whether it is as good as a new one."""
        self._fill()
        return self._left >= MESSAGES_AT_ONCE

    def _fill(self) -> None:
        now = time.monotonic()
        gained = (now - self._at) * MESSAGES_PER_SECOND
        self._left = min(MESSAGES_AT_ONCE, self._left + gained)
        self._at = now
        if self._left > MESSAGES_AT_ONCE / 2:
            self.refused = 0


class Headcount:
    """How many are there under each name, at most ``most``."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._there: Counter[Hashable] = Counter()

    def enter(self, name: Hashable) -> bool:
        """Count one more; False, and nothing counted, where there are enough."""
        if self._there[name] >= self._most:
            return False
        self._there[name] += 1
        return True

    def leave(self, name: Hashable) -> None:
        """Count one less, of those that entered."""
        self._there[name] -= 1
        if not self._there[name]:
            del self._there[name]

    def __contains__(self, name: Hashable) -> bool:
        return name in self._there


def submission_wait(user: User) -> int:
    """Count one submission; whole seconds to wait, 0 when it may go ahead.

    Counts by account, not by address: a classroom shares one. Raises whatever
    the cache raises; the caller must refuse then. Waits for a cache that is away, so not
    in the thread that asks the database for everybody.
    """
    wait = _wait(user, "submission", settings.RUN_RATE)
    if wait:
        metrics.submission_refused("rate-limited")
    return wait


def attach_wait(user: User) -> int:
    """The same for one ``attach``."""
    return _wait(user, "attach", ATTACH_RATE)


def tool_wait(user: User) -> int:
    """The same for one use of a tool: check, assembly, format."""
    return _wait(user, "tool", settings.TOOL_RATE)


def _wait(user: User, group: str, rate: str) -> int:
    return rate_wait(group, f"user:{user.pk}", rate)


def submission_wait_message(seconds: int) -> str:
    """The sentence for a person who has to wait before the next run."""
    return (
        f"You ran {_told(settings.RUN_RATE, 'program')}. You can run again in {_plural(seconds)}."
    )


def attach_wait_message(seconds: int) -> str:
    return (
        f"You came back to running programs {_told(ATTACH_RATE, 'time')}. "
        f"You can try again in {_plural(seconds)}."
    )


def tool_wait_message(seconds: int) -> str:
    return (
        f"The editor asked the server {_told(settings.TOOL_RATE, 'time')}. "
        f"It can ask again in {_plural(seconds)}."
    )


def _told(rate: str, what: str) -> str:
    """``20/m`` of programs is “20 programs in a minute, the limit”."""
    return f"{_plural(rates.split(rate)[0], what)} in {rates.period_words(rate)}, the limit"


def _plural(count: int, what: str = "second") -> str:
    return rates.plural(count, what)
