"""What PostgreSQL lets happen at the same moment, and SQLite never does."""

import pytest

from tests.scale.stores import Postgres
from tests.service.serving import Server

pytestmark = pytest.mark.scale

COMMON = """
import threading, uuid
from django.contrib.auth.models import User
from django.db import connection
from django.db.models.signals import pre_delete
from audit import recorder
from audit.models import Execution, Violation
from executor.outcome import Outcome, Status

alice = User.objects.create_user("alice", password="alice-and-her-9-cats")

def sent():
    return recorder.began(
        execution_id=uuid.uuid4(), user=alice, door="page", remote_address="192.0.2.7",
        user_agent="Browser/1.0", server="server-1", data_files={}, main="main.c", args=[],
        sources={"main.c": b"int main(void) { return 0; }"}, code_hash="c0de" * 16,
        interactive=False, validated=True, limits={}, options={}, project=None,
    )

def refused(execution):
    found = {
        "category": "blocked_pattern", "rule": "system-call", "severity": "high",
        "message": "system() starts other programs.", "file": "main.c", "line": 3, "column": 5,
        "end_column": 11, "suggestion": None,
    }
    outcome = Outcome(execution_id="", status=Status.BLOCKED, message="It was refused.")
    recorder.ended(execution.pk, outcome.as_dict() | {"violations": [found]})

def beside(do):
    def work():
        try:
            do()
            print("done")
        except Exception as error:
            print(type(error).__name__)
        finally:
            connection.close()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(2)  # long enough for whatever need not wait
    return thread
"""

SENT_WHILE_THE_ACCOUNT_GOES = """
sent()
threads = []
pre_delete.connect(lambda **_: threads.append(beside(sent)), sender=User, weak=False)
alice.delete()
threads[0].join()
print(sorted({one.username[:8] for one in Execution.objects.all()}))
"""

ENDED_WHILE_THE_ACCOUNT_GOES = """
from audit import alerts
execution = sent()
threads = []

def the_account_goes():
    threads.append(beside(lambda: User.objects.get(pk=alice.pk).delete()))

follow_up = alerts.follow_up
alerts.follow_up = lambda *found: (the_account_goes(), follow_up(*found))
refused(execution)
threads[0].join()
stored = Execution.objects.get()
print(stored.username[:8], stored.state, Violation.objects.count(), User.objects.count())
"""


@pytest.fixture(scope="module")
def postgres():
    store = Postgres()
    yield store
    store.close()


@pytest.fixture
def told(postgres, tmp_path):
    """What a script says, on an empty database."""

    def _told(script):
        site = Server(tmp_path, DATABASE_URL=postgres.url, REPEATED_VIOLATIONS_COUNT=1)
        site.manage("migrate", "-v0")
        site.manage("flush", "--no-input")
        done = site.manage("shell", "-v0", "-c", COMMON + script)
        assert done.returncode == 0, done.stderr
        return done.stdout.split("\n")[:-1]

    return _told


def test_what_is_sent_while_its_account_is_deleted_keeps_no_name(told):
    assert told(SENT_WHILE_THE_ACCOUNT_GOES) == ["IntegrityError", "['deleted-']"]


def test_an_ending_with_violations_and_the_deletion_of_its_account_wait_for_each_other(told):
    assert told(ENDED_WHILE_THE_ACCOUNT_GOES)[-1] == "deleted- ended 2 0"
