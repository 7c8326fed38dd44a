"""Whatever is changed in sealed records is found, and named."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.utils import timezone

from audit import alerts, leaves, recorder, retention, seals, signing
from audit.acceptance import accept
from audit.canonical import FORM, FORMS, VIOLATION, canonical, merkle_root
from audit.decisions import decide
from audit.findings import Refused
from audit.models import Decision, Execution, Pause, State, Violation
from audit.sealed import Removal, Seal

# What may change in a sealed record, and what only ties it to its seal.
FREE = {
    Execution: {"seal_id", "salt", "commitment", "begun_commitment"},
    Violation: {"execution_id", "state", "reviewer_id", "reviewer_name", "note", "reviewed_at"},
    Decision: {"seal_id", "reviewer_id"},
    Pause: {"seal_id", "salt", "commitment", "lifted_by_id"},
    Removal: {"seal_id"},
}
KINDS = {**leaves.MODELS, VIOLATION: Violation}


def fields(model):
    return [field.attname for field in model._meta.concrete_fields]


@pytest.fixture
def sealed(refuse, record, outcome, seal, settings, alice, bob, rita):
    """One record of each kind, and some more: bob's is first, alice's has all there is."""
    settings.REPEATED_VIOLATIONS_COUNT = 1
    plain = record(user=bob)
    recorder.ended(plain.pk, outcome())
    [violation] = refuse(
        alice,
        sent={
            "project": uuid4(),
            "args": ["é", "\x7f", '"'],
            "options": {"warnings": "show"},
            "data_files": {"xor.data": b"1 2"},
        },
        run_ms=1.1e-7,
        stdout="ünïcode \u2028 \U0001f600",
        signal="SIGSEGV",
        exit_code=-11,
        diagnostics=[{"message": "m", "line": 1}],
    )
    decide(Violation.objects.all(), rita, "confirmed", "seen")
    alerts.lift(Pause.objects.get(), rita)
    retention.forget(bob)
    assert len(seal()) == 1
    return Execution.objects.get(pk=violation.execution_id)


def test_what_was_not_touched_is_as_it_was_sealed(sealed, findings):
    assert findings() == []
    assert Seal.objects.get().count == 6  # two executions, two decisions, a pause, a removal


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_record_is_sealed_or_known_to_change(kind):
    shape = FORMS[FORM][kind]
    named = {*shape.fields, *shape.personal}
    assert named | FREE[KINDS[kind]] == set(fields(KINDS[kind]))
    assert not named & FREE[KINDS[kind]]


@pytest.mark.parametrize("kind", leaves.MODELS)
def test_the_quick_text_of_a_record_is_its_canonical_form(sealed, kind):
    own = [one for one in leaves.of_seal(1, FORM) if one.kind == kind]
    assert own
    for one in own:
        assert one.text.encode() == canonical(json.loads(one.text))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, model in KINDS.items()
        for name in fields(model)
        if name not in (FREE[model] - {"seal_id", "salt", "commitment", "execution_id"})
    ],
)
def test_a_change_to_any_field_is_found(sealed, attacker, findings, kind, name):
    model = KINDS[kind]
    one = model.objects.order_by("pk").last() if kind != "execution" else sealed
    field = next(field for field in model._meta.concrete_fields if field.attname == name)
    key = model._meta.pk.get_db_prep_value(one.pk, connection)
    changed = attacker(
        f'UPDATE {model._meta.db_table} SET "{name}" = %s WHERE id = %s',
        [other_than(field, getattr(one, name)), key],
    )
    assert changed == 1
    assert named(kind, one) in "\n".join(findings())


def other_than(field, value):
    """Another value that the column would take, by as little as possible."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.UUIDField):
        return uuid4().hex
    if isinstance(field, models.DateTimeField):
        return (
            "2026-01-01 00:00:00" if value is None else str(value + timedelta(microseconds=1))[:26]
        )
    if isinstance(field, models.JSONField):
        # PostgreSQL stores what JSON means, and not how it is written.
        return json.dumps(value) + " " if connection.vendor == "sqlite" else json.dumps([value])
    if isinstance(field, models.CharField):
        return value[:-1] + ("1" if value.endswith("0") else "0")
    if isinstance(field, models.TextField):
        return f"{value} "
    return 7 if value is None else value + 1


