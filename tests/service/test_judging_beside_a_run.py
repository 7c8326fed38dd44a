"""Sources of one account that take long to validate hold up no other account's run."""

import os
import signal
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.service.serving import Person, eventually

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
LARGE = "int x;\n" * 5000 + "int y = system(1);\n"


def judges(server):
    """The processes of a server that validate."""
    found = []
    for task in Path(f"/proc/{server.pid}/task").glob("*/children"):
        with suppress(FileNotFoundError):  # that thread has ended
            found += [pid for pid in task.read_text().split() if is_judge(pid)]
    return sorted(map(int, found))


def is_judge(pid):
    with suppress(FileNotFoundError):
        return b"executor.judge_process" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def test_six_sources_of_one_account_hold_up_no_other_accounts_run(serve):
    server = serve(SANDBOX_CONCURRENCY=1, SANDBOX_POOL_SIZE=1, RUN_CONCURRENCY_PER_USER=3)
    alice, bob = (Person(server, name).log_in() for name in ("alice", "bob"))
    with ExitStack() as opened:
        hers = [opened.enter_context(alice.socket()) for _ in range(6)]
        his = opened.enter_context(bob.socket())
        hers[0].send("check", seq=1, source=LARGE)
        assert hers[0].until("checked")[-1]["compiler"] == "skipped"
        (judge,) = eventually(lambda: judges(server))
        # As if her first source would take for ever.
        os.kill(judge, signal.SIGSTOP)
        for socket in hers[:3]:
            socket.send("check", seq=2, source=LARGE)
        for socket in hers[3:]:
            socket.start(LARGE)
        assert his.run(HELLO)[-1]["status"] == "success"
        assert his.run(LARGE)[-1]["status"] == "blocked", "another process validates his"
        os.kill(judge, signal.SIGCONT)
        for socket in hers[:3]:
            (violation,) = socket.until("checked")[-1]["violations"]
            assert violation["rule"] == "system-call"
        for socket in hers[3:]:
            assert socket.result()["status"] == "blocked"
    left = judges(server)
    assert len(left) == 2
    assert server.stop() == 0
    assert not any(is_judge(pid) for pid in left)
