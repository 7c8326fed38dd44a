"""Slow engines, missing images, full disks, vanished browsers, clocks that jump, sudden ends."""

import os
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path
from socket import SHUT_RDWR

import pytest

from bench.kills import killed_under_load
from executor.container import Engine, SandboxConfig
from tests.service.serving import Person, Server, copy_of, eventually, printed

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
ENDLESS = '#include <stdio.h>\nint main() { puts("begun"); for (;;) puts(""); }\n'
WAITING = '#include <stdio.h>\nint main() { puts("begun"); return getchar(); }\n'

LISTENING = "0A"
"""TCP_LISTEN in proc_pid_net(5)."""


@pytest.fixture
def small_disk(tmp_path):
    """A folder in a file system of its own, of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder])
    if made.returncode:
        pytest.skip("mounting needs root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def drop(socket):
    """Without a word, as a lost network does."""
    socket.connection.socket.shutdown(SHUT_RDWR)


def descriptors(server):
    """Return the targets of the server's descriptors."""
    found = []
    for one in Path(f"/proc/{server.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            found.append(os.readlink(one))
    return found


def connections(server):
    """Count the clients' connections that the server has a descriptor of, dead ones included."""
    opened = {name.removeprefix("socket:[").removesuffix("]") for name in descriptors(server)}
    rows = [row.split() for row in Path(f"/proc/{server.pid}/net/tcp").read_text().splitlines()[1:]]
    port = f":{server.port:04X}"
    return sum(row[1].endswith(port) and row[3] != LISTENING and row[9] in opened for row in rows)


def open_databases(server):
    return len([name for name in descriptors(server) if name.endswith(".sqlite3")])


def test_a_slow_engine_makes_a_run_late_and_nothing_else(serve, link):
    server = serve(DOCKER_HOST=link.address, SANDBOX_POOL_SIZE=0)
    alice = Person(server, "alice").log_in()
    link.delay = 0.5
    with alice.socket() as socket:
        socket.start(HELLO)
        assert alice.get("/accounts/login/").status_code == 200
        last = socket.result()
    assert last["status"] == "success"
    assert last["container_start_ms"] > 1000
    link.delay = 0
    eventually(lambda: not server.sandboxes())


def test_a_removed_image_is_said_and_once_it_is_back_programs_run(serve):
    engine, tag = Engine(SandboxConfig()), "cloister-test-removed"
    engine.client.tag("ruv-sandbox", tag)
    server = serve(SANDBOX_IMAGE=tag, SANDBOX_POOL_SIZE=0)
    with Person(server, "alice").log_in().socket() as socket:
        assert printed(socket.run(HELLO)) == "hello\n"
        engine.client.remove_image(tag)
        missing = socket.run(HELLO)[-1]
        engine.client.tag("ruv-sandbox", tag)
        try:
            assert printed(socket.run(HELLO)) == "hello\n"
        finally:
            engine.client.remove_image(tag)
    assert missing["status"] == "sandbox_error"
    assert "image is missing" in missing["message"]
    assert server.record(missing["execution_id"])["status"] == "sandbox_error"


def test_on_a_full_disk_nothing_runs_unrecorded_and_with_space_again_it_runs(
    serve, house, small_disk
):
    data = copy_of(house, small_disk / "data")
    server = Server(data, SANDBOX_POOL_SIZE=1, DISK_RESERVE_BYTES=0).start()
    try:
        with Person(server, "alice").log_in().socket() as socket:
            assert printed(socket.run(HELLO)) == "hello\n"
            ballast = small_disk / "ballast"
            fill(ballast)
            # Each has another source, which wants a place of its own in the database.
            sources = [f"/* {'x' * 50_000} {number} */\n{HELLO}" for number in range(30)]
            refused = eventually_refused(socket, sources)
            ballast.unlink()
            assert "not run" in refused["message"]
            assert printed(socket.run(HELLO)) == "hello\n"
        states = {row["state"] for row in server.rows("SELECT state FROM audit_execution")}
        assert states <= {"ended", "lost"}
        assert server.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert server.manage("audit", "verify").returncode == 0
    finally:
        server.end()


def fill(file):
    """Until the file system has no room."""
    with file.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"\0" * 4096)
        except OSError:
            return


def eventually_refused(socket, sources):
    for source in sources:
        last = socket.run(source)[-1]
        if last.get("code") == "audit-unavailable":
            return last
        assert last["type"] == "result"
    raise AssertionError("it went on recording on a full disk")


def test_two_hundred_sockets_opened_and_dropped_leave_nothing_open(serve):
    server = serve()
    alice = Person(server, "alice").log_in()
    for _ in range(8):
        with ExitStack() as opened:
            sockets = [opened.enter_context(alice.socket()) for _ in range(25)]
            assert connections(server) >= len(sockets)
            for one in sockets:
                drop(one)
    alice.web.close()  # it keeps the connection of its log-in open
    eventually(lambda: connections(server) == 0)
    with alice.socket() as socket:
        assert printed(socket.run(HELLO)) == "hello\n"


def test_browsers_that_vanish_in_the_middle_of_runs_leave_no_sandbox_and_whole_records(serve):
    server = serve(DETACH_GRACE_SECONDS=1)
    ids = []
    for name in ("alice", "bob", "charlie"):
        with Person(server, name).log_in().socket() as socket:
            ids.append(socket.start(WAITING, interactive=True))
            socket.until_shown("begun")
            drop(socket)
    eventually(lambda: all(server.record(one)["state"] == "ended" for one in ids))
    assert {server.record(one)["status"] for one in ids} == {"stopped"}
    eventually(lambda: len(server.sandboxes()) <= 2)


def test_pages_leave_no_database_open_behind_them(serve):
    server = serve()
    alice = Person(server, "alice").log_in()
    for _ in range(3):
        alice.get("/")
    before = open_databases(server)
    for _ in range(30):
        assert alice.get("/").status_code == 200
    # The server's own threads may have opened theirs meanwhile, but not one for each page.
    eventually(lambda: open_databases(server) < before + 15)


def test_a_server_killed_again_and_again_under_load_ends_every_record_and_leaves_no_sandbox(
    tmp_path,
):
    told = killed_under_load(tmp_path, kills=3)
    assert told["accepted"] > 0
    assert told["unfinished"] == told["missing"] == told["sandboxes"] == 0
    assert told["verified"]
