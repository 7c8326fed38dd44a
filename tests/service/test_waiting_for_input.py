"""Programs that wait for input hold no place, within limits of their own."""

import pytest

from tests.service.serving import LAST_WORDS, Person, eventually

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
ASKS = '#include <stdio.h>\nint main() { printf("ready? "); getchar(); return 0; }\n'
ASKS_THEN_COMPUTES = """\
#include <stdio.h>
int main() { printf("ready? "); getchar(); puts("go"); for (volatile int i = 0;; i++) ; }
"""


def wait_for_input(socket, source=ASKS):
    """Start a program; return the message that it waits for input."""
    socket.start(source, interactive=True)
    return socket.until("waiting")[-1]


@pytest.fixture(scope="module")
def roomy(serve):
    return serve(SANDBOX_CONCURRENCY=1, WAITING_MOST=8, WAITING_PER_NETWORK=8, SANDBOX_POOL_SIZE=0)


@pytest.fixture(scope="module")
def people(roomy):
    return [Person(roomy, name).log_in() for name in ("alice", "bob", "charlie")]


def test_program_that_waits_for_input_gives_its_place_to_the_next(people):
    alice, bob, charlie = people
    with alice.socket() as first, bob.socket() as second, charlie.socket() as third:
        assert 100 < wait_for_input(first)["idle_seconds"] <= 120
        wait_for_input(second)
        answer = third.run(HELLO)
        assert answer[0]["position"] == 0
        assert answer[-1]["status"] == "success"
        for socket in (first, second):
            socket.send("stdin", data="\n")
            assert socket.result()["status"] == "success"


def test_program_that_computes_again_counts_and_new_ones_wait(people):
    alice, bob, charlie = people
    with alice.socket() as first, bob.socket() as second, charlie.socket() as third:
        wait_for_input(first, ASKS_THEN_COMPUTES)
        first.send("stdin", data="\n")
        first.until("waiting", idle_seconds=None)
        second.send("run", source=HELLO)
        assert second.until("stage")[-1]["stage"] == "queued"
        third.send("run", source=HELLO)
        assert third.until("accepted")[-1]["position"] == 2
        first.send("stop")
        assert first.result()["status"] == "stopped"
        assert second.result()["status"] == third.result()["status"] == "success"


def test_reattached_page_gets_only_the_latest_waiting_message(people):
    source = ASKS.replace("return 0", 'printf("sure? "); getchar(); return 0')
    with people[0].socket() as first:
        execution_id = first.start(source, interactive=True)
        first.until("waiting")
        first.send("stdin", data="\n")
        first.until_shown("sure? ")
        eventually(lambda: first.until("waiting")[-1]["idle_seconds"])
    with people[0].socket() as second:
        second.send("attach", execution_id=execution_id)
        seen = second.until("waiting")
        assert 0 < seen[-1]["idle_seconds"] < 120
        assert "sure? " in "".join(one.get("data", "") for one in seen)
        second.send("stop")
        assert second.result()["status"] == "stopped"


@pytest.fixture(scope="module")
def crowded(serve):
    """One program may wait without a place, one more may compute."""
    return serve(
        SANDBOX_CONCURRENCY=1, WAITING_MOST=1, WAITING_FLOOR_SECONDS=2, SANDBOX_POOL_SIZE=0
    )


def test_waiting_program_that_blocks_others_gets_less_time_and_a_reason(crowded):
    alice, bob, charlie = (Person(crowded, name).log_in() for name in ("alice", "bob", "charlie"))
    with alice.socket() as first, bob.socket() as second, charlie.socket() as third:
        wait_for_input(first)
        wait_for_input(second)
        assert third.run(HELLO)[-1]["status"] == "success"
        ended = eventually(lambda: _ended(second))
        assert ended["status"] == "idle_timeout"
        assert "waited 2 s for input while other programs were queueing" in ended["message"]


def _ended(socket):
    message = socket.receive()
    return message if message["type"] in LAST_WORDS else None
