"""The dashboard says of the records what is in them, to those who may see them."""

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import recorder, stats
from audit.models import Execution, Violation
from audit.stats import Window
from executor import metrics
from executor.live import Line
from executor.pool import Pool

pytestmark = pytest.mark.django_db

PAGE = "/admin/audit/execution/dashboard/"
NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
DAY = Window.last(3, "day", NOW)
PAGES = [PAGE, f"{PAGE}violations/", f"{PAGE}live/", f"{PAGE}live.json"]


@pytest.fixture
def ran(record, outcome):
    """An execution that ended as said, some hours before NOW; None leaves it running."""

    def _ran(status="success", hours=0, user=None, **facts):
        one = record(user=user)
        if status:
            recorder.ended(one.pk, outcome(status=status, **facts))
        at = NOW - timedelta(hours=hours)
        Execution.objects.filter(pk=one.pk).update(created=at)
        Violation.objects.filter(execution=one).update(created=at)
        return one

    return _ran


@pytest.fixture
def administrator(client, dora):
    client.force_login(dora)
    return client


def slices(window=DAY):
    return stats.executions(Execution.objects.all(), window)


# What is counted


def test_a_window_ends_with_the_step_that_is_under_way():
    assert DAY.slots == ["2026-11-22", "2026-11-23", "2026-11-24"]
    hours = Window.last(2, "hour", NOW)
    assert hours.slots == ["2026-11-24 11", "2026-11-24 12"]
    assert hours.until == datetime(2026, 11, 24, 13, tzinfo=UTC)


def test_executions_are_counted_by_day_and_status(ran):
    ran("success"), ran("success"), ran("timeout"), ran("success", hours=24)
    found = slices()
    assert found["2026-11-24"].statuses == {"success": 2, "timeout": 1}
    assert found["2026-11-23"].statuses == {"success": 1}
    assert "2026-11-22" not in found
    assert found[""].statuses == {"success": 3, "timeout": 1}


def test_what_is_outside_of_the_window_does_not_count(ran):
    ran(hours=24 * 3), ran(hours=-24)
    assert slices() == {"": stats.Slice({}, {name: [] for name in stats.MEASURES})}


