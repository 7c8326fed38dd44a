"""The operator's side of the records: seal, verify, anchor, prune, export."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit import recorder, rounds, signing
from audit.models import Execution, Notification
from audit.sealed import Seal
from tests.audit.aging import set_times

VERIFIER = Path(site.BASE_DIR) / "docs/verify_export.py"


@pytest.fixture
def audit(capsys, seal):
    """Runs ``manage.py audit``; what it printed."""

    def _audit(*arguments):
        call_command("audit", *arguments)
        return capsys.readouterr().out

    return _audit


@pytest.fixture
def ended(record, outcome, alice):
    """Records an execution of alice's that has ended."""

    def _ended(**sent):
        execution = record(user=alice, **sent)
        recorder.ended(execution.pk, outcome())
        return execution

    return _ended


def test_what_is_as_it_was_sealed_is_verified_with_its_head(audit, ended):
    ended()
    assert audit("seal") == "1 records in 1 new seals.\n"
    assert audit("verify").splitlines()[-1] == f"head 1 {Seal.objects.get().digest()}"


def test_what_changed_is_named_and_the_exit_code_is_not_0(audit, ended, attacker, capsys):
    execution = ended()
    audit("seal")
    attacker("UPDATE audit_execution SET stdout = 'x'")
    with pytest.raises(CommandError, match="1 findings") as failed:
        audit("verify")
    assert failed.value.returncode == 1
    assert f"seal 1: execution {execution.pk} changed" in capsys.readouterr().out


def test_triggers_that_are_gone_are_mentioned(audit, ended, attacker):
    ended()
    audit("seal")
    attacker("SELECT 1")
    assert "audit_execution_keeps_update" in audit("verify")


def test_every_round_is_anchored_where_the_settings_say(audit, ended, settings, tmp_path):
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "anchors")
    for _ in range(2):
        ended()
        assert rounds.seal() == 1
    assert rounds.seal() == 0
    lines = (tmp_path / "anchors").read_text().splitlines()
    assert [line.split()[1:3] for line in lines] == [
        [str(one.number), one.digest()] for one in Seal.objects.all()
    ]
    assert audit("verify")


def test_a_cut_off_end_is_missed_where_there_are_anchors(
    audit, ended, settings, tmp_path, attacker, capsys
):
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "anchors")
    ended()
    rounds.seal()
    attacker("DELETE FROM audit_execution")
    attacker("DELETE FROM audit_seal")
    with pytest.raises(CommandError):
        audit("verify")
    assert "seal 1: is missing, and was anchored" in capsys.readouterr().out


def test_anchors_that_went_are_not_passed_over(audit, ended, settings, tmp_path):
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "anchors")
    ended()
    rounds.seal()
    (tmp_path / "anchors").write_text("nonsense\n")
    with pytest.raises(CommandError, match="Line 1"):
        audit("verify")
    (tmp_path / "anchors").unlink()
    with pytest.raises(CommandError, match="cannot be read"):
        audit("verify")


def test_the_head_can_be_printed_appended_and_sent(audit, ended, settings, tmp_path):
    ended()
    audit("seal")
    digest = Seal.objects.get().digest()
    assert audit("anchor").split()[1:3] == ["1", digest]
    audit("anchor", "--file", str(tmp_path / "anchors"))
    assert digest in audit("verify", "--anchors", str(tmp_path / "anchors"))
    settings.ALERT_EMAILS = ["dora@example.org"]
    audit("anchor", "--notify")
    assert digest in Notification.objects.get().payload["anchor"]


def test_the_head_arrives_by_e_mail(audit, ended, settings, mailoutbox):
    settings.ALERT_EMAILS = ["dora@example.org"]
    ended()
    audit("seal")
    audit("anchor", "--notify")
    call_command("notify")
    assert Seal.objects.get().digest() in mailoutbox[0].body
    assert "head" in mailoutbox[0].subject


def test_without_a_seal_or_a_channel_there_is_a_word(audit, ended):
    with pytest.raises(CommandError, match="no seal yet"):
        audit("anchor")
    ended()
    audit("seal")
    with pytest.raises(CommandError, match="ALERT_EMAILS"):
        audit("anchor", "--notify")


