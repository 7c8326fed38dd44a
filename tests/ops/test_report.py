"""The report of a month, a quarter or a year tells what is in the records, and nothing else."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from audit import decisions, recorder, stats
from audit.models import Execution, Violation
from audit.report import BadPeriod, Period, page, report

pytestmark = pytest.mark.django_db
NOVEMBER = Period.month("2026-11")


@pytest.fixture
def ran(record, outcome):
    """An execution that ended as said, on a day of 2026."""

    def _ran(month=11, day=15, status="success", user=None, **facts):
        one = record(user=user)
        usual = {"policy_version": "1", "image": "sandbox@1"}
        recorder.ended(one.pk, outcome(status=status, **usual | facts))
        at = datetime(2026, month, day, 12, tzinfo=UTC)
        Execution.objects.filter(pk=one.pk).update(created=at)
        Violation.objects.filter(execution=one).update(created=at)
        return one

    return _ran


# The period


@pytest.mark.parametrize(
    ("period", "since", "until", "before"),
    [
        (Period.month("2026-11"), "2026-11-01", "2026-12-01", "2026-10-01"),
        (Period.month("2026-12"), "2026-12-01", "2027-01-01", "2026-11-01"),
        (Period.month("2026-01"), "2026-01-01", "2026-02-01", "2025-12-01"),
        (Period.quarter("2026-Q1"), "2026-01-01", "2026-04-01", "2025-10-01"),
        (Period.quarter("2026-Q4"), "2026-10-01", "2027-01-01", "2026-07-01"),
        (Period.year("2026"), "2026-01-01", "2027-01-01", "2025-01-01"),
    ],
)
def test_a_period_ends_where_the_next_one_begins(period, since, until, before):
    assert f"{period.window.since:%Y-%m-%d}" == since
    assert f"{period.window.until:%Y-%m-%d}" == until
    assert f"{period.before.since:%Y-%m-%d}" == before
    assert period.before.until == period.window.since


@pytest.mark.parametrize(
    ("read", "text"),
    [(Period.month, text) for text in ("", "2026", "2026-13", "2026-1", "2026-11-01", "x")]
    + [(Period.quarter, text) for text in ("2026-Q5", "2026-Q0", "Q4", "2026-11")]
    + [(Period.year, text) for text in ("26", "2026-11", "0026", "20266")],
)
def test_what_names_no_period_is_refused_with_an_example(read, text):
    with pytest.raises(BadPeriod, match="write it as 2026"):
        read(text)


def test_a_month_is_told_by_days_and_a_longer_time_by_months():
    assert len(report(NOVEMBER)["trend"]) == 30
    assert [row["slot"] for row in report(Period.quarter("2026-Q4"))["trend"]] == [
        "2026-10",
        "2026-11",
        "2026-12",
    ]
    assert len(report(Period.year("2026"))["trend"]) == 12


# What it tells


def test_only_the_period_counts_and_the_one_before_is_told(ran):
    ran(day=1), ran(day=30), ran(month=10, day=31), ran(month=12, day=1)
    told = report(NOVEMBER)["executions"]
    assert (told["total"], told["before"]) == (2, 1)


def test_executions_are_told_by_status_door_and_people(ran, alice):
    ran(user=alice), ran(user=alice, status="timeout"), ran(status="timeout")
    told = report(NOVEMBER)["executions"]
    assert told["statuses"] == {"timeout": 2, "success": 1}
    assert told["doors"] == {"page": 3}
    assert told["people"] == 1
    assert told["success_rate"] == pytest.approx(1 / 3)


def test_the_trend_has_each_day_with_what_happened(ran, violation):
    ran(day=2, total_ms=7.0), ran(day=2, status="blocked", violations=[violation()])
    trend = {row["slot"]: row for row in report(NOVEMBER)["trend"]}
    assert trend["2026-11-02"] == {
        "slot": "2026-11-02",
        "executions": 2,
        "success_rate": 0.5,
        "total_ms_p95": 7.0,
        "violations": 1,
    }
    assert trend["2026-11-03"]["executions"] == 0


def test_violations_are_told_with_what_was_decided(ran, violation, dora):
    grave = violation(severity="critical", rule="blocked-syscall", category="escape_attempt")
    ran(status="blocked", violations=[grave, violation(severity="low")])
    chosen = Violation.objects.filter(severity="critical")
    decisions.decide(chosen, dora, "confirmed", "It was meant.")
    told = report(NOVEMBER)["violations"]
    assert (told["total"], told["grave_total"]) == (2, 1)
    assert told["states"] == {"new": 1, "confirmed": 1, "dismissed": 0}
    (one,) = told["grave"]
    assert (one["state"], one["reviewer"], one["note"]) == ("confirmed", "dora", "It was meant.")


def test_failures_of_the_sandbox_are_told_with_what_was_said(ran):
    ran(status="sandbox_error", message="The engine went away."), ran(total_ms=9.0)
    told = report(NOVEMBER)["failures"]
    assert told["sandbox_errors"] == 1
    assert told["messages"] == [{"message": "The engine went away.", "count": 1}]
    assert told["slowest"][0]["total_ms"] == 9.0


def test_a_changed_policy_and_a_new_image_are_told_with_their_first_use(ran):
    ran(month=10, day=1), ran(day=3), ran(day=20, policy_version="2", image="sandbox@2")
    told = report(NOVEMBER)
    assert [(one["name"], one["is_new"], one["executions"]) for one in told["policies"]] == [
        ("1", False, 1),
        ("2", True, 1),
    ]
    old, new = told["images"]
    assert old["known_since"].startswith("2026-10-01")
    assert (old["is_new"], new["is_new"]) == (False, True)
    assert old["age_days"] - new["age_days"] == 50


def test_a_period_without_anything_is_told_as_such():
    told = report(Period.month("2020-02"))
    assert told["executions"]["total"] == 0
    assert told["executions"]["success_rate"] is None
    assert told["policies"] == told["images"] == []
    assert "None was used." in page(told)


# The page and the command


def test_the_page_needs_nothing_else_and_runs_nothing(ran, violation):
    ran(status="blocked", violations=[violation(message="<script>\u202e", severity="high")])
    text = page(report(NOVEMBER))
    assert "<script" not in text
    assert "http" not in text
    assert "&lt;script&gt;\\u202e" in text
    assert "@media print" in text


def test_the_highest_bar_of_a_chart_fills_it(ran):
    ran(day=2), ran(day=2), ran(day=3)
    text = page(report(NOVEMBER))
    assert text.count('height="100.0"') == 1
    assert text.count('height="50.0"') == 1


def test_the_command_writes_json_that_says_the_same(ran, capsys):
    ran(run_ms=5.0)
    call_command("audit", "report", "--month", "2026-11", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["measures"]["run_ms"] == {"p50": 5.0, "p95": 5.0, "p99": 5.0}
    assert set(told["measures"]) == set(stats.MEASURES)
    assert told | {"made": ""} == report(NOVEMBER) | {"made": ""}


def test_the_command_writes_a_new_file_and_no_other(tmp_path):
    output = tmp_path / "report.html"
    call_command("audit", "report", "--year", "2026", "--output", output)
    text = output.read_text()
    assert text.startswith("<!doctype html>")
    with pytest.raises(CommandError, match="already exists"):
        call_command("audit", "report", "--year", "2026", "--output", output)
    assert output.read_text() == text


def test_the_command_says_what_is_wrong_with_a_period_or_a_path(tmp_path):
    with pytest.raises(CommandError, match="is not a month"):
        call_command("audit", "report", "--month", "November")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("audit", "report", "--year", "2026", "--output", tmp_path / "no" / "x")
