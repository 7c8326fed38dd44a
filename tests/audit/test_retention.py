"""Records go after their time, people when their accounts do, and the chain still fits."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit import alerts, leaves, recorder, retention
from audit.canonical import FORM
from audit.decisions import decide
from audit.models import Decision, Execution, Notification, Pause, Source, Violation
from audit.sealed import Removal, Seal
from audit.verification import Verification
from tests.audit.aging import set_times


@pytest.fixture
def old(record, outcome):
    """Records what ended so many days ago."""

    def _old(days, *violations, **sent):
        execution = record(**sent)
        recorder.ended(execution.pk, outcome(violations=list(violations)))
        if days:
            ended = timezone.now() - timedelta(days=days)
            set_times(Execution.objects.filter(pk=execution.pk), ended=ended)
        return execution

    return _old


def prune(name, days):
    return retention.prune(retention.CATEGORIES[name], days)


def test_what_was_kept_long_enough_goes_and_the_rest_stays(old, seal, findings):
    gone, kept = old(31), old(29, sources={"main.c": b"int x;"})
    seal()
    assert prune("clean", 30) == 1
    assert [one.pk for one in Execution.objects.all()] == [kept.pk]
    assert [one.pk for one in Source.objects.all()] == [kept.source_id]
    assert findings() == []
    removal = Removal.objects.get()
    assert (removal.why, removal.records) == ("kept for 30 days: clean", f"execution {gone.pk}")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="it is SQLite that asks for each row")
def test_what_is_unsealed_is_not_asked_for_again_for_each_record(old, seal):
    old(31)
    seal()
    with CaptureQueriesContext(connection) as asked:
        prune("clean", 30)
    [due] = {one["sql"] for one in asked if "audit_pause" in one["sql"] and "ended" in one["sql"]}
    with connection.cursor() as cursor:
        plan = [row[-1] for row in cursor.execute(f"EXPLAIN QUERY PLAN {due}")]
    # Only whether the execution has violations, which an index answers.
    assert len([step for step in plan if step.startswith("CORRELATED")]) == 1


def test_a_source_that_another_record_needs_stays(old, seal, findings):
    old(31)
    old(1)
    seal()
    prune("clean", 30)
    assert Source.objects.count() == 1
    assert findings() == []


def test_verifying_says_how_much_was_pruned(old, seal):
    for _ in range(3):
        old(31)
    old(1)
    seal()
    prune("clean", 30)
    seal()
    verification = Verification()
    assert list(verification.findings()) == []
    assert (verification.records, verification.pruned, verification.seals) == (5, 3, 2)


def test_each_category_has_its_own_time(old, seal, violation):
    clean = old(31)
    refused = old(31, violation())
    escape = old(31, violation(), violation(category="escape_attempt"))
    seal()
    for name, one in (("clean", clean), ("violations", refused), ("escapes", escape)):
        assert prune(name, 30) == 1
        assert not Execution.objects.filter(pk=one.pk).exists()


def test_decisions_and_pauses_go_with_their_execution(
    refuse, seal, alice, rita, findings, settings
):
    settings.REPEATED_VIOLATIONS_COUNT = 1
    refuse(alice)
    decide(Violation.objects.all(), rita, "confirmed", "")
    alerts.lift(Pause.objects.get(), rita)
    set_times(Execution.objects.all(), ended=timezone.now() - timedelta(days=40))
    seal()
    assert prune("escapes", 30) == 1
    for model in (Execution, Violation, Decision, Pause):
        assert not model.objects.exists()
    assert findings() == []


def test_a_record_with_a_decision_that_is_not_sealed_waits(refuse, seal, alice, rita):
    refuse(alice)
    set_times(Execution.objects.all(), ended=timezone.now() - timedelta(days=40))
    seal()
    decide(Violation.objects.all(), rita, "confirmed", "")
    assert prune("violations", 30) == 0
    seal()
    assert prune("violations", 30) == 1


def test_a_record_that_is_not_sealed_is_not_pruned(old):
    old(31)
    assert prune("clean", 30) == 0


def test_nobody_can_pass_a_deletion_off_as_pruning(old, seal, attacker, findings):
    one = old(31)
    seal()
    attacker("DELETE FROM audit_execution")
    Removal.objects.create(
        what="pruned",
        why="kept for 30 days: clean",
        from_seal=1,
        records=f"execution {one.pk}",
        key=Seal.objects.get().key,
        signature=Seal.objects.get().signature,
    )
    assert f"seal 1: execution {one.pk} is missing" in findings()


def test_who_deletes_an_account_keeps_its_records_under_one_pseudonym(
    old, seal, alice, bob, findings
):
    sealed = old(2, user=alice, remote_address="192.0.2.9", stdin=b"My name is Alice")
    other = old(2, user=bob)
    seal()
    unsealed = old(0, user=alice)
    User.objects.get(pk=alice.pk).delete()
    one, two = (Execution.objects.get(pk=it.pk) for it in (sealed, unsealed))
    assert one.username == two.username
    assert one.username.startswith("deleted-")
    assert (one.user, one.remote_address, one.user_agent, one.salt) == (None, "", "", "")
    assert (one.input_kept, one.input_sha256, one.input_bytes) == ("", "", 16)
    assert Execution.objects.get(pk=other.pk).username == "bob"
    assert findings() == []


def test_input_typed_after_its_user_was_erased_is_not_kept(record, outcome, alice, seal, findings):
    execution = record(user=alice, stdin=b"Alice")
    User.objects.get(pk=alice.pk).delete()
    typed = {"input_bytes": 9, "input_sha256": "1" * 64, "input_kept_base64": "QWxpY2UgQi4="}
    recorder.ended(execution.pk, outcome(**typed))
    execution.refresh_from_db()
    assert (execution.input_kept, execution.input_sha256) == ("", "")
    seal()
    assert findings() == []


def test_nothing_of_a_forgotten_name_is_left_in_the_database(
    refuse, alice, seal, settings, findings
):
    settings.REPEATED_VIOLATIONS_COUNT = 1
    settings.ALERT_EMAILS = ["dora@example.org"]
    refuse(alice)
    User.objects.get(pk=alice.pk).delete()
    for model in (Execution, Violation, Pause, Notification, Removal):
        assert model.objects.exists()
        assert "alice" not in str(list(model.objects.values()))
    seal()
    assert findings() == []


def test_who_never_sent_anything_leaves_no_trace(alice):
    alice.delete()
    assert not Removal.objects.exists()


def test_a_person_cannot_be_taken_out_without_a_word(old, seal, attacker, alice, findings):
    one = old(2, user=alice)
    seal()
    commitment = leaf_commitment()
    attacker(
        "UPDATE audit_execution SET user_id = NULL, username = 'deleted-000000000000', "
        "remote_address = '', user_agent = '', salt = '', commitment = %s, "
        "input_sha256 = '', input_kept = ''",
        [commitment],
    )
    assert findings() == [
        f"seal 1: execution {one.pk} changed: it lost its person, and no removal says why"
    ]


def test_an_address_cannot_be_changed_behind_a_commitment(old, seal, attacker, alice, findings):
    one = old(2, user=alice)
    seal()
    attacker("UPDATE audit_execution SET username = 'bob', commitment = %s", [leaf_commitment()])
    assert f"execution {one.pk} changed" in findings()[0]


def test_a_person_cannot_become_another_forgotten_one(old, seal, attacker, alice, bob, findings):
    one, other = old(2, user=alice), old(2, user=bob)
    seal()
    alice.delete()
    bob.delete()
    attacker(
        "UPDATE audit_execution SET username = (SELECT username FROM audit_execution "
        "WHERE id = %s) WHERE id = %s",
        [other.pk.hex, one.pk.hex],
    )
    assert f"execution {one.pk} changed" in findings()[0]


def leaf_commitment():
    """What somebody who reads the database can work out."""
    return json.loads(next(iter(leaves.of_seal(1, FORM))).text)["personal"]
