"""Whoever writes the database cannot rewrite the records: the head file and the journal tell."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from audit import alarm, alerts, head_file, journal, recorder, recovery, rounds, seals
from audit.acceptance import accept
from audit.findings import Refused
from audit.models import Execution, Notification, Pause, Violation
from audit.sealed import JournalEntry, Removal, Seal, What
from tests.service.serving import copy_of

STATEMENTS_OF_A_FORGER = (
    "UPDATE audit_execution SET seal_id = NULL",
    "UPDATE audit_decision SET seal_id = NULL",
    "UPDATE audit_pause SET seal_id = NULL",
    "UPDATE audit_removal SET seal_id = NULL",
    "DELETE FROM audit_seal",
    "UPDATE audit_execution SET stdout = 'forged', username = 'bob'",
)


@pytest.fixture
def ran(record, outcome, alice):
    """Records an execution of alice's that has ended."""

    def _ran(**sent):
        execution = record(user=alice, **sent)
        recorder.ended(execution.pk, outcome())
        return execution

    return _ran


@pytest.fixture
def verify(capsys):
    """Run ``audit verify``; return its exit code and its output."""

    def _verify():
        try:
            call_command("audit", "verify")
        except CommandError as error:
            return error.returncode, capsys.readouterr().out
        return 0, capsys.readouterr().out

    return _verify


@pytest.fixture
def two_seals(ran, seal):
    """Three sealed records in two seals, and one that no seal covers."""
    ran()
    ran()
    seal()
    ran()
    seal()
    return ran()


def key(execution):
    return execution.pk.hex if connection.vendor == "sqlite" else str(execution.pk)


# What is sealed


def test_server_does_not_sign_records_that_were_rewritten_under_dropped_seals(
    two_seals, seal, attacker, verify
):
    for statement in STATEMENTS_OF_A_FORGER:
        attacker(statement)
    with pytest.raises(Refused, match="the head file knows it"):
        seal()
    assert not Seal.objects.exists()
    code, said = verify()
    assert code == 1
    assert "seal 2: is missing, and the head file knows it" in said


def test_dropped_journal_and_seals_are_found(two_seals, seal, attacker, verify):
    for statement in (*STATEMENTS_OF_A_FORGER, "DELETE FROM audit_journalentry"):
        attacker(statement)
    with pytest.raises(Refused):
        seal()
    code, said = verify()
    assert code == 1
    assert "entries are missing" in said
    assert "was inserted: the journal has no entry for it" in said


@pytest.mark.parametrize(
    "fate", ["DELETE FROM audit_execution", "UPDATE audit_execution SET seal_id = NULL"]
)
def test_dropped_last_seal_is_found(two_seals, seal, attacker, verify, fate):
    attacker(f"{fate} WHERE seal_id = 2")
    attacker("DELETE FROM audit_seal WHERE number = 2")
    with pytest.raises(Refused):
        seal()
    code, said = verify()
    assert code == 1
    assert "seal 2: is missing, and the head file knows it" in said


def test_changed_records_raise_a_critical_violation_that_administrators_see(
    two_seals, attacker, settings, client, dora, seal
):
    settings.ALERT_EMAILS = ["dora@example.org"]
    attacker("UPDATE audit_execution SET username = 'bob' WHERE seal_id IS NULL")
    for _ in range(2):
        with pytest.raises(Refused):
            rounds.seal()
    [violation] = Violation.objects.filter(rule=alarm.RULE)
    assert (violation.severity, violation.category) == ("critical", alerts.ESCAPE_ATTEMPT)
    assert str(two_seals.pk) in violation.message
    assert Notification.objects.count() == 1
    client.force_login(dora)
    first = client.get(reverse("admin:index")).content.decode()
    assert f"execution {two_seals.pk} changed" in first
    detail = client.get(reverse("admin:audit_violation_change", args=[violation.pk]))
    assert detail.status_code == 200
    with pytest.raises(CommandError, match=str(two_seals.pk)):
        call_command("audit", "seal")
    Violation.objects.filter(rule=alarm.RULE).delete()
    assert (
        f"execution {two_seals.pk} changed" in client.get(reverse("admin:index")).content.decode()
    )
    accept("the test is over")
    rounds.seal()
    assert "records were changed" not in client.get(reverse("admin:index")).content.decode()


# What no seal covers yet


