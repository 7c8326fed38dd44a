"""What goes wrong under a service: it says so, runs nothing unseen, and comes back by itself."""

import json
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from executor.container import LABEL, OWNER_LABEL, Engine, SandboxConfig
from executor.owner import label as process_label
from tests.service.serving import Person, eventually, kinds, printed

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
ENDLESS = """\
#include <stdio.h>
int main() {
    volatile unsigned long turns = 0;
    puts("begun");
    for (;;) turns++;
}
"""
BUSY = """\
#include <stdio.h>
#include <time.h>
int main() { while (clock() < 2 * CLOCKS_PER_SEC) { } puts("done"); return 0; }
"""
# More than all buffers between the program and a client that does not read.
FLOOD = """\
#include <stdio.h>
#include <stdlib.h>
int main() {
    FILE *file = fopen("big.bin", "wb");
    for (int i = 0; file && i < 6 << 20; i++) fputc(rand(), file);
    if (file) fclose(file);
    for (;;) puts("0123456789012345678901234567890123456789012345678901234567890123");
}
"""


def begin(socket):
    """Start a program that never ends by itself; its execution's id."""
    execution_id = socket.start(ENDLESS)
    socket.until_shown("begun")
    return execution_id


def test_a_killed_server_leaves_no_sandbox_and_after_the_restart_the_record_says_lost(serve):
    server = serve()
    alice = Person(server, "alice").log_in()
    with alice.socket() as socket:
        execution_id = begin(socket)
        assert server.record(execution_id)["state"] == "running"
        assert server.sandboxes()
        server.stop(signal.SIGKILL)
        eventually(lambda: not server.sandboxes())
    server.start()
    record = server.record(execution_id)
    assert (record["state"], record["status"]) == ("lost", "sandbox_error")
    assert record["message"] == "The server stopped while this program was running."
    with alice.socket() as socket:
        socket.send("attach", execution_id=execution_id)
        assert socket.result()["message"] == record["message"]


def test_a_killed_server_leaves_no_sandbox_that_was_made_and_not_started(serve):
    """Such a one has no process that could notice; the janitor does."""
    server = serve()
    engine = Engine(SandboxConfig())
    labels = {LABEL: "1", OWNER_LABEL: process_label(server.pid)}
    made = engine.client.create_container("ruv-sandbox", labels=labels)["Id"]
    name = engine.client.inspect_container(made)["Name"].lstrip("/")
    assert name in server.sandboxes()
    server.stop(signal.SIGKILL)
    eventually(lambda: not server.sandboxes())


def test_a_server_asked_to_stop_ends_its_programs_their_records_and_itself(serve):
    server = serve()
    alice, bob = (Person(server, name).log_in() for name in ("alice", "bob"))
    with alice.socket() as socket, bob.socket():
        execution_id = begin(socket)
        assert server.stop() == 0
        result = socket.result()
        assert socket.close_code() in (1000, 1001, 1006)
    assert "server is restarting" in result["message"]
    record = server.record(execution_id)
    assert (record["state"], record["status"]) == ("ended", "stopped")
    assert record["message"] == result["message"]
    assert server.sandboxes() == []
    assert "Traceback" not in server.log()


def test_while_a_server_stops_nothing_begins_on_it_any_more(serve):
    """It waits some seconds for a page that does not read; others go on asking meanwhile."""
    server = serve()
    alice, bob = (Person(server, name).log_in() for name in ("alice", "bob"))
    slow = {"max_queue": 1, "ping_interval": None}
    with alice.socket(**slow) as stuck, bob.socket() as there:
        execution_id = stuck.start(FLOOD)
        eventually(lambda: server.record(execution_id)["state"] == "ended")
        server.signal(signal.SIGTERM)
        eventually(lambda: there.run(HELLO)[-1].get("code") == "stopping")
        with bob.socket() as late:
            assert late.run(HELLO)[-1]["code"] == "stopping"
        assert server.wait() == 0
    assert set(server.rows("SELECT DISTINCT state FROM audit_execution")[0].values()) == {"ended"}
    assert "Traceback" not in server.log()
    assert server.sandboxes() == []


def test_while_the_engine_is_away_nothing_runs_and_afterwards_all_works_without_a_restart(
    serve, link, tmp_path
):
    server = serve(DOCKER_HOST=link.address)
    program = tmp_path / "hello.c"
    program.write_text(HELLO)
    with Person(server, "alice").log_in().socket() as socket:
        assert printed(socket.run(HELLO)) == "hello\n"
        link.cut()
        away = socket.run(HELLO)
        command = server.manage("execute", program, "--json")
        link.restore()
        assert printed(socket.run(HELLO)) == "hello\n"
    assert kinds(away) == ["accepted", "starting", "result"]
    assert (away[-1]["status"], away[-1]["container"]) == ("sandbox_error", "")
    assert "sandbox is unreachable" in away[-1]["message"]
    assert server.record(away[0]["execution_id"])["message"] == away[-1]["message"]
    assert command.returncode == 70
    told = json.loads(command.stdout)
    assert (told["status"], told["message"]) == ("sandbox_error", away[-1]["message"])


