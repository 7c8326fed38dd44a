"""A copy of a share keeps its origin, and so do the records of its executions."""

from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync

from audit import recorder
from audit.models import Violation
from executor import admission, saved
from executor.messages import Saved
from executor.outcome import Outcome, Status
from tests.workspace.browsers import Browser
from tests.workspace.test_shares import FILES, page, shared
from workspace.models import Project, Share

# A thread reads the saved project, so it sees only committed rows.
pytestmark = pytest.mark.django_db(transaction=True)

FOUND = {
    "category": "blocked_pattern",
    "rule": "system-call",
    "severity": "high",
    "message": "system() starts other programs.",
    "file": "main.c",
    "line": 1,
    "column": 1,
    "end_column": 2,
    "suggestion": None,
}


def copied(browser, user, share):
    """Return a copy of a share."""
    assert browser.ask("POST", f"{page(share)}fork/").status_code == 302
    return Project.objects.filter(owner=user).latest("created")


def refused(user, project):
    """The violation of a run of this saved project, recorded as the site does."""
    sent = Saved(str(project.pk), {}, None, None, None, None, False, 80, 24)
    sender = admission.Sender(user, "page")
    submission, sender = async_to_sync(saved.resolved)(sent, sender)
    execution_id = str(uuid4())
    admission.record(execution_id, submission, sender)
    outcome = Outcome(execution_id, Status.BLOCKED, "No.").as_dict() | {"violations": [FOUND]}
    recorder.ended(execution_id, outcome)
    return Violation.objects.get(execution=execution_id, rule="system-call")


@pytest.fixture
def chain(of_alice, of_bob, bob, charlie):
    """alice's project, which bob copied, and charlie copied from him."""
    made = of_alice.make("XOR", FILES)
    bobs = copied(of_bob, bob, shared(of_alice, made))
    share = shared(of_bob, {"id": str(bobs.pk)})
    return made, bobs, copied(Browser(charlie), charlie, share)


def test_copies_of_copies_keep_the_first_and_the_last_origin(chain, of_alice, alice, bob):
    made, bobs, charlies = chain
    first = {"project": made["id"], "name": "XOR", "owner": alice.pk}
    last = {"project": str(bobs.pk), "name": "XOR (copy)", "owner": bob.pk}
    assert [one.items() >= first.items() for one in bobs.origin] == [True]
    assert [one["share"] for one in charlies.origin] == [
        bobs.origin[0]["share"],
        Share.objects.get(project=bobs).pk,
    ]
    assert charlies.origin[0].items() >= first.items()
    assert charlies.origin[1].items() >= last.items()
    assert Project.objects.get(pk=made["id"]).origin == []


def test_reviewer_reads_the_origin_when_share_project_and_account_are_gone(
    chain, client, dora, alice, bob, charlie
):
    made, bobs, charlies = chain
    number = alice.pk
    Share.objects.all().delete()
    alice.delete()
    violation = refused(charlie, charlies)
    client.force_login(dora)
    shown = client.get(f"/admin/audit/violation/{violation.pk}/change/").text
    assert "First copied from" in shown
    assert f"“XOR” of a deleted account (number {number})" in shown
    assert "“XOR (copy)” of bob" in shown
    assert str(bobs.pk) in shown
    assert made["id"] in shown


def test_owner_of_a_copy_reads_options_that_a_run_may_have(chain, charlie):
    violation = refused(charlie, chain[2])
    answer = Browser(charlie).get(f"/api/executions/{violation.execution_id}/")
    assert "origin" not in answer.json()["options"]


def test_project_of_ones_own_has_no_origin(of_alice, alice):
    made = Project.objects.get(pk=of_alice.make("XOR", FILES)["id"])
    assert "origin" not in refused(alice, made).execution.options
