"""The administration shows who has how much, and changes and opens nothing."""

import pytest

from tests.workspace.conftest import Browser, address


@pytest.fixture
def of_dora(dora):
    return Browser(dora)


def test_projects_and_shares_are_listed_without_what_is_in_them(of_alice, of_dora):
    made = of_alice.make("Nets", {"main.c": "secret", "a.data": "1234"})
    share = of_alice.ask("POST", address(made, "shares/"), {"days": 7}).json()
    for kind in ("project", "share"):
        page = of_dora.get(f"/admin/workspace/{kind}/").content.decode()
        assert "Nets" in page
        assert "alice" in page
        assert "10" in page
        assert "secret" not in page
        assert share["token"] not in page


def test_nothing_can_be_opened_changed_or_deleted(of_alice, of_dora):
    made = of_alice.make()
    for action in ("change", "delete"):
        page = of_dora.get(f"/admin/workspace/project/{made['id']}/{action}/")
        assert page.status_code in (302, 403)
    assert of_dora.get("/admin/workspace/project/add/").status_code == 403


def test_only_staff_see_the_lists(of_alice):
    assert of_alice.get("/admin/workspace/project/").status_code == 302
