"""An engine that takes every question and answers none: worse than one that is away."""

import signal
import time

import pytest

from executor import readiness
from executor.code_executor import CodeExecutor
from executor.container import SandboxUnavailable
from tests.service.serving import Person, eventually, printed

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
FROZEN_SECONDS = 3600
STOP_SECONDS = 20
"""``TimeoutStopSec`` of the unit."""


def test_a_server_stops_in_time_its_pages_are_closed_and_after_the_restart_nothing_is_open(
    serve, link
):
    server = serve(DOCKER_HOST=link.address, SANDBOX_POOL_SIZE=2)
    with Person(server, "alice").log_in().socket() as socket:
        assert printed(socket.run(HELLO)) == "hello\n"
        eventually(lambda: len(server.sandboxes()) >= 2)
        link.delay = FROZEN_SECONDS
        execution_id = socket.start(HELLO)
        began = time.monotonic()
        server.signal(signal.SIGTERM)
        assert socket.close_code() == 1000
        server.wait()
        assert time.monotonic() - began < STOP_SECONDS
    assert "the engine does not answer" in server.log()
    link.delay = 0
    server.start()
    assert server.record(execution_id)["state"] == "lost"


def test_at_the_start_it_is_asked_one_question_and_not_another_one(db, monkeypatch, caplog):
    """Each takes half a minute, and pages are not served before."""

    def frozen(_engine):
        raise SandboxUnavailable("engine-unreachable", "The engine does not answer.")

    monkeypatch.setattr(readiness, "reap", frozen)
    monkeypatch.setattr(CodeExecutor, "walls", lambda _: pytest.fail("asked again"))
    readiness.prepare(print)
    assert "Pages are served" in caplog.text
