from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from audit import alerts
from audit.models import CountedFinding, Pause, Violation


@pytest.fixture(autouse=True)
def three_in_ten_minutes(settings):
    settings.REPEATED_VIOLATIONS_COUNT = 3
    settings.REPEATED_VIOLATIONS_MINUTES = 10
    settings.PAUSE_MINUTES = 30


@pytest.fixture
def later(monkeypatch):
    """Lets the records' clock stand so many minutes later."""

    def _later(minutes):
        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return _later


def test_as_many_refused_submissions_as_the_setting_says_pause_a_person(refuse, alice):
    for _ in range(2):
        refuse(alice)
    assert alerts.pause_of(alice) is None
    refuse(alice)
    pause = alerts.pause_of(alice)
    assert pause.until - pause.created == timedelta(minutes=30)
    assert pause.violation.category == "repeated_violations"
    assert (pause.violation.rule, pause.violation.severity) == ("repeated-violations", "high")


SAME = {"code_hash": "5a" * 32}


def test_the_same_finding_in_the_same_source_counts_once(refuse, alice):
    for _ in range(5):
        refuse(alice, sent=SAME)
    assert alerts.pause_of(alice) is None
    refuse(alice)
    refuse(alice)
    assert alerts.pause_of(alice)


def test_each_attempt_to_get_out_at_run_time_counts(refuse, alice):
    for _ in range(3):
        refuse(alice, {"category": "escape_attempt"}, sent=SAME)
    assert alerts.pause_of(alice)


def test_finding_counts_again_after_the_window(refuse, alice, later):
    refuse(alice, sent=SAME)
    later(11)
    refuse(alice, sent=SAME)
    refuse(alice)
    assert alerts.pause_of(alice) is None
    assert CountedFinding.objects.count() == 2, "what is too old to count is not kept"
    refuse(alice)
    assert alerts.pause_of(alice)


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        ("system(1);", "  system( 22 ) ; // again", True),
        ('system("ls");', 'system("id");', True),
        ("/* one */ system(1);", "system(1);", True),
        ("system(1);", "if (x) system(1);", False),
        ("system(1);", "(system)(1);", False),
    ],
)
def test_white_space_comments_numbers_and_literals_make_no_difference(
    refuse, alice, before, after, is_same
):
    for text in (before, after):
        source = {"main.c": f"int main(void) {{\n{text}\n}}\n".encode()}
        place = {"line": 2, "column": text.index("system") + 1}
        refuse(alice, place, sent={"sources": source})
    assert CountedFinding.objects.count() == (1 if is_same else 2)


def test_nobody_else_is_paused(refuse, alice, bob):
    for _ in range(3):
        refuse(alice)
    refuse(bob)
    assert alerts.pause_of(bob) is None


def test_one_submission_counts_once_however_much_it_breaks(refuse, alice):
    refuse(alice, *({"rule": f"rule-{n}"} for n in range(12)))
    assert alerts.pause_of(alice) is None


@pytest.mark.parametrize(
    ("severity", "pauses"), [("low", 0), ("medium", 1), ("high", 1), ("critical", 1)]
)
def test_medium_and_graver_ones_count(refuse, alice, severity, pauses):
    for _ in range(3):
        refuse(alice, {"severity": severity})
    assert Pause.objects.count() == pauses


def test_the_least_severity_that_counts_is_a_setting(refuse, alice, settings):
    settings.REPEATED_VIOLATIONS_SEVERITY = "high"
    for _ in range(3):
        refuse(alice, {"severity": "medium"})
    assert alerts.pause_of(alice) is None


def test_what_is_older_than_the_window_does_not_count(refuse, alice, later):
    refuse(alice)
    refuse(alice)
    later(11)
    refuse(alice)
    assert alerts.pause_of(alice) is None


def test_zero_pauses_nobody(refuse, alice, settings):
    settings.REPEATED_VIOLATIONS_COUNT = 0
    for _ in range(5):
        refuse(alice)
    assert not Pause.objects.exists()


def test_submissions_without_an_account_are_never_paused(refuse):
    for _ in range(5):
        refuse(None)
    assert not Pause.objects.exists()
    assert alerts.pause_of(None) is None


def test_a_pause_ends_by_itself(refuse, alice, later):
    for _ in range(3):
        refuse(alice)
    later(29)
    assert alerts.pause_of(alice)
    later(31)
    assert alerts.pause_of(alice) is None


def test_what_ends_while_a_person_is_paused_makes_no_second_pause(refuse, alice):
    for _ in range(8):
        refuse(alice)
    assert Pause.objects.count() == 1


def test_a_lifted_pause_lets_the_person_start_afresh(refuse, alice, dora):
    for _ in range(3):
        refuse(alice)
    assert alerts.lift(alerts.pause_of(alice), dora)
    for _ in range(2):
        refuse(alice)
    assert alerts.pause_of(alice) is None, "what was before the pause does not count again"
    refuse(alice)
    assert alerts.pause_of(alice)


def test_who_lifted_a_pause_is_kept_and_the_first_one_stands(refuse, alice, dora, rita):
    for _ in range(3):
        refuse(alice)
    pause = alerts.pause_of(alice)
    assert alerts.lift(pause, rita)
    assert not alerts.lift(pause, dora)
    rita.delete()
    pause.refresh_from_db()
    assert (pause.lifted_by, pause.lifted_by_name) == (None, "rita")


def test_a_pause_that_ran_out_cannot_be_lifted(refuse, alice, dora, later):
    for _ in range(3):
        refuse(alice)
    later(31)
    assert not alerts.lift(Pause.objects.get(), dora)


def test_the_person_is_told_until_when_and_what_to_do():
    until = datetime.now(UTC).replace(hour=23, minute=58, second=30)
    message = alerts.pause_message(Pause(until=until, reason="Because."))
    assert "paused until 23:59 UTC: Because." in message, "a minute that has begun counts whole"
    assert "ask an administrator" in message


def test_another_day_is_told_with_its_date():
    until = datetime.now(UTC) + timedelta(days=2)
    assert f"{until:%Y-%m-%d} " in alerts.pause_message(Pause(until=until))


def test_the_record_of_a_pause_outlives_the_account(refuse, alice):
    for _ in range(3):
        refuse(alice)
    User.objects.get(pk=alice.pk).delete()
    assert Pause.objects.get().username.startswith("deleted-")
    assert Violation.objects.filter(category="repeated_violations").count() == 1


def test_the_standing_counts_down_to_the_pause_and_names_it(refuse, alice, client):
    client.force_login(alice)

    def standing():
        return client.get("/api/standing/").json()

    assert (standing()["pause"], standing()["left"]) == (None, 3)
    refuse(alice)
    refuse(alice)
    assert standing()["left"] == 1
    last = refuse(alice)
    pause = standing()["pause"]
    assert pause["execution"] == str(last[0].execution_id)
    assert pause["reason"] == "3 refused programs in 10 minutes."
    assert datetime.fromisoformat(pause["until"]) > timezone.now()


def test_standing_is_visible_to_its_user_only(refuse, alice, bob, client, settings):
    for _ in range(3):
        refuse(alice)
    assert client.get("/api/standing/").status_code == 403
    client.force_login(bob)
    assert client.get("/api/standing/").json()["pause"] is None
    settings.REPEATED_VIOLATIONS_COUNT = 0
    assert client.get("/api/standing/").json()["left"] is None
