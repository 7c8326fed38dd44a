"""The server looks after the records by itself, and several may seal at once."""

import os
import subprocess
import sys
import threading

import pytest
from django.conf import settings as site

from audit import recorder, rounds
from audit.sealed import Seal
from tests.service.serving import PATIENCE_SECONDS, copy_of

MANY = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from audit.models import Execution
from audit.recorder import source_of
source = source_of({})
source.save()
ended = timezone.now() - timedelta(hours=1)
Execution.objects.bulk_create(
    Execution(id=uuid4(), state="ended", ended=ended, source=source) for _ in range(2600)
)
"""


@pytest.mark.django_db(transaction=True)
def test_every_round_closes_the_records_of_the_dead(monkeypatch):
    monkeypatch.setattr(rounds, "_ROUND_SECONDS", 0.01)
    swept = threading.Semaphore(0)

    def sweep():
        swept.release()
        raise OSError("a round that fails is not the last")

    end = rounds.start(sweep)
    try:
        assert swept.acquire(timeout=PATIENCE_SECONDS)
        assert swept.acquire(timeout=PATIENCE_SECONDS)
    finally:
        end()


def test_sealing_is_due_after_some_minutes_or_some_records(db, settings, record, outcome):
    settings.AUDIT_SEAL_MINUTES = 5
    settings.AUDIT_SEAL_RECORDS = 2
    assert rounds._is_due(300)
    assert not rounds._is_due(299)
    for _ in range(2):
        recorder.ended(record().pk, outcome())
    assert rounds._is_due(1)


def test_a_round_seals(record, outcome, seal):
    recorder.ended(record().pk, outcome())
    assert rounds.seal() == 1
    assert Seal.objects.get().count == 1


def test_sealers_at_once_miss_nothing_and_seal_nothing_twice(house, tmp_path):
    data = copy_of(house, tmp_path / "data")
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data)}
    manage = [sys.executable, "manage.py"]

    def run(*arguments):
        return subprocess.run(
            [*manage, *arguments],
            cwd=site.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    assert run("shell", "--verbosity", "0", "-c", MANY).stderr == ""
    sealers = [
        subprocess.Popen([*manage, "audit", "seal"], cwd=site.BASE_DIR, env=environment)
        for _ in range(3)
    ]
    assert [one.wait(timeout=120) for one in sealers] == [0, 0, 0]
    run("audit", "seal")
    verified = run("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "2600 records in 6 seals" in verified.stdout
    assert "0 wait for a seal" in verified.stdout
    key = (data / "audit_signing_key").stat()
    assert key.st_mode & 0o777 == 0o600
