"""Log-in and sign-up while a minute lasts."""

from types import SimpleNamespace

import pytest

from accounts import counters


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch):
    """Rates count by the clock's minutes: one could end between a test's attempts."""
    monkeypatch.setattr(counters, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
