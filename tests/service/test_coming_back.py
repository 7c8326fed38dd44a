"""A dropped socket comes back and misses nothing; nobody else sees any of it."""

import uuid

import pytest

from tests.service.serving import Person, eventually, kinds, printed

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 7; }\n'
WAITING = """\
#include <stdio.h>
int main() {
    char line[64];
    puts("one");
    printf("more? ");
    if (fgets(line, sizeof line, stdin)) printf("got %s", line);
    return 0;
}
"""
# As much as one execution may bring out.
BIG = """\
#include <stdio.h>
static char block[4 << 20];
int main() {
    FILE *file = fopen("big.bin", "wb");
    if (!file) return 1;
    fwrite(block, 1, sizeof block, file);
    fwrite(block, 1, sizeof block, file);
    return fclose(file);
}
"""
REFUSED = "#include <unistd.h>\nint main() { return fork(); }\n"


def drop(person, source=WAITING, shown="more? "):
    """Run a program until it has printed ``shown``, then lose the socket; the execution's id."""
    with person.socket() as socket:
        execution_id = socket.start(source, interactive=True)
        socket.until_shown(shown)
    return execution_id


def told_again(person, execution_id):
    with person.socket() as socket:
        socket.send("attach", execution_id=execution_id)
        return socket.until("result", "error")


def test_a_new_socket_gets_everything_from_the_start_and_can_go_on(alice):
    execution_id = drop(alice)
    with alice.socket() as socket:
        socket.send("attach", execution_id=execution_id)
        assert socket.receive() == {
            "type": "accepted",
            "execution_id": execution_id,
            "position": 0,
        }
        assert socket.until_shown("more? ").startswith("one")
        socket.send("stdin", data="some\n")
        socket.until_shown("got some")
        assert socket.result()["status"] == "success"


def test_two_sockets_may_follow_one_execution_and_see_the_same(alice):
    with alice.socket() as first, alice.socket() as second:
        execution_id = first.start(WAITING, interactive=True)
        first.until_shown("more? ")
        second.send("attach", execution_id=execution_id)
        second.until_shown("more? ")
        second.send("stop")
        assert first.result() == second.result()


def test_what_has_ended_is_told_again_message_by_message(alice):
    with alice.socket() as socket:
        messages = socket.run(HELLO)
    assert told_again(alice, messages[0]["execution_id"]) == messages


def test_another_persons_execution_looks_like_one_that_never_was(alice, bob):
    execution_id = drop(alice)
    running = told_again(bob, execution_id)
    assert running == told_again(bob, str(uuid.uuid4()))
    assert running[0]["code"] == "not-found"
    with alice.socket() as socket:
        socket.send("attach", execution_id=execution_id)
        socket.until_shown("more? ")
        socket.send("stop")
        socket.result()
    assert told_again(bob, execution_id) == running


def test_another_person_cannot_type_into_or_stop_a_running_execution(alice, bob):
    with alice.socket() as socket, bob.socket() as other:
        execution_id = socket.start(WAITING, interactive=True)
        socket.until_shown("more? ")
        other.send("attach", execution_id=execution_id)
        assert other.receive()["code"] == "not-found"
        other.send("stop")
        assert other.receive()["code"] == "not-running"
        socket.send("stdin", data="still here\n")
        socket.until_shown("got still here")
        assert socket.result()["status"] == "success"


@pytest.fixture(scope="module")
def further(serve):
    return serve(DETACH_GRACE_SECONDS=1)


def test_a_program_that_nobody_comes_back_to_is_stopped_and_the_record_says_so(further):
    execution_id = drop(Person(further, "alice").log_in())
    record = further.record
    eventually(lambda: record(execution_id)["state"] == "ended")
    assert record(execution_id)["status"] == "stopped"
    assert record(execution_id)["message"] == (
        "The program was stopped because its page was closed and did not come back."
    )
    assert record(execution_id)["stdout"].startswith("one")


def test_big_files_are_kept_for_the_latest_only_and_the_record_for_all(further):
    alice = Person(further, "alice").log_in()
    with alice.socket() as socket:
        runs = [socket.run(BIG) for _ in range(9)]
    first, last = (told_again(alice, run[0]["execution_id"]) for run in (runs[0], runs[-1]))
    assert kinds(runs[0])[-2:] == kinds(last)[-2:] == ["file", "result"]
    assert "file" not in kinds(first)
    assert first[-1] == runs[0][-1]


def test_after_a_restart_the_record_tells_it_again(further):
    alice = Person(further, "alice").log_in()
    with alice.socket() as socket:
        ran, refused = socket.run(HELLO), socket.run(REFUSED)
    assert further.stop() == 0
    further.start()
    again = told_again(alice, ran[0]["execution_id"])
    assert kinds(again) == ["accepted", "output", "result"]
    assert printed(again) == "hello\n"
    assert again[-1] == ran[-1]
    assert told_again(alice, refused[0]["execution_id"])[-1] == refused[-1]


def test_after_a_restart_another_persons_record_still_looks_like_none(further):
    with Person(further, "alice").log_in().socket() as socket:
        execution_id = socket.run(HELLO)[0]["execution_id"]
    assert further.stop() == 0
    further.start()
    bob = Person(further, "bob").log_in()
    assert told_again(bob, execution_id) == told_again(bob, str(uuid.uuid4()))