def test_a_server_started_without_the_engine_serves_pages_and_runs_once_it_is_there(serve, link):
    link.cut()
    server = serve(DOCKER_HOST=link.address)
    alice = Person(server, "alice").log_in()
    assert alice.get("/").status_code == 200
    with alice.socket() as socket:
        assert "unreachable" in socket.run(HELLO)[-1]["message"]
        link.restore()
        assert printed(socket.run(HELLO)) == "hello\n"


def test_an_engine_lost_during_a_run_ends_it_with_a_word_and_leaves_no_sandbox(serve, link):
    server = serve(DOCKER_HOST=link.address)
    with Person(server, "alice").log_in().socket() as socket:
        execution_id = begin(socket)
        # One that is made and not started would stay for as long as the engine is away.
        eventually(lambda: len(server.sandboxes("running")) == len(server.sandboxes()) > 1)
        link.cut()
        result = socket.result()
    assert result["status"] == "sandbox_error"
    assert "What the program printed until then is kept" in result["message"]
    assert server.record(execution_id)["stdout"] == "begun\n"
    eventually(lambda: not server.sandboxes())


def test_what_cannot_be_recorded_is_not_run_and_keeps_no_place(serve):
    server = serve(SANDBOX_POOL_SIZE=0, SANDBOX_CONCURRENCY=1)
    with Person(server, "alice").log_in().socket() as socket:
        writer = sqlite3.connect(server.database, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        refusal = socket.run(HELLO)
        assert [(one["type"], one["code"]) for one in refusal] == [("error", "audit-unavailable")]
        assert "not run" in refusal[0]["message"]
        writer.execute("ROLLBACK")
        writer.close()
        assert server.rows("SELECT id FROM audit_execution") == []
        assert socket.run(HELLO)[-1]["status"] == "success"


def test_a_command_that_cannot_record_runs_nothing_and_says_so_in_a_sentence(serve, tmp_path):
    server = serve(SANDBOX_POOL_SIZE=0)
    with sqlite3.connect(server.database) as database:
        database.execute("ALTER TABLE audit_execution RENAME TO gone")
    program = tmp_path / "hello.c"
    program.write_text(HELLO)
    command = server.manage("execute", program)
    assert command.returncode == 1
    assert "hello" not in command.stdout
    last = command.stderr.strip().splitlines()[-1]
    assert "could not be recorded, so it was not run" in last


def test_a_command_whose_result_cannot_be_recorded_shows_none_and_says_so_in_a_sentence(
    serve, tmp_path
):
    server = serve(SANDBOX_POOL_SIZE=0)
    program = tmp_path / "busy.c"
    program.write_text(BUSY)
    with ThreadPoolExecutor() as beside:
        running = beside.submit(server.manage, "execute", program, "--json")
        begun = "SELECT id FROM audit_execution WHERE state = 'running'"
        eventually(lambda: server.rows(begun))
        writer = sqlite3.connect(server.database, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        command = running.result()
        writer.execute("ROLLBACK")
        writer.close()
    assert (command.returncode, command.stdout) == (1, "")
    last = command.stderr.strip().splitlines()[-1]
    assert "ran, but its result could not be recorded" in last


def test_a_client_that_stops_reading_does_not_hold_up_the_execution(alice, server):
    with alice.socket(max_queue=1, ping_interval=None) as socket:
        execution_id = socket.start(FLOOD)
        eventually(lambda: server.record(execution_id)["state"] == "ended")
        assert server.record(execution_id)["status"] == "output_limit"
        assert socket.result()["status"] == "output_limit"


def test_while_the_largest_hostile_source_is_read_others_are_served(alice, bob):
    hostile = ("system(1);" * 200_000)[: 1 << 20]
    with alice.socket() as socket, bob.socket() as other:
        socket.start(hostile)
        served, verdict = 0, None
        while verdict is None:
            assert other.answer("{}")["code"] == "unknown-type"
            assert bob.get("/accounts/login/").status_code == 200
            served += 1
            with suppress(TimeoutError):
                verdict = socket.receive(seconds=0)
        assert verdict["type"] == "blocked"
        assert socket.result()["status"] == "blocked"
    assert served > 1  # had all waited for it, the first one would be the last