def named(kind, one):
    """The name by which a changed record is known: a violation is part of its execution's."""
    return f"execution {one.execution_id}" if kind == VIOLATION else f"{kind} {one.pk}"


@pytest.mark.parametrize("name", fields(Seal))
def test_a_change_to_any_field_of_a_seal_is_found(sealed, attacker, findings, name):
    before = getattr(Seal.objects.get(), name)
    field = Seal._meta.get_field(name)
    value = other_than(field, before)
    if name == "leaves":
        value = before[:-1] + ("0" if before[-1] != "0" else "1")
    assert attacker(f'UPDATE audit_seal SET "{name}" = %s', [value]) == 1
    assert findings()


def test_a_deleted_record_is_missing(sealed, attacker, findings):
    bobs = Execution.objects.exclude(pk=sealed.pk).get()
    attacker("DELETE FROM audit_execution WHERE id = %s", [bobs.pk.hex])
    assert findings() == [f"seal 1: execution {bobs.pk} is missing"]


def test_a_deleted_violation_changes_its_execution(sealed, attacker, findings):
    attacker("DELETE FROM audit_pause")
    attacker("DELETE FROM audit_decision")
    attacker("DELETE FROM audit_violation WHERE category <> 'repeated_violations'")
    assert findings()[0] == f"seal 1: execution {sealed.pk} changed"


def test_a_record_that_was_put_into_a_seal_is_named(sealed, attacker, findings, record, outcome):
    later = record()
    recorder.ended(later.pk, outcome())
    attacker("UPDATE audit_execution SET seal_id = 1 WHERE id = %s", [later.pk.hex])
    assert findings() == [f"seal 1: execution {later.pk} was inserted"]


@pytest.mark.parametrize("number", [0, 9])
def test_a_record_in_a_seal_that_nobody_made_is_named(sealed, attacker, findings, rita, number):
    decide(Violation.objects.filter(execution=sealed), rita, "dismissed", "forged")
    attacker("UPDATE audit_decision SET seal_id = %s WHERE seal_id IS NULL", [number])
    forged = Decision.objects.filter(seal_id=number).values_list("pk", flat=True)
    assert forged
    assert findings() == [
        f"seal {number}: decision {key} is in a seal that is not there" for key in sorted(forged)
    ]


def test_seals_that_went_without_their_records_are_missed(sealed, attacker, findings):
    attacker("DELETE FROM audit_seal")
    assert f"seal 1: execution {sealed.pk} is in a seal that is not there" in findings()


def test_a_record_with_a_time_that_is_still_to_come_is_named(sealed, attacker, findings, record):
    one = record()
    attacker(
        "UPDATE audit_execution SET state = 'ended', ended = '2999-01-01 00:00:00' WHERE id = %s",
        [one.pk.hex],
    )
    forged, early = findings()
    assert forged == f"execution {one.pk} changed: its state differs from the journal"
    assert early.startswith(f"execution {one.pk} has a time that is still to come")


def test_a_removal_that_nobody_signed_is_named_even_once_it_is_sealed(
    sealed, attacker, findings, seal
):
    forged = Removal.objects.create(what="pruned", records="execution x", from_seal=1, key="00")
    unsigned = f"removal {forged.pk} is not signed with a trusted key"
    assert findings() == [
        f"removal {forged.pk} was inserted: the journal has no entry for it",
        unsigned,
    ]
    accept("a test")
    seal()
    assert findings() == [unsigned]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has one spelling for each")
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("execution", "created = replace(created, ' ', 'T') || 'Z'"),
        ("execution", "ended = replace(ended, ' ', 'T') || 'Z'"),
        ("seal", "created = created || ' '"),
        ("seal", "until = replace(until, ' ', 'T') || 'Z'"),
        ("seal", "late = 2"),
        ("seal", "leaves = upper(leaves)"),
        ("seal", "created = x'00ff'"),
        ("seal", "until = x'00ff'"),
        ("seal", "leaves = x'00ff'"),
        ("seal", "signature = x'00ff'"),
        ("removal", "created = x'00ff'"),
        ("removal", "signature = x'00ff'"),
    ],
)
def test_another_spelling_of_a_value_is_found_and_nonsense_stops_nothing(
    sealed, another, attacker, findings, table, change
):
    another()
    attacker(f"UPDATE audit_{table} SET {change}")
    attacker("UPDATE audit_source SET packed = NULL")
    assert findings()[0].startswith("seal 1: ")
    assert findings()[-1].endswith(f"source {sealed.source_id} changed")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes no such time")
