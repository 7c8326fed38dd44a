"""Two who work on the records at once: neither makes the other one's work look wrong."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from audit import recorder, retention
from audit.decisions import decide
from audit.models import Decision, Execution, Violation
from tests.audit.aging import set_times


def ended(record, outcome, **sent):
    """An execution that ended two days ago."""
    execution = record(**sent)
    recorder.ended(execution.pk, outcome())
    two_days_ago = timezone.now() - timedelta(days=2)
    set_times(Execution.objects.filter(pk=execution.pk), ended=two_days_ago)
    return execution


class Meanwhile:
    """Does something once, just before the first query that has ``words`` in it."""

    def __init__(self, words, do):
        self._words, self._do = words, do

    def __call__(self, execute, sql, params, many, context):
        if self._do and self._words in sql:
            do, self._do = self._do, None
            do()
        return execute(sql, params, many, context)


def test_of_two_decisions_at_once_the_later_one_is_what_the_violation_says(
    refuse, alice, dora, findings
):
    violation = refuse(alice)[0]
    both = Violation.objects.filter(pk=violation.pk)

    def faster():
        decide(both, dora, "confirmed", "was faster")

    with connection.execute_wrapper(Meanwhile('FROM "audit_violation"', faster)):
        decide(both, dora, "dismissed", "came to the same violation")
    last = Decision.objects.order_by("-created", "-id").first()
    assert Violation.objects.get().state == last.state
    assert Decision.objects.count() == 2
    assert findings() == []


SEALED = 'FROM "audit_execution" WHERE "seal_id" ='


def test_records_that_are_pruned_while_somebody_verifies_are_not_missing(
    record, outcome, seal, findings
):
    ended(record, outcome)
    seal()

    def prune():
        assert retention.prune(retention.CATEGORIES["clean"], 1) == 1

    with connection.execute_wrapper(Meanwhile(SEALED, prune)):
        assert findings() == []


@pytest.mark.parametrize("sealed", [True, False])
def test_a_person_who_is_forgotten_while_somebody_verifies_was_not_taken_out_unseen(
    record, outcome, seal, findings, alice, sealed
):
    ended(record, outcome, user=alice)
    if sealed:
        seal()

    def forget():
        User.objects.get(pk=alice.pk).delete()
        seal()

    words = SEALED if sealed else 'FROM "audit_seal" ORDER BY'
    with connection.execute_wrapper(Meanwhile(words, forget)):
        assert findings() == []
    assert Execution.objects.get().username.startswith("deleted-")
