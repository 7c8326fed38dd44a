"""One place to run and one to wait: who comes when, who is told to come back, who gives up."""

import pytest

from tests.service.serving import Person, kinds, printed

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
WAITING = """\
#include <stdio.h>
int main() {
    printf("ready? ");
    getchar();
    return 0;
}
"""


@pytest.fixture(scope="module")
def narrow(serve):
    """Without a pool, so that every execution passes through “starting”."""
    return serve(SANDBOX_CONCURRENCY=1, QUEUE_LENGTH=1, SANDBOX_POOL_SIZE=0, WAITING_MOST=0)


@pytest.fixture(scope="module")
def people(narrow):
    return [Person(narrow, name).log_in() for name in ("alice", "bob", "charlie")]


@pytest.fixture
def sockets(people):
    with people[0].socket() as first, people[1].socket() as second, people[2].socket() as third:
        yield first, second, third


def occupy(socket):
    """Take the only place and keep it until a key is typed."""
    socket.start(WAITING, interactive=True)
    socket.until_shown("ready? ")


def test_who_waits_is_told_so_and_runs_when_the_turn_comes(sockets, narrow):
    first, second, _ = sockets
    occupy(first)
    second.send("run", source=HELLO)
    accepted, queued = second.until("stage")
    assert (accepted["position"], queued["stage"]) == (1, "queued")
    assert narrow.record(accepted["execution_id"])["state"] == "queued"
    first.send("stdin", data="\n")
    assert first.result()["status"] == "success"
    rest = second.until("result")
    assert kinds(rest) == ["starting", "compile", "link", "run", "output", "result"]
    assert rest[-1]["queue_ms"] > 0


def test_stopping_while_waiting_ends_it_before_it_has_a_sandbox(sockets, narrow):
    first, second, _ = sockets
    occupy(first)
    execution_id = second.start(HELLO)
    second.until("stage", stage="queued")
    second.send("stop")
    result = second.result()
    assert (result["status"], result["container"]) == ("stopped", "")
    assert "while it was waiting" in result["message"]
    assert narrow.record(execution_id)["status"] == "stopped"
    first.send("stop")
    assert first.result()["status"] == "stopped"


def test_when_the_line_is_full_the_next_one_is_refused_unrecorded_and_told_what_to_do(
    sockets, narrow
):
    first, second, third = sockets
    occupy(first)
    second.start(HELLO)
    before = narrow.rows("SELECT count(*) AS n FROM audit_execution")
    refusal = third.run(HELLO)[-1]
    assert (refusal["type"], refusal["code"]) == ("error", "queue-full")
    assert "Try again" in refusal["message"]
    assert narrow.rows("SELECT count(*) AS n FROM audit_execution") == before
    first.send("stop")
    assert second.result()["status"] == "success"
    assert printed(third.run(HELLO)) == "hello\n"


def test_stopping_while_the_sandbox_starts_ends_it_before_it_compiles(sockets, narrow):
    first, second, _ = sockets
    first.send("run", source=HELLO)
    first.send("stop")
    messages = first.until("result")
    assert messages[-1]["status"] == "stopped"
    assert "compile" not in kinds(messages)
    assert printed(second.run(HELLO)) == "hello\n"  # the place is free again


@pytest.fixture(scope="module")
def strict(serve):
    return serve(RUN_RATE="2/h", SANDBOX_POOL_SIZE=0)


def test_past_the_rate_a_person_is_told_how_long_to_wait_and_others_are_not(strict):
    alice, bob = (Person(strict, name).log_in() for name in ("alice", "bob"))
    with alice.socket() as socket, bob.socket() as other:
        # Hours are counted by the clock: two runs may fall into one and two into the next.
        last = [socket.run(HELLO)[-1] for _ in range(5)]
        assert other.run(HELLO)[-1]["status"] == "success"
    refused = [message for message in last if message["type"] == "rate_limited"]
    assert [message["type"] for message in last[:2]] == ["result", "result"]
    assert refused
    seconds = refused[0]["retry_after"]
    assert 1 <= seconds <= 3600
    assert refused[0]["message"] == (
        f"You ran 2 programs in an hour, the limit. You can run again in {seconds} seconds."
    )
    (recorded,) = strict.rows("SELECT count(*) AS n FROM audit_execution WHERE username = 'alice'")
    assert recorded["n"] == 5 - len(refused)


def test_a_new_socket_buys_no_new_runs(strict):
    charlie = Person(strict, "charlie").log_in()
    answers = []
    for _ in range(5):
        with charlie.socket() as socket:
            answers.append(socket.run(HELLO)[-1]["type"])
    assert "rate_limited" in answers