def test_a_seal_that_cannot_be_read_is_not_taken_for_missing(sealed, another, attacker, findings):
    another()
    attacker("UPDATE audit_seal SET created = x'00ff' WHERE number = 1")
    unread, unchained = findings()[:2]
    assert unread.startswith("seal 1: it or a record of it cannot be read")
    assert unchained == "seal 2: does not follow the one before, or that one changed"


def test_the_same_id_with_dashes_is_another_record(sealed, attacker, findings):
    if connection.vendor == "sqlite":
        attacker(
            "UPDATE audit_execution SET id = %s WHERE id = %s", [str(sealed.pk), sealed.pk.hex]
        )
        assert findings()[0] == f"seal 1: execution {sealed.pk} is missing"


@pytest.fixture
def inserted(sealed, record, outcome, attacker):
    """A record that says it ended before the last seal was made."""

    def _inserted(ended="2026-01-01 00:00:00"):
        one = record()
        recorder.ended(one.pk, outcome())
        attacker("UPDATE audit_execution SET ended = %s WHERE id = %s", [ended, one.pk.hex])
        return one

    return _inserted


@pytest.mark.parametrize("ended", ["2026-01-01 00:00:00", None])
def test_a_record_with_a_time_that_was_sealed_already_is_named_and_not_sealed(
    inserted, seal, findings, ended
):
    one = inserted(ended)
    with pytest.raises(Refused, match=f"execution {one.pk} changed"):
        seal()
    changed, late = findings()
    assert changed.startswith(f"execution {one.pk} changed")
    assert late.startswith(f"execution {one.pk} is in no seal")
    accept("looked at, and found right")
    assert [made.count for made in seal()] == [1]  # the acceptance itself
    [late] = findings()
    assert late.startswith(f"execution {one.pk} is in no seal")


def test_what_an_operator_sealed_late_says_so_for_good(inserted, seal, findings):
    inserted()
    accept("looked at, and found right")
    assert [(one.number, one.late, one.count) for one in seal(late=True)] == [(2, True, 1)]
    assert findings() == []


def test_two_records_that_change_places_are_found(sealed, attacker, findings):
    bobs = Execution.objects.exclude(pk=sealed.pk).get()
    aside = uuid4().hex
    for old, new in ((bobs.pk.hex, aside), (sealed.pk.hex, bobs.pk.hex), (aside, sealed.pk.hex)):
        attacker("UPDATE audit_execution SET id = %s WHERE id = %s", [new, old])
    text = "\n".join(findings())
    assert f"execution {bobs.pk} changed" in text
    assert f"execution {sealed.pk} changed" in text


def test_a_changed_source_is_named(sealed, attacker, findings):
    key = sealed.source_id
    attacker("UPDATE audit_source SET packed = %s", [b"main.c"])
    assert findings() == [f"source {key} changed"]


def test_a_source_that_went_is_missed(sealed, attacker, findings):
    attacker("DELETE FROM audit_source")
    assert len(findings()) == Execution.objects.count()
    assert f"execution {sealed.pk} has lost its source" in findings()


@pytest.mark.parametrize("change", ["state = 'dismissed'", "reviewed_at = '2026-01-01 00:00:00'"])
def test_a_review_that_nobody_made_is_named(sealed, attacker, findings, change):
    attacker(f"UPDATE audit_violation SET {change}")
    assert len(findings()) == 2
    assert "says another review than was decided" in findings()[0]


@pytest.fixture
def another(sealed, record, outcome, seal):
    """Makes one more seal, with one record."""

    def _another():
        recorder.ended(record().pk, outcome())
        [made] = seal()
        return made

    return _another


