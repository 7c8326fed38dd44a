from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, User

from audit import recorder
from audit.models import Violation
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
        execution = record(user=user, **(sent or {}))
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