def test_deleted_unsealed_record_is_found(two_seals, attacker, verify):
    attacker("DELETE FROM audit_execution WHERE id = %s", [key(two_seals)])
    code, said = verify()
    assert (code, f"execution {two_seals.pk} is missing: it was deleted" in said) == (1, True)


def test_deleted_unsealed_record_is_found_without_its_entries(ran, seal, attacker, verify):
    seal()
    gone = ran()
    ran()
    attacker("DELETE FROM audit_execution WHERE id = %s", [key(gone)])
    attacker("DELETE FROM audit_journalentry WHERE record = %s", [str(gone.pk)])
    code, said = verify()
    assert code == 1
    assert "entries 2 to 3 are missing: records were deleted" in said


def test_deleted_last_record_is_found_without_its_entries(two_seals, attacker, verify, seal):
    attacker("DELETE FROM audit_execution WHERE id = %s", [key(two_seals)])
    attacker("DELETE FROM audit_journalentry WHERE record = %s", [str(two_seals.pk)])
    code, said = verify()
    assert code == 1
    assert "missing at its end, which the head file knows" in said
    with pytest.raises(Refused):
        seal()


def test_deletion_is_found_after_the_server_went_on(two_seals, ran, attacker, verify):
    attacker("DELETE FROM audit_execution WHERE id = %s", [key(two_seals)])
    attacker("DELETE FROM audit_journalentry WHERE record = %s", [str(two_seals.pk)])
    ran()
    code, said = verify()
    assert (code, "are missing: records were deleted" in said) == (1, True)


def test_inserted_record_is_found_and_not_sealed(two_seals, attacker, verify, seal):
    columns = ", ".join(
        f'"{field.column}"' for field in Execution._meta.concrete_fields if field.name != "id"
    )
    other = "00000000000000000000000000000001"
    attacker(
        f"INSERT INTO audit_execution (id, {columns}) SELECT %s, {columns} FROM audit_execution "
        "WHERE id = %s",
        [other, key(two_seals)],
    )
    code, said = verify()
    name = "execution 00000000-0000-0000-0000-000000000001"
    assert (code, f"{name} was inserted: the journal has no entry for it" in said) == (1, True)
    with pytest.raises(Refused, match=name):
        seal()


def test_copied_entry_does_not_cover_an_inserted_record(two_seals, attacker, findings):
    last = JournalEntry.objects.order_by("number").last()
    last.pk, last.number = None, last.number + 1
    last.save(force_insert=True)
    assert any("changed" in one for one in findings())


@pytest.mark.parametrize("ended", [False, True])
def test_reattributed_record_is_found_and_not_sealed(
    seal, record, outcome, attacker, verify, alice, bob, ended
):
    seal()
    execution = record(user=alice)
    if ended:
        recorder.ended(execution.pk, outcome())
    attacker("UPDATE audit_execution SET user_id = %s, username = 'bob'", [bob.pk])
    if not ended:
        recorder.ended(execution.pk, outcome())
    code, said = verify()
    assert (code, f"execution {execution.pk} changed: its sender" in said) == (1, True)
    with pytest.raises(Refused, match="its sender"):
        seal()


@pytest.mark.parametrize(
    "change",
    [
        "stdout = 'x'",
        "ended = '2026-01-01 00:00:00'",
        "state = 'running'",
        "status = 'timeout'",
        "args = '[1]'",
    ],
)
def test_changed_unsealed_record_is_found(two_seals, attacker, findings, change):
    attacker(f"UPDATE audit_execution SET {change} WHERE id = %s", [key(two_seals)])
    assert f"execution {two_seals.pk} changed" in "\n".join(findings())


def test_execution_ended_by_an_attacker_is_found(seal, record, attacker, findings):
    seal()
    execution = record()
    attacker("UPDATE audit_execution SET state = 'ended', status = 'success', ended = created")
    assert findings() == [f"execution {execution.pk} changed: its state differs from the journal"]


def test_unsealed_decisions_and_pauses_are_covered(refuse, alice, seal, rita, attacker, settings):
    from audit.decisions import decide
    from audit.verification import Verification

    settings.REPEATED_VIOLATIONS_COUNT = 1
    seal()
    refuse(alice)
    decide(Violation.objects.all(), rita, "confirmed", "seen")
    assert list(Verification().findings()) == []
    attacker("UPDATE audit_decision SET reviewer_name = 'eve'")
    attacker("UPDATE audit_pause SET until = '2999-01-01 00:00:00'")
    named = {str(one).split(" changed")[0] for one in Verification().findings() if one.record}
    assert {f"pause {Pause.objects.get().pk}"} < named
    assert sum(name.startswith("decision") for name in named) == 2