def test_a_seal_that_went_from_the_middle_is_missed(another, attacker, findings):
    another()
    another()
    attacker("DELETE FROM audit_execution WHERE seal_id = 2")
    attacker("DELETE FROM audit_seal WHERE number = 2")
    assert findings()[0] == "seal 2: is missing; the next that is there is seal 3"


def test_head_file_and_anchors_reveal_dropped_newest_seals(another, attacker, findings):
    second = another()
    anchors = {1: Seal.objects.get(number=1).digest(), 2: second.digest()}
    assert findings(anchors) == []
    attacker("DELETE FROM audit_execution WHERE seal_id = 2")
    attacker("DELETE FROM audit_seal WHERE number = 2")
    assert "seal 2: is missing, and the head file knows it" in findings()
    assert "seal 2: is missing, and was anchored" in findings(anchors)


def test_a_chain_that_was_made_anew_with_another_key_is_not_believed(
    sealed, attacker, findings, settings, seal
):
    ours = signing.public_key()
    attacker("UPDATE audit_execution SET seal_id = NULL, stdout = 'forged'")
    for table in ("decision", "pause", "removal"):
        attacker(f"UPDATE audit_{table} SET seal_id = NULL")
    attacker("DELETE FROM audit_seal")
    attacker("DELETE FROM audit_journalentry")
    settings.AUDIT_SIGNING_KEY = "the key of somebody who is not us, at all"
    head_file = settings.AUDIT_HEAD_FILE
    settings.AUDIT_HEAD_FILE = head_file.with_name("theirs")
    accept("theirs")
    seal()
    settings.AUDIT_HEAD_FILE = head_file
    settings.AUDIT_SIGNING_KEY = "a key of the tests, as long as need be"
    assert signing.public_key() == ours
    assert "is signed with a key that is not trusted" in findings()[0]


def test_a_key_that_was_ours_before_is_believed(sealed, settings, findings):
    before = signing.public_key()
    settings.AUDIT_SIGNING_KEY = "a new key, because the old one got about"
    settings.AUDIT_TRUSTED_KEYS = [before]
    assert findings() == []


def test_a_key_that_can_be_guessed_is_refused(settings):
    settings.AUDIT_SIGNING_KEY = "secret"
    with pytest.raises(ImproperlyConfigured, match="at least 32"):
        signing.public_key()


def test_a_record_is_sealed_once_and_only_when_it_has_ended(record, outcome, seal):
    running, done = record(), record()
    recorder.ended(done.pk, outcome())
    assert [one.count for one in seal()] == [1]
    assert seal() == []
    running.refresh_from_db()
    assert running.seal_id is None


def test_who_ended_a_moment_ago_is_left_for_the_next_round(record, outcome):
    recorder.ended(record().pk, outcome())
    assert seals.seal() == []


def test_an_execution_that_was_lost_is_sealed_too(record, seal, findings):
    execution = record(server="dead")
    recorder.sweep_lost(lambda server: False)
    seal()
    execution.refresh_from_db()
    assert (execution.state, execution.seal_id) == (State.LOST, 1)
    assert findings() == []


def test_many_records_go_into_several_seals(record, outcome, seal, findings, monkeypatch):
    monkeypatch.setattr(seals, "BATCH", 3)
    for _ in range(7):
        recorder.ended(record().pk, outcome())
    made = seal()
    assert [one.count for one in made] == [3, 3, 1]
    assert made[0].until == made[1].until < made[2].until
    assert [one.previous for one in made[1:]] == [one.digest() for one in made[:2]]
    assert findings() == []


def test_only_the_last_of_a_round_promises_that_there_is_nothing_more(
    record, outcome, seal, monkeypatch, findings
):
    monkeypatch.setattr(seals, "BATCH", 2)
    for _ in range(3):
        recorder.ended(record().pk, outcome())
    # As if the round had been interrupted after its first batch.
    assert seals._seal_batch(timezone.now(), False, seals.checked())
    assert findings() == []


def test_the_root_is_that_of_rfc_6962():
    # From the test vectors of Certificate Transparency: leaves “”, “\0”, “\x10”.
    leaf_hashes = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    ]
    assert merkle_root(leaf_hashes[:1]) == leaf_hashes[0]
    assert (
        merkle_root(leaf_hashes)
        == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    )
