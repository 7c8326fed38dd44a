"""Order the writes of accounts to a database with one writer at a time (SQLite).

Theory of operation
-------------------
An account has one change under way; its others wait for it and not for the database.
So a change of one account waits for at most one of each other account.

After a change the database stays free for as long as the change took, because those who
record executions look for a free moment now and then, and in no order. After a small
change that is a moment. Large changes take turns among themselves as well, and it is only
other large ones that wait for that time to pass. After its large change, an account waits
nine times as long as the change took before the next one, so it has at most a tenth of the
database's time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

_LARGE_BYTES = 1 << 18
_MOST_REST_SECONDS = 0.05
_TIMES_FOR_THE_ACCOUNT = 9


class _Account:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.here = 0
        self.free_at = 0.0


class _Timer:
    """Measures a transaction without the time for which it waited to begin."""

    def __init__(self) -> None:
        self._began: float | None = None

    def begin(self) -> None:
        self._began = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._began if self._began else 0.0


class Turns:
    """The order of writes in this process."""

    def __init__(self) -> None:
        self._accounts: dict[int, _Account] = {}
        self._counting = threading.Lock()
        self._any = threading.Lock()
        self._large = threading.Lock()
        self._large_free_at = 0.0

    @contextmanager
    def turn(self, account: int, size: int) -> Iterator[Callable[[], None]]:
        """Wait for the turn of ``account``; call what this yields when the transaction began."""
        if connection.features.has_select_for_update:
            yield lambda: None
            return
        with self._of_account(account) as own:
            timer = _Timer()
            with self._large_turn(own, timer) if size > _LARGE_BYTES else self._small_turn(timer):
                yield timer.begin

    @contextmanager
    def _small_turn(self, timer: _Timer) -> Iterator[None]:
        with self._any:
            try:
                yield
            finally:
                time.sleep(min(timer.seconds(), _MOST_REST_SECONDS))

    @contextmanager
    def _large_turn(self, own: _Account, timer: _Timer) -> Iterator[None]:
        _sleep_until(own.free_at)
        with self._large:
            _sleep_until(self._large_free_at)
            try:
                with self._any:
                    yield
            finally:
                now, took = time.monotonic(), timer.seconds()
                self._large_free_at = now + took
                own.free_at = now + _TIMES_FOR_THE_ACCOUNT * took

    @contextmanager
    def _of_account(self, account: int) -> Iterator[_Account]:
        """Hold the account's lock; remove locks that are no longer needed."""
        with self._counting:
            own = self._accounts.setdefault(account, _Account())
            own.here += 1
        try:
            with own.lock:
                yield own
        finally:
            with self._counting:
                own.here -= 1
                now = time.monotonic()
                for key, one in list(self._accounts.items()):
                    if not one.here and one.free_at <= now:
                        del self._accounts[key]


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))
