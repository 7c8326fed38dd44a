import base64
import hashlib
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import recorder
from audit.models import Execution, Source, State, Violation


def test_a_submission_is_on_record_before_it_runs(record, alice):
    data = b"4 2 1\n"
    execution = record(user=alice, data_files={"xor.data": data}, args=["-n", "5"])

    stored = Execution.objects.get(pk=execution.pk)
    assert (stored.state, stored.username, stored.args) == (State.QUEUED, "alice", ["-n", "5"])
    assert stored.data_files == [
        {"name": "xor.data", "size": 6, "sha256": hashlib.sha256(data).hexdigest()}
    ]
    assert stored.started is None
    assert stored.ended is None


def test_a_record_that_could_still_be_rolled_back_is_refused(record):
    # Django's tests run in a transaction of their own, which durable blocks overlook.
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        record()


def test_the_same_id_is_never_recorded_twice(record):
    execution = record()
    with pytest.raises(IntegrityError):
        record(execution_id=execution.pk)


def test_the_same_source_is_stored_once(record, alice, bob):
    first, second = record(user=alice), record(user=bob)
    assert first.source_id == second.source_id
    assert Source.objects.count() == 1


def test_files_with_the_same_bytes_and_another_name_are_another_source(record):
    assert record(sources={"a.c": b""}).source_id != record(sources={"b.c": b""}).source_id


def test_one_file_cannot_be_made_to_stand_for_two(record):
    two = record(sources={"a.c": b"x", "b.c": b"y"}, code_hash="same")
    one = record(sources={"main.c": b"a.c\x001\x00xb.c\x001\x00y"}, code_hash="same")
    assert one.source_id != two.source_id


@pytest.mark.parametrize(
    "content",
    [b"", "ünïcode ✓\r\n".encode(), b"latin \xe9", b"a\0b", bytes(range(256)), "␀".encode()],
)
def test_a_source_comes_back_byte_for_byte(record, content):
    execution = record(sources={"main.c": content})
    assert Source.objects.get(pk=execution.source_id).contents() == {"main.c": content}


def test_its_turn_comes_once(record):
    execution = record()
    assert recorder.started(execution.pk)
    assert not recorder.started(execution.pk)
    execution.refresh_from_db()
    assert execution.state == State.RUNNING
    assert execution.started is not None


def test_who_has_a_place_already_is_on_record_as_running_from_the_first_commit(record):
    stored = Execution.objects.get(pk=record(running=True).pk)
    assert (stored.state, stored.started) == (State.RUNNING, stored.created)
    assert not recorder.started(stored.pk)


def test_the_ending_is_stored_whole(record, outcome, violation):
    execution = record()
    recorder.started(execution.pk)
    facts = {
        "status": "blocked_syscall",
        "message": "The program asked for ptrace.",
        "stdout": "before\n",
        "stderr": "oh\n",
        "compiler_output": "a note",
        "exit_code": 1,
        "signal": "SIGSYS",
        "blocked_syscall": "ptrace",
        "diagnostics": [{"severity": "note", "message": "m", "file": "main.c", "line": 1}],
        "policy_version": "1",
        "image": "ruv-sandbox",
        "container": "sandbox_0123456789ab",
        "queue_ms": 1.5,
        "container_start_ms": 2.5,
        "compile_ms": 3.5,
        "run_ms": 4.5,
        "cpu_ms": 5.5,
        "total_ms": 6.5,
        "peak_memory_bytes": 2**40,
        "output_bytes": 10,
        "truncated": True,
        "walls": {"landlock": 4},
    }
    files = [{"name": "x.net", "size": 3, "sha256": "00", "content_base64": "AAAA"}]
    assert recorder.ended(
        execution.pk, outcome(**facts, files=files, violations=[violation(), violation(line=9)])
    )

    execution.refresh_from_db()
    assert execution.state == State.ENDED
    assert execution.ended >= execution.started >= execution.created
    assert {name: getattr(execution, name) for name in facts} == facts
    assert execution.output_files == [{"name": "x.net", "size": 3, "sha256": "00"}]
    assert [found.place for found in execution.violations.order_by("id")] == [
        "main.c:3:5",
        "main.c:9:5",
    ]


def test_a_refused_submission_ends_without_ever_running(record, outcome, violation):
    execution = record()
    assert recorder.ended(execution.pk, outcome(status="blocked", violations=[violation()]))
    execution.refresh_from_db()
    assert (execution.state, execution.started) == (State.ENDED, None)