def test_days_and_hours_are_those_of_utc(ran, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    ran(hours=12.6)
    assert set(slices()) == {"2026-11-23", ""}
    assert set(slices(Window.last(24, "hour", NOW))) == {"2026-11-23 23", ""}


def test_the_success_rate_is_of_what_ended(ran):
    ran("success"), ran("timeout"), ran(None)
    assert slices()[""].success_rate == 0.5
    assert slices()[""].ended == 2


def test_there_is_no_success_rate_of_nothing(ran):
    ran(None)
    assert slices()[""].success_rate is None


def test_percentiles_are_values_that_so_many_do_not_exceed(ran):
    for run_ms in range(1, 101):
        ran(run_ms=float(run_ms))
    assert slices()[""].percentiles("run_ms") == [50, 95, 99]


def test_one_value_is_every_percentile_and_zero_was_not_measured(ran):
    ran(run_ms=7.0), ran(run_ms=0.0)
    assert slices()[""].percentiles("run_ms") == [7, 7, 7]
    assert slices()[""].percentiles("queue_ms") == [None, None, None]


def test_the_percentiles_of_all_days_are_of_all_their_values(ran):
    for hours, run_ms in [(0, 1.0), (24, 9.0), (24, 2.0), (48, 5.0)]:
        ran(hours=hours, run_ms=run_ms)
    assert slices()[""].measured["run_ms"] == [1, 2, 5, 9]


def test_the_numbers_are_read_from_an_index_without_the_large_columns(ran):
    ran()
    with CaptureQueriesContext(connection) as queries:
        slices()
    assert len(queries.captured_queries) == 2
    for query in queries.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert "COVERING INDEX execution_measures" in plan
    assert "TEMP B-TREE" not in plan


def test_of_very_many_executions_a_part_is_measured_and_all_are_counted(ran):
    for number in range(20):
        one = ran(run_ms=number + 1.0)
        at = NOW.replace(microsecond=100 + number)
        Execution.objects.filter(pk=one.pk).update(created=at)
    found = stats.executions(Execution.objects.all(), DAY, most=10)[""]
    assert found.statuses == {"success": 20}
    assert found.measured["run_ms"] == [1, 2, 3, 4, 5, 11, 12, 13, 14, 15]
    everything = stats.executions(Execution.objects.all(), DAY, most=20)[""]
    assert len(everything.measured["run_ms"]) == 20


def test_violations_are_counted_by_day_category_and_rule(ran, violation):
    escape = violation(category="escape_attempt", rule="blocked-syscall", severity="critical")
    ran("blocked", violations=[violation(), violation()])
    ran("blocked_syscall", hours=24, violations=[escape])
    records = Violation.objects.all()
    assert stats.violations(records, DAY) == {
        "2026-11-24": {"blocked_pattern": 2},
        "2026-11-23": {"escape_attempt": 1},
    }
    assert stats.rules(records, DAY) == [
        ("blocked_pattern", "system-call", "high", 2),
        ("escape_attempt", "blocked-syscall", "critical", 1),
    ]


def test_of_those_who_were_refused_submissions_count_and_not_lines(ran, violation, alice, bob):
    ran("blocked", user=alice, violations=[violation()] * 5)
    ran("blocked", user=bob, violations=[violation()])
    ran("blocked", user=bob, violations=[violation(severity="low")])
    ran("blocked", violations=[violation()])
    assert stats.offenders(Violation.objects.all(), DAY) == [("bob", 2, 1), ("alice", 1, 1)]


# Who sees it


@pytest.mark.parametrize("address", PAGES)
def test_nobody_but_staff_gets_in(client, alice, address):
    assert client.get(address).status_code == 302
    client.force_login(alice)
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", PAGES)
def test_staff_without_the_permission_is_refused(client, db, address):
    client.force_login(User.objects.create_user("erin", is_staff=True))
    assert client.get(address).status_code == 403


def test_who_may_see_executions_only_is_not_led_to_violations(client, db):
    erin = User.objects.create_user("erin", is_staff=True)
    erin.user_permissions.add(Permission.objects.get(codename="view_execution"))
    client.force_login(erin)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert f"{PAGE}violations/" not in page.content.decode()
    assert client.get(f"{PAGE}violations/").status_code == 403


# The pages


def drawn(page, name):
    """What the script of the page gets to draw."""
    text = re.search(rf'<script id="{name}-data" type="application/json">(.*?)</script>', page)[1]
    return json.loads(text)


def test_each_chart_has_its_numbers_beside_it_as_a_table(administrator, record, outcome):
    recorder.ended(record().pk, outcome(run_ms=12.5, peak_memory_bytes=3 << 20))
    page = administrator.get(PAGE).content.decode()
    charts = re.findall(r'data-chart="(\w+)-data"', page)
    assert len(charts) == 2 + len(stats.MEASURES)
    assert page.count("<thead>") == 1 + len(charts)
    assert drawn(page, "executions")["lines"]["Success"][-1] == 1
    assert drawn(page, "success")["lines"]["Success"][-1] == 100
    assert drawn(page, "peak_memory_bytes")["lines"]["99 %"][-1] == 3
    assert "<td>12.5</td>" in page


@pytest.mark.parametrize("asked", ["1d", "7d", "30d", "90d", "", "1000d", "<script>"])
def test_a_range_that_is_none_is_the_usual_one(administrator, asked):
    page = administrator.get(PAGE, {"range": asked}).content.decode()
    slots = {"7d": 168, "30d": 30, "90d": 90}.get(asked, 24)
    assert len(drawn(page, "executions")["slots"]) == slots


def test_names_of_strangers_are_text_on_the_page(administrator, record, outcome, violation):
    mallory = User.objects.create_user("<script>alert(1)</script>")
    one = record(user=mallory)
    recorder.ended(one.pk, outcome(status="blocked", violations=[violation(rule="</script><b>")]))
    record(user=mallory)
    for address in PAGES[1:3]:
        page = administrator.get(address).content.decode()
        assert "<script>alert" not in page
        assert "</script><b>" not in page


def test_the_live_view_shows_what_has_not_ended(administrator, record, outcome, alice):
    waiting = record(user=alice)
    ended = record(user=alice)
    recorder.ended(ended.pk, outcome())
    (told,) = administrator.get(f"{PAGE}live.json").json()["executions"]
    assert (told["id"], told["username"], told["state"]) == (str(waiting.pk), "alice", "queued")
    page = administrator.get(f"{PAGE}live/").content.decode()
    assert str(waiting.pk) in page
    assert str(ended.pk) not in page


def test_the_live_view_shows_the_pool_and_the_line_of_this_process(administrator, monkeypatch):
    monkeypatch.setattr(metrics._service, "watched", (Pool(None, 3), Line(4)))
    numbers = administrator.get(f"{PAGE}live.json").json()["numbers"]
    assert numbers["Sandboxes to keep warm"] == 3
    assert numbers["May run at once"] == 4


def test_the_list_of_executions_leads_to_the_dashboard(administrator):
    assert PAGE in administrator.get("/admin/audit/execution/").content.decode()


def test_an_execution_whose_id_is_unknown_is_still_not_the_dashboard(administrator):
    assert administrator.get(f"/admin/audit/execution/{uuid4()}/change/").status_code == 302
