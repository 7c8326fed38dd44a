"""What is counted is what happened."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from audit import recorder, upkeep
from audit.models import Notification
from executor import image_watch, metrics
from executor.container import SandboxUnavailable
from executor.live import Line
from executor.outcome import Category, Outcome, Severity, Status, Violation
from executor.pool import Pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def samples(client):
    """Everything that is told now: by name, then by its labels' values in their order."""

    def read():
        text = client.get("/metrics").content.decode()
        found = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
        return found

    return read


@pytest.fixture
def grown(samples):
    """By how much a counter grew since the test began."""
    before = samples()

    def by(name, *labels):
        now, then = samples().get(name, {}), before.get(name, {})
        return now.get(labels, 0) - then.get(labels, 0)

    return by


def test_every_name_is_ours_or_the_processs_own(samples):
    names = set(samples())
    assert len(names) > 20
    assert all(name.startswith(("cloister_", "process_", "python_")) for name in names)


def test_an_ended_execution_is_counted_by_door_and_status(grown):
    metrics.execution_ended("api", Outcome("1", Status.TIMEOUT, ""))
    assert grown("cloister_executions_total", "api", "timeout") == 1


def test_the_stages_are_in_seconds_and_one_that_did_not_happen_is_left_out(grown):
    metrics.execution_ended("page", Outcome("1", Status.SUCCESS, "", run_ms=1500))
    assert grown("cloister_execution_stage_seconds_sum", "run") == pytest.approx(1.5)
    assert grown("cloister_execution_stage_seconds_count", "run") == 1
    assert grown("cloister_execution_stage_seconds_count", "compile") == 0


def test_the_peak_of_memory_is_in_bytes(grown):
    metrics.execution_ended("page", Outcome("1", Status.SUCCESS, "", peak_memory_bytes=3 << 20))
    assert grown("cloister_execution_peak_memory_bytes_sum") == 3 << 20


def test_violations_are_counted_by_rule(grown):
    found = Violation(Category.BLOCKED_PATTERN, "system-call", Severity.HIGH, "")
    metrics.execution_ended("page", Outcome("1", Status.BLOCKED, "", violations=[found, found]))
    assert grown("cloister_violations_total", "blocked_pattern", "system-call", "high") == 2


def test_a_refused_submission_is_counted_by_what_its_sender_was_told(grown):
    metrics.submission_refused("queue-full")
    assert grown("cloister_submissions_refused_total", "queue-full") == 1


async def test_the_line_and_the_pool_are_told_as_they_are():
    pool, line = Pool(None, 3), Line(4)
    await line.enter(1, "first")
    pool.counts.taken_warm, pool.counts.failed = 5, 2
    before, metrics._service.watched = metrics._service.watched, (pool, line)
    try:
        told = {family.name: family for family in metrics._service.collect()}
    finally:
        metrics._service.watched = before
    value = {name: family.samples[0].value for name, family in told.items()}
    assert value["cloister_pool_size"] == 3
    assert value["cloister_executions_places"] == 4
    assert value["cloister_executions_running"] == 1
    taken = {sample.labels["kind"]: sample.value for sample in told[
        "cloister_sandboxes_taken"].samples}  # fmt: skip
    assert taken == {"warm": 5, "cold": 0, "used": 0}


def test_records_without_an_ending_are_told(record, samples, outcome):
    record()
    ended = record()
    recorder.ended(ended.pk, outcome())
    assert samples()["cloister_executions_unfinished"] == {(): 1}


def test_violations_that_wait_for_a_decision_are_told_by_severity(
    record, samples, outcome, violation
):
    found = [violation(severity="high"), violation(severity="high"), violation(severity="low")]
    recorder.ended(record().pk, outcome(status="blocked", violations=found))
    assert samples()["cloister_violations_unreviewed"] == {("high",): 2, ("low",): 1}


def test_notifications_that_did_not_arrive_are_told(samples):
    Notification.objects.create(kind="email", payload={})
    Notification.objects.create(kind="email", payload={}, next_try=None)
    assert samples()["cloister_notifications_waiting"] == {(): 1}


def test_the_last_maintenance_is_told_with_its_failed_steps(samples, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert "cloister_maintenance_ended_timestamp_seconds" not in samples()
    now = timezone.now()
    steps = (upkeep.Step("sweep", True, "", 0.1), upkeep.Step("prune", False, "full", 0.1))
    upkeep.keep(upkeep.Upkeep(now, steps))
    told = samples()
    assert told["cloister_maintenance_ended_timestamp_seconds"][()] == now.timestamp()
    assert told["cloister_maintenance_step_failed"] == {("sweep",): 0, ("prune",): 1}


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"ended": "x", "steps": []}', "\x00"])
def test_a_spoilt_file_of_the_maintenance_spoils_no_scrape(samples, settings, tmp_path, kept):
    settings.DATA_DIR = tmp_path
    (tmp_path / "maintenance.json").write_text(kept)
    assert "cloister_maintenance_ended_timestamp_seconds" not in samples()


class Engine:
    """Says of the image what a test wants it to."""

    def __init__(self, answer):
        self.answer = answer

    def image(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return {"Config": {"Labels": self.answer}}


@pytest.fixture
def told_of_image(samples, monkeypatch):
    def look(answer):
        monkeypatch.setattr(image_watch._watch, "reachable", None)
        monkeypatch.setattr(image_watch._watch, "image", None)
        image_watch._watch.look(Engine(answer))
        names = ("engine_up", "image_present", "image_outdated", "image_age_seconds")
        told = samples()
        return [told.get(f"cloister_{name}", {}).get(()) for name in names]

    return look


def test_the_images_age_and_base_are_told(told_of_image):
    built = datetime.now(UTC) - timedelta(days=3)
    labels = {"io.cloister.base": "alpine", "io.cloister.built": built.isoformat()}
    up, present, outdated, age = told_of_image(labels)
    assert (up, present, outdated) == (1, 1, 1)
    assert age == pytest.approx(3 * 24 * 3600, abs=60)


def test_an_engine_that_is_away_is_told_from_an_image_that_is_missing(told_of_image):
    away = told_of_image(SandboxUnavailable("engine-unreachable", ""))
    assert away == [0, 0, None, None]
    assert told_of_image(SandboxUnavailable("image-missing", "")) == [1, 0, None, None]


@pytest.mark.docker
def test_a_server_tells_what_ran_in_it(tended, alice_there):
    with alice_there.socket() as socket:
        assert socket.run("int main(void) { return 0; }")[-1]["status"] == "success"
        refused = socket.run("#include <unistd.h>\nint main(void) { return 0; }")[-1]
        assert refused["status"] == "blocked"
        text = alice_there.get("/metrics").text
        assert "cloister_sockets_open 1.0" in text
    assert 'cloister_executions_total{door="page",status="success"} 1.0' in text
    assert 'cloister_executions_total{door="page",status="blocked"} 1.0' in text
    assert 'rule="dangerous-header"' in text
    assert 'cloister_execution_stage_seconds_count{stage="run"} 1.0' in text
    assert 'cloister_sandbox_starts_total{result="ready"}' in text
    sent = text.split("\ncloister_socket_sent_bytes_total ")[1].split()[0]
    assert float(sent) > len(json.dumps(refused))
