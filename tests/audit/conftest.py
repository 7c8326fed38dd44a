from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, transaction

from audit import recorder, seals, triggers
from audit.models import Violation
from audit.verification import Verification
from executor.outcome import Outcome, Status


@pytest.fixture
def record(db):
    """Records a submission; what a test does not care about has a usual value."""

    def _record(**changed):
        facts = {
            "execution_id": uuid4(),
            "user": None,
            "door": "page",
            "remote_address": "192.0.2.7",
            "user_agent": "Browser/1.0",
            "server": "server-1",
            "sources": {"main.c": b"int main(void) { return 0; }\n"},
            "data_files": {},
            "main": "main.c",
            "args": [],
            "code_hash": "c0de" * 16,
            "interactive": False,
            "validated": True,
            "limits": {"run_seconds": 10.0},
            "options": {},
            "project": None,
        }
        return recorder.began(**facts | changed)

    return _record


@pytest.fixture
def outcome():
    """The result object of a run, with the named facts changed."""

    def _outcome(**changed):
        usual = Outcome(execution_id="", status=Status.SUCCESS, message="It ran.")
        return usual.as_dict() | changed

    return _outcome


@pytest.fixture
def violation():
    """A violation as the result object has it."""

    def _violation(**changed):
        usual = {
            "category": "blocked_pattern",
            "rule": "system-call",
            "severity": "high",
            "message": "system() starts other programs.",
            "file": "main.c",
            "line": 3,
            "column": 5,
            "end_column": 11,
            "suggestion": None,
        }
        return usual | changed

    return _violation


@pytest.fixture
def refuse(record, outcome, violation):
    """Records a submission of somebody's that was refused; gives its violations."""

    def _refuse(user, *changed, sent=None, **ending):
        # Each is another program, so that each counts towards a pause.
        execution = record(user=user, **{"code_hash": f"{uuid4().int:064x}"} | (sent or {}))
        found = [violation(**one) for one in changed or ({},)]
        recorder.ended(execution.pk, outcome(status="blocked", violations=found, **ending))
        theirs = Violation.objects.filter(execution_id=execution.pk).order_by("id")
        return list(theirs.exclude(category="repeated_violations"))

    return _refuse


@pytest.fixture
def rita(db):
    """A security reviewer."""
    rita = User.objects.create_user("rita", password="rita-and-her-9-rules", is_staff=True)
    rita.groups.add(Group.objects.get(name="security reviewers"))
    return rita


@pytest.fixture
def reviewer(client, rita):
    client.force_login(rita)
    return client


@pytest.fixture
def seal(settings, monkeypatch):
    """Seals all that is settled, without the wait for who might still be committing."""
    settings.AUDIT_SIGNING_KEY = "a key of the tests, as long as need be"
    monkeypatch.setattr(seals, "GRACE", timedelta(0))
    return seals.seal


@pytest.fixture
def findings():
    """What is wrong with the records, in words."""
    return lambda anchors=(): [str(one) for one in Verification(dict(anchors)).findings()]


@pytest.fixture
def attacker(db):
    """Changes the database with SQL, as somebody who is its master and has no key."""
    before = transaction.savepoint()

    def _attacker(statement, values=()):
        triggers.remove()
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount

    yield _attacker
    # Foreign keys are checked at the end, and an attacker does not care for them.
    transaction.savepoint_rollback(before)
