"""Limit how often clients try to log in or sign up; ``docs/decisions/0070`` has the reasons.

An attempt to log in counts for the pair of name and network. From a network that is
new to the account it counts for the network and for the name as well. A refused
attempt counts for nothing else, so an attacker cannot use up a limit of others with it.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.core import get_usage

from accounts import counters, known, rates
from accounts.addresses import address_of_request, network_of

# Of networks; by chance, two share one. Python's hash of a text differs in each process.
_checks = [threading.Lock() for _ in range(256)]


@dataclass(frozen=True, slots=True)
class Wait:
    """A refused attempt: the seconds until the next one, and the limit that it met."""

    seconds: int
    scope: str
    rate: str

    def sentence(self, doing: str) -> str:
        """Return the sentence for the user; ``doing`` completes “Too many attempts to …”."""
        limit = f"{rates.split(self.rate)[0]} in {rates.period_words(self.rate)} is the limit"
        return (
            f"Too many attempts to {doing} {self.scope} ({limit}). "
            f"Try again in {rates.waiting_words(self.seconds)}."
        )


def login_wait(request: HttpRequest | None, username: str) -> Wait | None:
    """Count an attempt to prove a password; return the wait, None if it may go ahead."""
    network = _network(request)
    name = unicodedata.normalize("NFKC", username).casefold()
    is_known = known.is_known(username, network)
    by_network = settings.LOGIN_ADDRESS_RATE
    if not is_known and (
        seconds := counters.seconds_until_free("login-network", network, by_network)
    ):
        return Wait(seconds, "from your network", by_network)
    if seconds := counters.count("login-pair", f"{network}\0{name}", settings.LOGIN_RATE):
        return Wait(seconds, "with this name from your network", settings.LOGIN_RATE)
    if is_known:
        return None
    if seconds := counters.count("login-network", network, by_network):
        return Wait(seconds, "from your network", by_network)
    if seconds := counters.count("login-name", name, settings.LOGIN_NAME_RATE):
        scope = "with this name from networks where it was not used before"
        return Wait(seconds, scope, settings.LOGIN_NAME_RATE)
    return None


@contextmanager
def one_at_a_time(request: HttpRequest | None) -> Iterator[None]:
    """Let one password of a network be checked at a time.

    Checking one takes a quarter of a second of a core on purpose. All that a network may
    try at once would otherwise keep every core busy for a minute.
    """
    with _checks[hash(_network(request)) % len(_checks)]:
        yield


def signup_wait(request: HttpRequest) -> Wait | None:
    """Count an attempt to sign up; return the wait, None if it may go ahead."""
    rate = settings.SIGNUP_RATE
    seconds = counters.count("signup-network", _network(request), rate)
    return Wait(seconds, "from your network", rate) if seconds else None


def _network(request: HttpRequest | None) -> str:
    return network_of(address_of_request(request)) if request else ""


def rate_wait(group: str, key: str, rate: str) -> int:
    """Count one of ``group`` for ``key``; whole seconds to wait, 0 when it is within ``rate``."""
    usage = get_usage(None, group=group, key=lambda *_: key, rate=rate, increment=True)
    if not usage or not usage["should_limit"]:
        return 0
    # It is the whole seconds to the last one of this period, which still counts.
    return max(0, int(usage["time_left"])) + 1
