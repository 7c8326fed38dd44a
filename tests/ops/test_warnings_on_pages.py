"""Administrators see at the foot of their pages what to do about the image; nobody else does."""

from datetime import UTC, datetime, timedelta

import pytest

from executor import image_watch
from executor.image import Freshness

pytestmark = pytest.mark.django_db

OLD = Freshness(datetime.now(UTC) - timedelta(days=40), "Debian 12", datetime.max.date())
PAGES = ["/", "/admin/", "/admin/audit/execution/"]


@pytest.fixture
def seen(monkeypatch):
    return lambda image: monkeypatch.setattr(image_watch._watch, "image", image)


@pytest.mark.parametrize("address", PAGES)
def test_an_administrator_is_warned_on_every_page(client, dora, seen, address):
    client.force_login(dora)
    seen(OLD)
    assert "40 days old" in client.get(address).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_fresh_image_and_one_not_looked_at_yet_are_not_spoken_of(client, dora, seen, address):
    client.force_login(dora)
    for image in (None, Freshness(datetime.now(UTC), "Debian 12", datetime.max.date())):
        seen(image)
        assert "image-warning" not in client.get(address).content.decode()


def test_others_are_not_warned(client, alice, seen):
    client.force_login(alice)
    seen(OLD)
    assert "40 days old" not in client.get("/").content.decode()


def test_whoever_is_not_logged_in_is_not_warned(client, seen):
    seen(OLD)
    for address in ("/accounts/login/", "/admin/login/"):
        assert "40 days old" not in client.get(address).content.decode()
