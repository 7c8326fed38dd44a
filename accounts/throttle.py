"""How often someone may try to log in or sign up."""

from __future__ import annotations

import unicodedata

from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.core import get_usage

from accounts.addresses import address_of_request, network_of


def login_wait(request: HttpRequest | None, username: str) -> int:
    """Count an attempt to log in; the seconds to wait, 0 when it may go ahead.

    Counted for the name, against guessing one password from many places, and
    for the address, against trying one password on many names.
    """
    name = unicodedata.normalize("NFKC", username).casefold()
    by_name = rate_wait("login-name", name, settings.LOGIN_RATE)
    by_address = rate_wait("login-address", _network(request), settings.LOGIN_RATE)
    return max(by_name, by_address)


def signup_wait(request: HttpRequest) -> int:
    """Count an attempt to sign up; the seconds to wait, 0 when it may go ahead."""
    return rate_wait("signup-address", _network(request), settings.SIGNUP_RATE)


def _network(request: HttpRequest | None) -> str:
    return network_of(address_of_request(request)) if request else ""


def rate_wait(group: str, key: str, rate: str) -> int:
    """Count one of ``group`` for ``key``; whole seconds to wait, 0 when it is within ``rate``."""
    usage = get_usage(None, group=group, key=lambda *_: key, rate=rate, increment=True)
    if not usage or not usage["should_limit"]:
        return 0
    # It is the whole seconds to the last one of this period, which still counts.
    return max(0, int(usage["time_left"])) + 1
