"""A server whose sandboxes serve again: whose they are, and what the record says."""

import json

import pytest

from tests.service.serving import Person, Server, found_house

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'


@pytest.fixture
def server(tmp_path):
    server = Server(found_house(tmp_path / "data"), SANDBOX_REUSE="person").start()
    yield server
    server.end()


def served(socket):
    result = socket.run(HELLO)[-1]
    assert result["status"] == "success"
    return result


def test_a_person_meets_containers_that_served_nobody_else_and_the_record_says_so(server):
    with (
        Person(server, "alice").log_in().socket() as alice,
        Person(server, "bob").log_in().socket() as bob,
    ):
        first, other, second = served(alice), served(bob), served(alice)
    assert [one["walls"]["use"] for one in (first, other, second)] == [1, 1, 2]
    assert first["container"] == second["container"] != other["container"]
    assert json.loads(server.record(second["execution_id"])["walls"])["use"] == 2
