"""The group “security reviewers”: what its members see, and that it is all they see."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from audit import alerts
from audit.access import pauses_visible_to, reviewable_by
from audit.models import Pause, Review, Violation

PAGES = ["/admin/audit/execution/", "/admin/audit/violation/", "/admin/audit/pause/"]


@pytest.fixture
def alice(alice):
    """Alice, trusted to review."""
    alice.groups.add(Group.objects.get(name="security reviewers"))
    alice.is_staff = True
    alice.save()
    return alice


@pytest.fixture
def visitor(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def paused(refuse, bob, settings):
    """A pause of bob's."""
    settings.REPEATED_VIOLATIONS_COUNT = 1
    refuse(bob)
    return alerts.pause_of(bob)


@pytest.mark.django_db
def test_the_group_has_exactly_its_four_rights():
    group = Group.objects.get(name="security reviewers")
    rights = group.permissions.values_list("content_type__app_label", "codename")
    assert set(rights) == {
        ("audit", "view_execution"),
        ("audit", "view_violation"),
        ("audit", "review_violation"),
        ("audit", "lift_pause"),
    }


def test_a_reviewer_sees_three_kinds_of_pages(visitor, paused):
    index = visitor.get("/admin/")
    models = [model["admin_url"] for app in index.context["app_list"] for model in app["models"]]
    assert sorted(models) == sorted(PAGES)
    for page in PAGES:
        assert visitor.get(page).status_code == 200
    for page in (
        f"/admin/audit/execution/{paused.violation.execution_id}/change/",
        f"/admin/audit/violation/{paused.violation_id}/change/",
        f"/admin/audit/pause/{paused.pk}/change/",
        "/admin/audit/violation/export.csv",
    ):
        assert visitor.get(page).status_code == 200


def test_a_reviewer_sees_nothing_else_of_the_admin(visitor):
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    assert len(lists) > len(PAGES)
    for address in set(lists) - set(PAGES):
        assert visitor.get(address).status_code == 403, address
        assert visitor.get(f"{address}add/").status_code == 403, address


def test_a_reviewer_decides_and_lifts(visitor, paused, bob):
    address = f"/admin/audit/violation/{paused.violation_id}/change/"
    visitor.post(address, {"state": "dismissed", "note": "He asked first."})
    assert Violation.objects.get(pk=paused.violation_id).state == Review.DISMISSED
    assert "Lift the pause" in visitor.get(address).content.decode()
    lifting = {"violation": paused.violation_id}
    answer = visitor.post(f"/admin/audit/pause/{paused.pk}/lift/", lifting)
    assert answer.headers["Location"] == address
    assert alerts.pause_of(bob) is None
    assert "Lift the pause" not in visitor.get(address).content.decode()


def test_several_pauses_are_lifted_from_the_list(visitor, paused, bob):
    chosen = {"action": "lift_selected", "_selected_action": [paused.pk]}
    assert "1 lifted." in visitor.post(PAGES[2], chosen, follow=True).content.decode()
    assert alerts.pause_of(bob) is None


def test_nothing_about_a_pause_can_be_edited(visitor, paused):
    before = Pause.objects.values().get()
    change = {"until_0": "2020-01-01", "until_1": "00:00:00", "username": "x"}
    assert visitor.post(f"{PAGES[2]}{paused.pk}/change/", change).status_code == 403
    assert visitor.post(f"{PAGES[2]}{paused.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Pause.objects.values().get() == before


def test_lifting_takes_a_form_and_the_right(visitor, paused, client, charlie, bob):
    address = f"/admin/audit/pause/{paused.pk}/lift/"
    assert visitor.get(address).status_code == 405
    assert visitor.post("/admin/audit/pause/999/lift/").status_code == 404
    client.force_login(charlie)
    assert client.post(address).status_code == 302, "to the log-in page"
    charlie.is_staff = True
    charlie.save()
    assert client.post(address).status_code == 403
    assert alerts.pause_of(bob)


def test_the_group_alone_without_being_staff_shows_and_allows_nothing(visitor, paused, alice):
    alice.is_staff = False
    alice.save()
    for page in PAGES:
        assert visitor.get(page).status_code == 302
    assert not reviewable_by(alice).exists()
    assert not pauses_visible_to(alice).exists()


@pytest.mark.django_db
def test_every_page_of_the_administration_leads_whoever_may_see_it_to_the_dashboard(
    visitor, client, bob
):
    address = reverse("admin:audit_dashboard")
    for page in ["/admin/", *PAGES]:
        assert f'href="{address}"' in visitor.get(page).content.decode(), page
    bob.is_staff = True
    bob.save()
    client.force_login(bob)
    assert address not in client.get("/admin/").content.decode()
