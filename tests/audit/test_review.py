import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from audit.models import Decision, Review, Violation

LIST = "/admin/audit/violation/"


def page_of(violation):
    return f"{LIST}{violation.pk}/change/"


@pytest.fixture
def violation_of_alice(refuse, alice):
    return refuse(alice)[0]


def test_a_decision_says_who_when_what_and_why(reviewer, violation_of_alice):
    address = page_of(violation_of_alice)
    answer = reviewer.post(address, {"state": "confirmed", "note": "She asked for it."})
    assert answer.headers["Location"] == address
    stored = Violation.objects.get()
    assert (stored.state, stored.reviewer_name, stored.note) == (
        Review.CONFIRMED,
        "rita",
        "She asked for it.",
    )
    assert stored.reviewed_at is not None
    page = reviewer.get(address).content.decode()
    assert "<strong>Confirmed</strong> by rita" in page
    assert "She asked for it." in page


def test_a_later_decision_counts_and_the_earlier_one_stays(reviewer, violation_of_alice):
    reviewer.post(page_of(violation_of_alice), {"state": "confirmed", "note": "first"})
    reviewer.post(page_of(violation_of_alice), {"state": "dismissed", "note": "second"})
    assert Violation.objects.get().state == Review.DISMISSED
    assert list(Decision.objects.values_list("state", "note")) == [
        ("dismissed", "second"),
        ("confirmed", "first"),
    ]


def test_a_decision_changes_nothing_else(reviewer, violation_of_alice):
    before = Violation.objects.values().get()
    extra = {"rule": "x", "message": "x", "severity": "low", "reviewer_name": "x", "line": "9"}
    reviewer.post(page_of(violation_of_alice), {"state": "confirmed", "note": "", **extra})
    after = Violation.objects.values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"state", "reviewer_id", "reviewer_name", "reviewed_at"}


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({"state": "dismissed", "note": " "}, "Say why it is dismissed."),
        ({"state": "new", "note": "x"}, "Select a valid choice"),
        ({"note": "x"}, "This field is required"),
        ({"state": "confirmed", "note": "x" * 4001}, "at most 4000 characters"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(reviewer, violation_of_alice, sent, complaint):
    page = reviewer.post(page_of(violation_of_alice), sent)
    assert page.status_code == 200
    assert complaint in page.content.decode()
    assert Violation.objects.get().state == Review.NEW


def test_who_may_only_look_cannot_decide(client, violation_of_alice):
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_violation"))
    client.force_login(clerk)
    page = client.get(page_of(violation_of_alice))
    assert page.status_code == 200
    assert 'name="state"' not in page.content.decode()
    assert "review_selected" not in client.get(LIST).content.decode()
    assert client.post(page_of(violation_of_alice), {"state": "confirmed"}).status_code == 403
    selected = {"action": "review_selected", "_selected_action": [violation_of_alice.pk]}
    client.post(LIST, selected | {"decide": "yes", "state": "confirmed"})
    assert Violation.objects.get().state == Review.NEW


def test_several_are_decided_on_only_after_a_second_look(reviewer, refuse, alice):
    first, second, third = refuse(alice, {"line": 1}, {"line": 2}, {"line": 3})
    selected = {"action": "review_selected", "_selected_action": [first.pk, third.pk]}
    asked = reviewer.post(LIST, selected).content.decode()
    assert "This decides on 2 violations" in asked
    assert not Decision.objects.exists()
    assert sorted(re.findall(r'name="_selected_action" value="(\d+)"', asked)) == [
        str(first.pk),
        str(third.pk),
    ]
    reviewer.post(LIST, selected | {"decide": "yes", "state": "dismissed", "note": "An exercise."})
    states = dict(Violation.objects.values_list("pk", "state"))
    assert states == {first.pk: "dismissed", second.pk: "new", third.pk: "dismissed"}
    assert Decision.objects.count() == 2


def test_several_cannot_be_dismissed_without_a_word(reviewer, refuse, alice):
    violations = refuse(alice, {"line": 1}, {"line": 2})
    keys = [violation.pk for violation in violations]
    sent = {"action": "review_selected", "_selected_action": keys, "decide": "yes"}
    page = reviewer.post(LIST, sent | {"state": "dismissed"})
    assert "Say why it is dismissed." in page.content.decode()
    assert not Decision.objects.exists()


def test_too_many_at_once_are_refused_with_the_limit(reviewer, refuse, alice):
    refuse(alice, *({"line": n} for n in range(1, 502)))
    chosen = {"action": "review_selected", "_selected_action": [1], "select_across": "1"}
    page = reviewer.post(LIST, chosen, follow=True).content.decode()
    assert "Choose at most 500 violations at a time; nothing was changed." in page


def test_the_list_counts_by_state_and_severity(reviewer, refuse, alice):
    refuse(alice, {"severity": "high"}, {"severity": "high"}, {"severity": "low"})
    decided = Violation.objects.filter(severity="low")
    reviewer.post(page_of(decided.get()), {"state": "confirmed"})
    page = reviewer.get(LIST).content.decode()
    assert '<a href="?state__exact=new&amp;severity=high">2</a>' in page
    assert '<a href="?state__exact=confirmed&amp;severity=low">1</a>' in page


@pytest.mark.parametrize(
    "filters",
    [
        {"state__exact": "new"},
        {"severity": "critical"},
        {"category": "escape_attempt"},
        {"rule": "blocked-syscall"},
        {"hours": "1", "severity": "critical"},
    ],
)
def test_the_list_is_filtered(reviewer, refuse, alice, bob, filters):
    (other,) = refuse(bob, {"severity": "low"})
    reviewer.post(page_of(other), {"state": "confirmed"})
    escape = {"category": "escape_attempt", "rule": "blocked-syscall", "severity": "critical"}
    wanted = refuse(alice, escape)
    shown = reviewer.get(LIST, filters)
    assert shown.status_code == 200, shown.headers
    assert list(shown.context["cl"].result_list) == wanted


def test_the_list_is_filtered_by_person(reviewer, refuse, alice, bob):
    wanted = refuse(alice)
    refuse(bob)
    shown = reviewer.get(LIST, {"user": alice.pk})
    assert list(shown.context["cl"].result_list) == wanted
    (offered,) = [one for one in shown.context["cl"].filter_specs if one.title == "user"]
    assert offered.lookup_choices == [(str(alice.pk), "alice"), (str(bob.pk), "bob")]


def test_the_list_is_filtered_by_time(reviewer, refuse, alice):
    old, new = refuse(alice, {"line": 1}, {"line": 2})
    Violation.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(days=2))
    for hours, wanted in (("24", [new]), ("168", [new, old]), ("8760", [new, old])):
        assert list(reviewer.get(LIST, {"hours": hours}).context["cl"].result_list) == wanted


@pytest.mark.parametrize("value", ["", "x", "-1", "0", "9" * 40, "²"])
def test_filters_that_make_no_sense_break_nothing(reviewer, refuse, alice, value):
    refuse(alice)
    for name in ("hours", "user"):
        assert reviewer.get(LIST, {name: value}).status_code == 200


def test_a_decision_outlives_the_reviewer(reviewer, violation_of_alice, rita):
    reviewer.post(page_of(violation_of_alice), {"state": "confirmed", "note": "n"})
    rita.delete()
    stored = Violation.objects.get()
    assert (stored.reviewer, stored.reviewer_name) == (None, "rita")
    assert Decision.objects.get().reviewer_name == "rita"
