from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User

from audit import recorder
from executor import dispatch
from executor.outcome import Outcome, Status
from executor.submission import Submission


@pytest.fixture
def submit(db):
    """Sends files as a door does, as far as the source policy; gives the execution's id."""

    def _submit(user, files, main="main.c"):
        execution_id = str(uuid4())
        submission = Submission.from_files(files, main)
        dispatch.record_began(execution_id, submission, dispatch.Sender(user, "page"))
        policy = dispatch.policy_from_settings()
        found = policy.violations(submission.files, submission.main, settings.LIMITS)
        status = Status.BLOCKED if found else Status.SUCCESS
        ending = Outcome(execution_id, status, "It ended.", violations=found)
        recorder.ended(execution_id, ending.as_dict())
        return execution_id

    return _submit


@pytest.fixture
def rita(db):
    """A security reviewer."""
    rita = User.objects.create_user("rita", password="rita-and-her-9-rules", is_staff=True)
    rita.groups.add(Group.objects.get(name="security reviewers"))
    return rita
