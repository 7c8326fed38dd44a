"""One's own executions in numbers, on a page."""

import re
from dataclasses import asdict

import pytest

from executor.outcome import Category, Severity, Violation
from tests.workspace.records import ran
from workspace.access import own_executions
from workspace.statistics import Bar, Spread, Statistics

pytestmark = pytest.mark.django_db(transaction=True)

DAY_MINUTES = 24 * 60


def refused(rule):
    found = Violation(Category.BLOCKED_PATTERN, rule, Severity.LOW, "No.")
    return {"status": "blocked", "violations": [asdict(found)], "run_ms": 0}


def test_executions_are_counted_by_day_status_and_rule(alice, bob):
    for ago in (0, 0, DAY_MINUTES):
        ran(alice, ago=ago)
    ran(alice, **refused("system-call"))
    ran(alice, ago=40 * DAY_MINUTES)
    ran(bob, **refused("path-traversal"))
    numbers = Statistics.of(own_executions(alice))
    assert [(bar.number, bar.good) for bar in numbers.days] == [(3, 2), (1, 1)]
    assert numbers.statuses == [Bar("success", 3), Bar("blocked", 1)]
    assert numbers.rules == [Bar("system-call", 1)]
    assert (numbers.total, numbers.busiest) == (4, 3)


def test_times_and_memory_leave_out_what_did_not_run(alice):
    for run_ms in range(1, 101):
        ran(alice, run_ms=run_ms, compile_ms=60, peak_memory_bytes=1 << 20)
    ran(alice, **refused("system-call"), compile_ms=0)
    numbers = Statistics.of(own_executions(alice))
    assert numbers.times == [Spread("Compiling", 60, 60, 60), Spread("Running", 50, 95, 100)]
    assert numbers.memory == Spread("Memory", 1 << 20, 1 << 20, 1 << 20)


def test_the_page_says_in_words_what_its_bars_show(of_alice, alice):
    ran(alice, **refused("system-call"))
    page = of_alice.get("/statistics/").content.decode()
    assert "1 in the last 30 days" in page
    for cell in ("Blocked", "system-call"):
        assert f'<th scope="row">{cell}</th>' in page
    for picture in re.findall(r"<svg viewBox=\"0 0 100 10\".*?</svg>", page):
        assert 'aria-hidden="true"' in picture
    assert "style=" not in page


def test_the_page_is_not_empty_for_somebody_new(of_alice):
    page = of_alice.get("/statistics/").content.decode()
    assert "Nothing has been run yet" in page


def test_a_stranger_is_asked_to_log_in(of_nobody):
    assert of_nobody.get("/statistics/").status_code == 302