def test_deleting_an_account_causes_no_finding(two_seals, alice, findings, seal):
    alice.delete()
    assert findings() == []
    seal()
    assert findings() == []


def test_older_copy_of_the_database_is_found(ran, seal, attacker, findings):
    seal()
    before = list(JournalEntry.objects.values_list("pk", flat=True))
    ran()
    Execution.objects.all().delete()
    JournalEntry.objects.exclude(pk__in=before).delete()
    assert "the database is an older copy" in "\n".join(findings())


# Crashes


@pytest.fixture
def crashing(house, tmp_path):
    """Runs Python on a data folder of its own, in a process that may die."""
    data = copy_of(house, tmp_path / "data")

    def _run(*arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=site.BASE_DIR,
            env={"PATH": os.environ["PATH"], "DATA_DIR": str(data)},
            capture_output=True,
            text=True,
            timeout=120,
        )

    _run.data = data
    return _run


PROGRAM = """
import os
from datetime import timedelta
from uuid import uuid4
from audit import head_file, journal, recorder, recovery, seals
from executor.outcome import Outcome, Status
seals.GRACE = timedelta(0)
def ran():
    one = recorder.began(execution_id=uuid4(), user=None, door="page", remote_address="",
        user_agent="", server="", sources={"main.c": b""}, data_files={}, main="main.c", args=[],
        code_hash="", interactive=False, validated=True, limits={}, options={}, project=None)
    outcome = Outcome(execution_id="", status=Status.SUCCESS, message="")
    recorder.ended(one.pk, outcome.as_dict())
def dies_after(module, name):
    real = getattr(module, name)
    def dying(*arguments, **named):
        real(*arguments, **named)
        os._exit(9)
    setattr(module, name, dying)
"""


def test_seal_that_a_crash_interrupted_is_stored_as_announced(crashing):
    died = crashing(
        "shell", "-v0", "-c", PROGRAM + "ran(); dies_after(recovery, 'announce'); seals.seal()"
    )
    assert died.returncode == 9, died.stderr
    verified = crashing("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "1 records in 1 seals" in verified.stdout


def test_seal_that_a_crash_interrupted_is_not_made_of_changed_records(crashing):
    crashing(
        "shell", "-v0", "-c", PROGRAM + "ran(); dies_after(recovery, 'announce'); seals.seal()"
    )
    with closing(sqlite3.connect(crashing.data / "cloister.sqlite3")) as database, database:
        database.execute("UPDATE audit_execution SET stdout = 'forged'")
    verified = crashing("audit", "verify")
    assert verified.returncode == 1
    assert "seal 1: was announced and cannot be made again: execution" in verified.stdout


def test_record_that_a_crash_kept_from_its_commit_is_no_finding(crashing):
    died = crashing(
        "shell", "-v0", "-c", PROGRAM + "ran(); dies_after(head_file.HeadFile, 'append'); ran()"
    )
    assert died.returncode == 9, died.stderr
    verified = crashing("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "1 entries" in verified.stdout
    assert "announced and never committed" in verified.stdout
    assert crashing("shell", "-v0", "-c", PROGRAM + "ran(); seals.seal()").returncode == 0


def test_processes_that_share_a_head_file_share_one_chain(crashing):
    command = [
        sys.executable,
        "manage.py",
        "shell",
        "-v0",
        "-c",
        PROGRAM + "[ran() for _ in range(20)]",
    ]
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(crashing.data)}
    both = [subprocess.Popen(command, cwd=site.BASE_DIR, env=environment) for _ in range(2)]
    assert [one.wait(timeout=120) for one in both] == [0, 0]
    verified = crashing("audit", "verify")
    assert verified.returncode == 0, verified.stdout
    assert "40 wait for a seal" in verified.stdout


def test_notes_that_the_head_file_lost_are_taken_up_again(ran, seal, settings, findings):
    seal()
    kept = settings.AUDIT_HEAD_FILE.read_bytes()
    ran()
    settings.AUDIT_HEAD_FILE = settings.AUDIT_HEAD_FILE.with_name("as_on_the_disk")
    settings.AUDIT_HEAD_FILE.write_bytes(kept + b"entr")
    ran()
    assert findings() == []
    assert len(seal()) == 1


# A restore


def test_restored_database_has_to_be_accepted_with_a_reason(ran, seal, settings, verify, capsys):
    ran()
    seal()
    settings.AUDIT_HEAD_FILE.unlink()  # as in a restored backup, which leaves it out
    head_file._at.cache_clear()
    code, said = verify()
    assert (code, "the head file that belongs to it is missing" in said) == (1, True)
    with pytest.raises(CommandError):
        call_command("audit", "accept")
    call_command("audit", "accept", "--reason", "restored the backup of yesterday")
    capsys.readouterr()
    code, said = verify()
    assert code == 0
    assert "UTC: restored the backup of yesterday" in said
    assert "restored the backup of yesterday" in settings.AUDIT_HEAD_FILE.read_text()
    [accepted] = Removal.objects.filter(what=What.ACCEPTED)
    assert len(seal()) == 1
    accepted.refresh_from_db()
    assert accepted.seal_id == 2
    assert verify()[0] == 0


def test_anchors_of_seals_that_a_restore_lost_are_no_finding_once_accepted(
    two_seals, settings, seal, verify, attacker, tmp_path
):
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "anchors")
    call_command("audit", "anchor", "--file", settings.AUDIT_ANCHOR_FILE)
    attacker("DELETE FROM audit_execution WHERE seal_id = 2")
    attacker("DELETE FROM audit_seal WHERE number = 2")
    assert "is missing, and was anchored" in verify()[1]
    accept("restored")
    assert verify()[0] == 0
    rounds.seal()
    assert verify()[0] == 0


