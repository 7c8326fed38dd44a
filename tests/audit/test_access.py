from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User

from audit import recorder
from audit.access import execution_visible_to, executions_visible_to, violations_visible_to


@pytest.fixture
def clerk(db):
    """Staff who may view executions and nothing else."""
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_execution"))
    return clerk


def test_people_see_their_own_executions_and_no_others(record, alice, bob):
    hers, his = record(user=alice), record(user=bob)
    assert list(executions_visible_to(alice)) == [hers]
    assert execution_visible_to(alice, str(hers.pk)) == hers
    assert execution_visible_to(alice, his.pk) is None


def test_not_yours_not_there_and_not_an_id_look_alike(record, alice, bob):
    his = record(user=bob)
    answers = [execution_visible_to(alice, key) for key in (his.pk, uuid4(), "x", "", "../1")]
    assert answers == [None] * 5


def test_staff_see_all_only_with_the_permission_to(record, alice, clerk):
    record(user=alice)
    newcomer = User.objects.create_user("newcomer", is_staff=True)
    assert executions_visible_to(clerk).count() == 1
    assert executions_visible_to(newcomer).count() == 0


def test_the_permission_without_being_staff_shows_nothing(record, alice, clerk):
    record(user=alice)
    clerk.is_staff = False
    assert executions_visible_to(clerk).count() == 0


def test_nobody_and_the_deactivated_see_nothing(record, alice):
    record(user=alice)
    record(user=None)
    alice.is_active = False
    assert executions_visible_to(alice).count() == 0
    assert executions_visible_to(AnonymousUser()).count() == 0


def test_violations_are_listed_for_those_who_may_view_them(
    record, outcome, violation, alice, clerk, dora
):
    recorder.ended(record(user=alice).pk, outcome(violations=[violation()]))
    assert violations_visible_to(dora).count() == 1
    for person in (alice, clerk, AnonymousUser()):
        assert violations_visible_to(person).count() == 0


def test_no_browser_keeps_a_record(client, record, alice):
    client.force_login(alice)
    page = client.get(f"/executions/{record(user=alice).pk}/")
    assert "no-store" in page.headers["Cache-Control"]
