"""Who has to wait is told how long, to the second."""

from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django_ratelimit import core

from accounts import counters
from accounts.throttle import login_wait
from executor.throttle import submission_wait


@pytest.fixture
def clock(monkeypatch):
    """The one that the rates are counted by."""
    at = SimpleNamespace(seconds=1_800_000_000.0)
    for module in (core, counters):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: at.seconds))
    return at


@pytest.fixture(params=["1/m", "1/10s"])
def rate(request, settings):
    settings.RUN_RATE = settings.LOGIN_RATE = request.param


def moments(clock):
    """Sixty of them, each with nothing counted yet."""
    for _ in range(60):
        for cache in caches.all():
            cache.clear()
        clock.seconds += 1.25
        yield


@pytest.mark.usefixtures("rate")
def test_after_the_seconds_that_were_told_and_no_sooner_the_next_program_is_taken(alice, clock):
    for _ in moments(clock):
        assert submission_wait(alice) == 0
        clock.seconds += submission_wait(alice) - 1
        assert submission_wait(alice) == 1
        clock.seconds += 1
        assert submission_wait(alice) == 0


@pytest.mark.usefixtures("rate")
def test_log_in_is_tried_after_the_announced_seconds_and_no_sooner(db, clock):
    for _ in moments(clock):
        assert login_wait(None, "alice") is None
        clock.seconds += login_wait(None, "alice").seconds - 1
        assert login_wait(None, "alice").seconds == 1
        clock.seconds += 1
        assert login_wait(None, "alice") is None