def test_unsigned_acceptance_gives_up_no_seal(two_seals, seal, attacker, findings):
    Removal.objects.create(
        what=What.ACCEPTED,
        records="head was seal 2 x\nhead is seal 1 x",
        key=Seal.objects.first().key,
        signature=Seal.objects.first().signature,
    )
    attacker("DELETE FROM audit_execution WHERE seal_id = 2")
    attacker("DELETE FROM audit_seal WHERE number = 2")
    assert "seal 2: is missing, and was anchored" in findings({2: "0" * 64})


# The files


def test_head_file_is_its_owners_and_stays_small(ran, seal, settings, monkeypatch):
    monkeypatch.setattr(head_file, "COMPACT_BYTES", 1000)
    monkeypatch.setattr(journal, "_LEAST_RETIRED", 4)
    for _ in range(3):
        for _ in range(5):
            ran()
        seal()
    path = settings.AUDIT_HEAD_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size < 1000
    assert JournalEntry.objects.count() < 10
    assert ran()
    assert recovery.recover() is None


def test_process_that_missed_two_replacements_reads_the_file_anew(tmp_path):
    """A file system gives the inode number of the first file to the third."""
    ours, others = (head_file.HeadFile(tmp_path / "head") for _ in range(2))
    with ours.locked():
        ours.begin(fresh=False)
        ours.append([f"entry {number} {number:064x}" for number in range(1, 9)])
    assert others.peek() == ours.peek()
    with ours.locked() as head:
        head.read("kept 8")
        ours.compact(0)
        ours.compact(0)
        ours.append([f"entry {number} {number:064x}" for number in range(9, 30)])
    assert others.peek() == ours.peek()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_that_root_makes_belong_to_the_owner_of_their_folder(ran, settings, tmp_path, seal):
    folder = tmp_path / "owned"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    settings.AUDIT_HEAD_FILE = folder / "audit_head"
    settings.AUDIT_ANCHOR_FILE = str(folder / "anchors")
    ran()
    rounds.seal()
    assert {file.name for file in folder.iterdir()} >= {"audit_head", "audit_head.lock", "anchors"}
    assert {file.stat().st_uid for file in folder.iterdir()} == {12345}


def test_unreadable_head_file_keeps_everything_from_being_recorded(ran, settings, findings):
    ran()
    with settings.AUDIT_HEAD_FILE.open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(head_file.Unreadable, match="nonsense"):
        ran()
    assert "the head file cannot be read" in "\n".join(findings())
    assert "cannot be read" in alarm.current()


def test_checking_alone_seals_nothing(ran, seal):
    ran()
    rounds.check()
    assert not Seal.objects.exists()
    assert seals.head() is None