def test_the_first_ending_stands(record, outcome, violation):
    execution = record()
    assert recorder.ended(execution.pk, outcome(message="first"))
    assert not recorder.ended(execution.pk, outcome(message="second", violations=[violation()]))
    assert not recorder.started(execution.pk)
    execution.refresh_from_db()
    assert (execution.state, execution.message) == (State.ENDED, "first")
    assert not Violation.objects.exists()


def test_an_ending_of_nothing_is_an_error(db, outcome):
    with pytest.raises(Execution.DoesNotExist):
        recorder.ended(uuid4(), outcome())


def test_an_incomplete_ending_is_an_error_and_changes_nothing(record, outcome):
    execution = record()
    partial = outcome()
    del partial["cpu_ms"]
    with pytest.raises(KeyError, match="cpu_ms"):
        recorder.ended(execution.pk, partial)
    execution.refresh_from_db()
    assert execution.state == State.QUEUED


def test_an_ending_whose_violations_cannot_be_stored_is_no_ending(record, outcome, violation):
    execution = record()
    with pytest.raises(IntegrityError):
        recorder.ended(execution.pk, outcome(violations=[violation(line=-1)]))
    execution.refresh_from_db()
    assert execution.state == State.QUEUED


def test_text_that_postgresql_refuses_is_made_storable(record, outcome, violation):
    execution = record(args=["a\0b", "\ud800"], user_agent="x\0" * 1000)
    diagnostics = [{"message": "in “\0”", "file": None}]
    recorder.ended(
        execution.pk,
        outcome(stdout="1\0002", diagnostics=diagnostics, violations=[violation(message="\0")]),
    )
    execution.refresh_from_db()
    assert execution.args == ["a␀b", "\N{REPLACEMENT CHARACTER}"]
    assert execution.user_agent == "x␀" * 200
    assert execution.stdout == "1␀2"
    assert execution.diagnostics == [{"message": "in “␀”", "file": None}]
    assert execution.violations.get().message == "␀"


def test_what_a_stopped_server_left_behind_is_marked_as_lost(record, outcome):
    queued, running = record(server="old"), record(server="old")
    recorder.started(running.pk)
    done = record(server="old")
    recorder.ended(done.pk, outcome())
    ours = record(server="new")

    assert recorder.sweep_lost(lambda server: server == "new") == 2

    states = dict(Execution.objects.values_list("pk", "state"))
    assert states == {
        queued.pk: State.LOST,
        running.pk: State.LOST,
        done.pk: State.ENDED,
        ours.pk: State.QUEUED,
    }
    queued.refresh_from_db()
    assert (queued.status, queued.message) == ("sandbox_error", recorder.LOST_MESSAGE)
    assert queued.ended is not None


def test_what_was_given_up_as_lost_stays_lost(record, outcome):
    execution = record()
    recorder.sweep_lost(lambda server: False)
    assert not recorder.ended(execution.pk, outcome())
    assert recorder.sweep_lost(lambda server: False) == 0


def test_a_record_outlives_the_account(record, alice):
    execution = record(user=alice)
    alice.delete()
    execution.refresh_from_db()
    assert execution.user is None
    assert execution.username.startswith("deleted-")


def test_many_violations_are_stored_in_few_queries(record, outcome, violation):
    execution = record()
    with CaptureQueriesContext(connection) as queries:
        recorder.ended(execution.pk, outcome(violations=[violation()] * 200))
    assert execution.violations.count() == 200
    assert len(queries) < 15


def test_typed_input_replaces_what_was_given_and_is_kept_up_to_a_bound(record, outcome, settings):
    settings.RECORD_INPUT_BYTES = 8
    execution = record(stdin=b"given and more")
    stored = Execution.objects.get(pk=execution.pk)
    assert (stored.input, stored.input_bytes) == (b"given an", 14)
    typed = b"given and more, typed"
    kept = base64.b64encode(typed).decode()
    digest = hashlib.sha256(typed).hexdigest()
    recorder.ended(
        execution.pk,
        outcome(input_bytes=len(typed), input_sha256=digest, input_kept_base64=kept),
    )
    stored.refresh_from_db()
    assert (stored.input, stored.input_bytes) == (b"given an", 21)
    assert stored.input_sha256 == digest
