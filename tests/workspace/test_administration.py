"""The administration shows who has how much, and changes and opens nothing."""

import pytest
from django.contrib.auth.models import User

from tests.workspace.browsers import Browser, address
from workspace.models import Project, Share


@pytest.fixture
def of_dora(dora):
    return Browser(dora)


def test_projects_and_shares_are_listed_without_what_is_in_them(of_alice, of_dora):
    made = of_alice.make("Nets", {"main.c": "secret", "a.data": "1234"})
    share = of_alice.ask("POST", address(made, "shares/"), {"days": 7}).json()
    assert "/admin/workspace/project/" in of_dora.get("/admin/").content.decode()
    for kind in ("project", "share"):
        page = of_dora.get(f"/admin/workspace/{kind}/").content.decode()
        assert "Nets" in page
        assert "alice" in page
        assert "10" in page
        assert "secret" not in page
        assert share["token"] not in page


def test_nothing_can_be_opened_changed_or_deleted(of_alice, of_dora):
    made = of_alice.make()
    for action in (f"{made['id']}/change", f"{made['id']}/delete", f"{made['id']}/history"):
        assert of_dora.get(f"/admin/workspace/project/{action}/").status_code == 404
    assert of_dora.get("/admin/workspace/project/add/").status_code == 403
    form = {"action": "delete_selected", "_selected_action": made["id"], "post": "yes"}
    headers = {"X-CSRFToken": of_dora.token}
    of_dora.client.post("/admin/workspace/project/", form, headers=headers)
    assert of_alice.project(made)["name"] == "Nets"


def test_an_account_can_be_deleted_with_all_that_it_kept(of_alice, of_dora, alice):
    made = of_alice.make()
    of_alice.ask("POST", address(made, "shares/"), {"days": 7})
    page = f"/admin/auth/user/{alice.pk}/delete/"
    assert "secret" not in of_dora.get(page).content.decode()
    answer = of_dora.client.post(page, {"post": "yes"}, headers={"X-CSRFToken": of_dora.token})
    assert answer.status_code == 302
    assert not User.objects.filter(username="alice").exists()
    assert not Project.objects.exists()
    assert not Share.objects.exists()


def test_only_staff_see_the_lists(of_alice):
    assert of_alice.get("/admin/workspace/project/").status_code == 302
