"""The wall clock may jump: nothing is lost, nobody is paused for good, no run is taken for old."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from audit import alerts, recorder
from audit.models import Execution
from executor import pool
from executor.container import OWNER_LABEL
from executor.owner import label

DAY = timedelta(days=1)


@pytest.fixture
def jump(monkeypatch):
    """Sets every wall clock that the server reads so far from the right time."""
    right = time.time

    def _jump(distance):
        monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + distance)
        monkeypatch.setattr(time, "time", lambda: right() + distance.total_seconds())

    return _jump


def sandbox_of(made_by):
    """As the engine lists it, made now."""
    labels = {OWNER_LABEL: made_by}
    return {"State": "running", "Names": ["/x"], "Labels": labels, "Created": time.time()}


@pytest.mark.parametrize("distance", [DAY, -DAY])
def test_an_execution_during_which_the_clock_jumps_ends_and_the_chain_verifies(
    distance, jump, record, outcome, seal, findings
):
    execution = record()
    recorder.started(execution.pk)
    jump(distance)
    recorder.ended(execution.pk, outcome(run_ms=12.5, total_ms=40.0))
    ended = Execution.objects.get(pk=execution.pk)
    assert (ended.state, ended.run_ms, ended.total_ms) == ("ended", 12.5, 40.0)
    jump(2 * DAY)
    assert len(seal()) == 1
    assert findings() == []


def test_records_ended_under_a_clock_that_was_ahead_are_sealed_once_time_has_come(
    jump, record, outcome, seal, findings
):
    jump(DAY)
    ahead = record()
    recorder.ended(ahead.pk, outcome())
    jump(timedelta(0))
    right = record()
    recorder.ended(right.pk, outcome())
    seal()
    jump(DAY + timedelta(hours=1))
    seal()
    assert not Execution.objects.filter(seal=None).exists()
    assert findings() == []


def test_a_pause_under_a_clock_that_jumps_ahead_is_over_and_can_be_had_again(
    jump, refuse, alice, settings
):
    settings.REPEATED_VIOLATIONS_COUNT = 1
    refuse(alice)
    assert alerts.pause_of(alice)
    jump(DAY)
    assert alerts.pause_of(alice) is None
    refuse(alice)
    assert alerts.pause_of(alice)


def test_sandboxes_of_a_living_server_are_no_strays_however_far_the_clock_jumps(jump):
    parent = sandbox_of(label(os.getppid()))
    jump(400 * DAY)
    assert not pool._is_stray(parent)


def test_sandboxes_of_another_machine_are_strays_by_their_age_alone(jump):
    elsewhere = sandbox_of("another-boot/1/1")
    assert not pool._is_stray(elsewhere)
    jump(2 * DAY)
    assert pool._is_stray(elsewhere)


def test_sandboxes_of_a_server_that_has_ended_are_strays_at_once():
    boot = label(os.getpid()).partition("/")[0]
    assert pool._is_stray(sandbox_of(f"{boot}/{os.getpid()}/1"))


def test_a_server_in_a_container_takes_nobody_outside_for_dead():
    question = (
        "import os; from executor.owner import label, owner_is_gone;"
        "assert os.getpid() < 10, 'this is no namespace of its own';"
        f"print(owner_is_gone({label(os.getpid())!r}), owner_is_gone(label(1)[:-1] + 'x'))"
    )
    inside = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    answer = subprocess.run(
        [*inside, sys.executable, "-c", question], capture_output=True, text=True, check=False
    )
    if answer.stderr.startswith("unshare: "):
        pytest.skip(f"this machine makes no PID namespace: {answer.stderr}")
    assert answer.stdout.split() == ["False", "True"], answer.stderr