def test_pruning_obeys_the_settings_and_seals_before(audit, ended, settings, findings):
    ended()
    set_times(Execution.objects.all(), ended=timezone.now() - timedelta(days=8))
    assert audit("prune") == ""
    settings.AUDIT_KEEP_DAYS = 7
    assert audit("prune") == "clean: 1 executions older than 7 days.\n"
    assert findings() == []


def test_pruning_by_hand_needs_a_category(audit, db):
    with pytest.raises(CommandError, match="--category"):
        audit("prune", "--days", "1")
    with pytest.raises(CommandError, match="kept for good"):
        audit("prune", "--category", "escapes")
    with pytest.raises(CommandError, match="days"):
        audit("prune", "--category", "clean", "--days", "0")


# The export


@pytest.fixture
def exported(audit, ended, alice, bob, record, outcome, tmp_path):
    """An export with two seals, of which one lost a record to pruning and one its person."""
    old = ended(sources={"old.c": b"int x;"})
    set_times(Execution.objects.filter(pk=old.pk), ended=timezone.now() - timedelta(days=9))
    ended(sources={"main.c": "// ünïcode \U0001f600".encode()})
    audit("seal")
    audit("prune", "--category", "clean", "--days", "7")
    alice.delete()
    recorder.ended(record(user=bob).pk, outcome())
    audit("seal")
    path = tmp_path / "export.jsonl"
    audit("export", "--output", str(path))
    return path


def verify(path, *arguments):
    """The verifier, alone: no Django, nothing of this checkout."""
    return subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(path), *arguments],
        cwd="/",
        env={},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_export_is_verified_without_this_site(exported):
    done = verify(exported, signing.public_key(), Seal.objects.last().digest())
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.endswith(f"records in 2 seals; head {Seal.objects.last().digest()}\n")


def test_every_line_of_an_export_counts(exported):
    lines = exported.read_text().splitlines(keepends=True)
    for number, line in enumerate(lines):
        exported.write_text("".join(lines[:number] + lines[number + 1 :]))
        head = Seal.objects.last().digest()
        assert verify(exported, signing.public_key(), head).returncode == 1, line


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ('"username": "bob"', '"username": "eve"'),
        ('"status": "success"', '"status": "timeout"'),
        ('"why": "kept for 7 days', '"why": "kept for 9 days'),
        ('"late": false', '"late": true'),
        ("return 0", "return 1"),
    ],
)
def test_a_change_to_an_export_is_found(exported, there, instead):
    text = exported.read_text()
    assert there in text
    exported.write_text(text.replace(there, instead, 1))
    done = verify(exported, signing.public_key())
    assert done.returncode == 1
    assert done.stderr.startswith("WRONG")


def test_an_export_that_was_cut_off_or_signed_by_another_is_refused(exported):
    assert verify(exported, signing.public_key(), "0" * 64).returncode == 1
    assert verify(exported, "1" * 64).returncode == 1


def test_an_export_with_seals_of_an_older_key_needs_both(
    exported, audit, settings, record, outcome
):
    before = signing.public_key()
    settings.AUDIT_SIGNING_KEY = "a new key, because the old one got about"
    settings.AUDIT_TRUSTED_KEYS = [before]
    recorder.ended(record().pk, outcome())
    audit("seal")
    later = exported.with_name("later.jsonl")
    audit("export", "--output", str(later))
    assert verify(later, f"{signing.public_key()},{before}").returncode == 0
    for key, seal in ((before, 3), (signing.public_key(), 1)):
        done = verify(later, key)
        assert f"seal {seal}: is signed with another key" in done.stderr
        assert done.returncode == 1


def test_who_was_forgotten_is_in_no_export(exported):
    assert "alice" not in exported.read_text()
    openings = [
        item["opening"]
        for item in map(json.loads, exported.read_text().splitlines())
        if item["type"] == "record" and item["record"]["kind"] == "execution"
    ]
    assert [bool(opening) for opening in openings] == [False, True]


def test_an_export_never_overwrites_a_file(exported, audit):
    with pytest.raises(CommandError, match="not touched"):
        audit("export", "--output", str(exported))
