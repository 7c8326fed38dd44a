"""The database itself refuses to change what is sealed, to Django and to plain SQL alike."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit import alerts, recorder, triggers
from audit.decisions import decide
from audit.models import Decision, Execution, Pause, Source, Violation
from audit.sealed import Passage, Removal, Seal

COUNTED = (Execution, Violation, Decision, Seal)


@pytest.fixture
def sealed(refuse, seal, alice, rita):
    [violation] = refuse(alice)
    decide(Violation.objects.all(), rita, "confirmed", "")
    seal()
    return violation


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_execution SET stdout = 'other'",
        "UPDATE audit_execution SET username = 'bob'",
        "UPDATE audit_execution SET user_id = NULL",
        "UPDATE audit_execution SET seal_id = NULL",
        "UPDATE audit_violation SET rule = 'other'",
        "UPDATE audit_decision SET state = 'dismissed'",
        "UPDATE audit_seal SET root = 'other'",
        "UPDATE audit_source SET packed = NULL",
        "DELETE FROM audit_execution",
        "DELETE FROM audit_violation",
        "DELETE FROM audit_decision",
        "DELETE FROM audit_seal",
        "INSERT INTO audit_violation (execution_id, category, rule, severity, message, file, "
        "suggestion, created, state, reviewer_name, note) SELECT execution_id, category, rule, "
        "severity, message, file, suggestion, created, state, reviewer_name, note "
        "FROM audit_violation",
    ],
)
def test_what_is_sealed_cannot_be_changed_by_a_statement(sealed, statement):
    before = [model.objects.count() for model in COUNTED]
    with pytest.raises(DatabaseError, match="sealed and cannot be changed"):
        run(statement)
    assert [model.objects.count() for model in COUNTED] == before


def test_a_removal_cannot_be_taken_back(sealed, alice):
    alice.delete()
    with pytest.raises(DatabaseError, match="sealed"):
        Removal.objects.all().delete()


def test_what_is_not_sealed_yet_goes_on(sealed, record, outcome):
    execution = record()
    recorder.started(execution.pk)
    assert recorder.ended(execution.pk, outcome())


def test_a_violation_of_a_sealed_record_can_be_reviewed(sealed, rita, findings):
    decide(Violation.objects.all(), rita, "dismissed", "a mistake")
    sealed.refresh_from_db()
    assert (sealed.state, sealed.reviewer_name) == ("dismissed", "rita")
    assert findings() == []


def test_a_reviewers_account_can_go(sealed, rita, findings):
    rita.delete()
    assert Decision.objects.get().reviewer_name == "rita"
    assert findings() == []


def test_a_pause_that_is_over_cannot_be_moved(refuse, seal, alice, rita, settings):
    settings.REPEATED_VIOLATIONS_COUNT = 1
    refuse(alice)
    assert alerts.lift(Pause.objects.get(), rita)
    seal()
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        Pause.objects.update(reason="none")
    rita.delete()
    assert Pause.objects.get().lifted_by_name == "rita"


def test_a_passage_is_never_left_open(sealed):
    with triggers.passage():
        assert Passage.objects.exists()
    assert not Passage.objects.exists()
    with pytest.raises(ZeroDivisionError), triggers.passage():
        raise ZeroDivisionError
    assert not Passage.objects.exists()


def test_they_are_there_after_every_migration(sealed):
    assert triggers.missing() == []
    triggers.remove()
    assert "audit_source_keeps_update" in triggers.missing()
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        Source.objects.update(packed=None)
