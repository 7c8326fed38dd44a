"""Without a wall that the configuration demands nothing starts, and nothing runs."""

import pytest

from tests.service.serving import Person, printed

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
# What an engine says whose kernel does not count swap.
NO_SWAP_LIMIT = {b'"SwapLimit":true': b'"SwapLimit":null'}


def test_the_server_does_not_start_without_a_wall_and_says_which_and_what_to_do(server, link):
    link.amended = NO_SWAP_LIMIT
    start = server.manage("serve", "--port", "0", DOCKER_HOST=link.address)
    assert start.returncode == 1
    assert "walls are missing: swap (the engine’s limit on swap)" in start.stderr
    assert "take their names out of SANDBOX_REQUIRE_WALLS" in start.stderr
    assert "Traceback" not in start.stderr


def test_a_wall_that_is_not_demanded_may_be_missing(serve, link):
    link.amended = NO_SWAP_LIMIT
    walls = "filters,files,names,memory,processes"
    relaxed = serve(DOCKER_HOST=link.address, SANDBOX_REQUIRE_WALLS=walls)
    with Person(relaxed, "alice").log_in().socket() as socket:
        assert printed(socket.run(HELLO)) == "hello\n"


def test_an_engine_that_comes_later_is_asked_before_anything_runs_in_it(serve, link):
    link.cut()
    server = serve(DOCKER_HOST=link.address)
    link.amended = NO_SWAP_LIMIT
    link.restore()
    with Person(server, "alice").log_in().socket() as socket:
        refused = socket.run(HELLO)[-1]
        link.cut()
        link.amended = {}
        link.restore()
        assert printed(socket.run(HELLO)) == "hello\n"
    assert (refused["status"], refused["container"]) == ("sandbox_error", "")
    assert "walls are missing: swap" in refused["message"]
    assert "Nothing was run" in refused["message"]


@pytest.mark.parametrize(
    ("walls", "said"),
    [("filters,landlock", "names “landlock”, which is no wall"), ("", "is empty")],
)
def test_a_demand_that_would_hold_nothing_up_stops_the_start(server, walls, said):
    start = server.manage("serve", "--port", "0", SANDBOX_REQUIRE_WALLS=walls)
    assert start.returncode == 1
    assert f"SANDBOX_REQUIRE_WALLS {said}" in start.stderr
