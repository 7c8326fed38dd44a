"""One command does what has to be done now and then, and says what it did."""

import fcntl
import time
from datetime import timedelta
from uuid import uuid4

import docker
import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit import recorder, upkeep
from audit.models import Execution, State
from audit.sealed import Seal
from executor import container
from executor.container import Engine, SandboxConfig, SandboxUnavailable
from executor.management.commands import maintain
from tests.audit.aging import set_times

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def no_engine(monkeypatch):
    """The steps that ask Docker find nothing to do."""
    for name in ("strays", "images"):
        monkeypatch.setitem(maintain.STEPS, name, lambda: "nothing")


@pytest.fixture
def tend(data, no_engine, capsys):
    """Run it; what it printed, by step."""

    def run():
        call_command("maintain")
        lines = capsys.readouterr().out.splitlines()
        return {line.split()[1]: line for line in lines}

    return run


def test_records_of_dead_servers_are_closed_and_sealed_in_one_go(
    tend, record, settings, monkeypatch
):
    lost = record(server=f"{settings.INSTANCE_NAME}|another-boot/1/1")
    set_times(Execution.objects.filter(pk=lost.pk), created=timezone.now() - timedelta(hours=1))
    told = tend()
    assert "1 records" in told["sweep"]
    lost.refresh_from_db()
    assert lost.state == State.LOST


def test_what_was_kept_long_enough_is_pruned_once_it_is_sealed(tend, record, outcome, settings):
    settings.AUDIT_KEEP_DAYS = 30
    old = record()
    recorder.ended(old.pk, outcome())
    long_ago = timezone.now() - timedelta(days=31)
    these = Execution.objects.filter(pk=old.pk)
    set_times(these, created=long_ago, started=long_ago, ended=long_ago)
    recorder.ended(record().pk, outcome())
    told = tend()
    assert Seal.objects.exists()
    assert "1 of “clean” older than 30 days" in told["prune"]
    assert Execution.objects.count() == 1
    call_command("audit", "verify")


def test_expired_sessions_go_and_others_stay(tend):
    for days in (-1, 1):
        expires = timezone.now() + timedelta(days=days)
        Session.objects.create(session_key=f"key{days}", session_data="", expire_date=expires)
    tend()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["key1"]


def test_a_large_log_is_moved_aside(tend, settings, data):
    settings.LOG_FILE, settings.LOG_FILE_BYTES = str(data / "a.log"), 3
    (data / "a.log").write_text("long enough\n")
    assert "moved aside" in tend()["logs"]
    assert (data / "a.log.1").read_text() == "long enough\n"


def test_a_step_that_fails_stops_no_other_and_is_told_and_kept(tend, monkeypatch, capsys):
    def fails():
        raise SandboxUnavailable("engine-unreachable", "The engine is away.")

    monkeypatch.setitem(maintain.STEPS, "strays", fails)
    with pytest.raises(CommandError, match="These steps failed: strays"):
        tend()
    assert "The engine is away." in capsys.readouterr().out
    steps = {step.name: step.ok for step in upkeep.last().steps}
    assert steps.pop("strays") is False
    assert set(steps.values()) == {True}
    assert set(steps) == set(maintain.STEPS) - {"strays"}


def test_two_at_once_do_nothing_twice(tend, data):
    with (data / "maintenance.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="under way already"):
            tend()
    assert upkeep.last() is None
    tend()
    assert upkeep.last() is not None


@pytest.fixture
def built_twice(monkeypatch, tmp_path):
    """Two images that one name was given to, under a label of this test's own; the older's id."""
    label = f"io.cloister.test-{uuid4().hex[:8]}"
    monkeypatch.setattr(container, "BUILT_LABEL", label)
    name, client = label.rpartition(".")[2], docker.APIClient()
    found = []
    for content in ("older", "newer"):
        (tmp_path / "file").write_text(content)
        (tmp_path / "Dockerfile").write_text(f"FROM scratch\nLABEL {label}=1\nCOPY file /\n")
        list(client.build(path=str(tmp_path), tag=name, rm=True))
        found.append(client.inspect_image(name)["Id"])
    assert found[0] != found[1]
    yield found[0]
    client.remove_image(name)


@pytest.mark.docker
def test_images_that_lost_their_name_go_when_they_are_old_enough(built_twice):
    engine = Engine(SandboxConfig())
    assert engine.remove_old_images(3600) == []
    assert built_twice in engine.remove_old_images(-1)
    assert engine.remove_old_images(-1) == []


@pytest.mark.docker
def test_an_image_that_a_container_is_made_of_stays(built_twice):
    client, engine = docker.APIClient(), Engine(SandboxConfig())
    made = client.create_container(built_twice, command=["/file"])
    try:
        assert built_twice not in engine.remove_old_images(-1)
    finally:
        client.remove_container(made)
    assert built_twice in engine.remove_old_images(-1)


@pytest.mark.docker
def test_beside_a_server_it_does_all_of_its_steps(tended, alice_there):
    with alice_there.socket() as socket:
        assert socket.run("int main(void) { return 0; }")[-1]["status"] == "success"
    done = tended.manage("maintain")
    assert (done.returncode, done.stderr) == (0, "")
    began = time.time() - 120
    text = alice_there.get("/metrics").text
    ended = float(text.split("\ncloister_maintenance_ended_timestamp_seconds ")[1].split()[0])
    assert began < ended < time.time()
    assert 'cloister_maintenance_step_failed{step="strays"} 0.0' in text
