"""A server that root starts gives up all rights of root."""

import os
import pickle
import pwd
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from executor.container import Engine, SandboxConfig
from ideproject.privileges import Account, CannotDrop, hand_over_folder
from tests.service.serving import PROJECT, Person, Server, copy_of, eventually, printed

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root has something to give up"),
]

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
ASKS = """\
#include <stdio.h>
int main() { char name[9]; puts("name?"); scanf("%8s", name); puts(name); return 0; }
"""
NONE = "0" * 16
ENGINE = "/var/run/docker.sock"


def status(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def environment(pid):
    words = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(word.split("=", 1) for word in words if word)


def brokers(server):
    """The processes of a server's broker, the one that starts the other first."""
    path = environment(server.pid)["SANDBOX_BROKER"].encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if path in (process / "cmdline").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:
            continue  # it has ended
    return sorted(found, key=lambda pid: pid != _parent_among(found))


def _parent_among(found):
    return next((pid for pid in found if int(status(pid)["PPid"]) not in found), 0)


def as_account(uid, gid, function):
    """What a function gives in a process of another account; an error is given as its type."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(gid, gid, gid)
            os.setresuid(uid, uid, uid)
            value = function()
        except BaseException as error:
            value = type(error)
        os.write(writing, pickle.dumps(value))
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as answer:
        value = pickle.load(answer)
    os.waitpid(child, 0)
    return value


def connected(path, kind):
    with socket.socket(socket.AF_UNIX, kind) as connection:
        connection.connect(path)
        connection.settimeout(30)
        if kind == socket.SOCK_SEQPACKET:
            connection.send(b'{"verb": "ping"}')
        return connection.recv(100) if kind == socket.SOCK_SEQPACKET else True


def test_server_and_broker_have_accounts_of_their_own_and_no_capability(server):
    keeper, worker = brokers(server)
    engine = os.stat(ENGINE)
    for pid, gid in ((server.pid, None), (keeper, engine.st_gid), (worker, engine.st_gid)):
        told = status(pid)
        assert {told[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {NONE}
        assert told["NoNewPrivs"] == "1"
        assert told["Groups"] == ""
        assert told["Uid"].split()[0] != "0"
        assert gid is None or set(told["Gid"].split()) == {str(gid)}
    assert status(server.pid)["Uid"] != status(worker)["Uid"]
    assert str(engine.st_gid) not in status(server.pid)["Gid"].split()
    account = pwd.getpwuid(int(status(server.pid)["Uid"].split()[0]))
    assert account.pw_shell.endswith("nologin")
    assert not Path(account.pw_dir).exists()
    # No secret of the site goes to the broker, no way to the engine to the server.
    assert not [name for name in environment(server.pid) if name.startswith("DOCKER")]
    assert "DATA_DIR" not in environment(worker)


def test_engine_is_closed_to_the_server_and_the_broker_to_everybody_else(server):
    uid, gid = (int(status(server.pid)[kind].split()[0]) for kind in ("Uid", "Gid"))
    path = environment(server.pid)["SANDBOX_BROKER"]
    stream, packets = socket.SOCK_STREAM, socket.SOCK_SEQPACKET
    assert as_account(uid, gid, lambda: connected(ENGINE, stream)) is PermissionError
    assert as_account(uid, gid, lambda: connected(path, packets)) == b'{"answer": "pong"}'
    assert as_account(65534, 65534, lambda: connected(path, packets)) is PermissionError
    # Root may open any socket, and is looked at by the broker itself.
    assert as_account(0, 0, lambda: connected(path, packets)) in (b"", *_BROKEN)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


_BROKEN = (BrokenPipeError, ConnectionResetError)


def test_server_without_a_sandbox_holds_no_descriptor_of_the_engine(serve):
    server = serve(SANDBOX_POOL_SIZE=0)
    peers = subprocess.run(["ss", "-xpH"], capture_output=True, text=True, check=True).stdout
    engines = [line.split() for line in peers.splitlines() if "docker.sock" in line]
    ends = {words[7] for words in engines}  # the inode of each one's other end
    held = {os.readlink(one) for one in Path(f"/proc/{server.pid}/fd").iterdir()}
    assert not held & {f"socket:[{inode}]" for inode in ends}
    server.stop()


def test_killed_broker_is_started_again_and_a_running_program_goes_on(serve):
    server = serve()
    keeper, worker = brokers(server)
    with Person(server, "alice").log_in().socket() as socket_:
        socket_.start(ASKS, interactive=True)
        socket_.until_shown("name?")
        os.kill(worker, signal.SIGKILL)
        eventually(lambda: len(brokers(server)) == 2 and worker not in brokers(server))
        socket_.send("stdin", data="ada\n")
        assert socket_.result()["status"] == "success"
        assert printed(socket_.run(HELLO)) == "hello\n"
        assert "ended by SIGKILL; starting it again" in server.log()
        for pid in brokers(server):  # without its parent, the broker stays away
            os.kill(pid, signal.SIGKILL)
        lost = eventually(lambda: _unreachable(socket_))
        assert "the broker, which starts sandboxes, does not answer" in lost["message"]
    assert "the broker does not answer" in server.log()
    server.stop()
    eventually(lambda: not server.sandboxes())
    assert keeper not in brokers_by_path(server)


def _unreachable(socket_):
    """Warm sandboxes are still handed out."""
    result = socket_.run(HELLO)[-1]
    return result if result["status"] == "sandbox_error" else None


def brokers_by_path(server):
    return [pid for pid in os.listdir("/proc") if pid.isdigit() and _names(pid, str(server.data))]


def _names(pid, text):
    try:
        return text.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_ended_server_leaves_no_broker_no_socket_and_no_sandbox(serve, sign):
    server = serve()
    eventually(server.sandboxes)
    processes, path = brokers(server), Path(environment(server.pid)["SANDBOX_BROKER"])
    assert len(processes) == 2
    server.stop(sign)
    eventually(lambda: not any(_names(pid, str(path)) for pid in processes))
    assert not path.exists()
    assert not server.sandboxes()


def test_commands_of_root_leave_no_files_of_root_in_the_data_folder(server, tmp_path):
    program = tmp_path / "hello.c"
    program.write_text(HELLO)
    program.chmod(0o600)  # of root's, in a folder of root's
    ran = server.manage("execute", program)
    assert (ran.returncode, ran.stdout) == (0, "hello\n"), ran.stderr
    backup = server.manage("backup", tmp_path / "backup")
    assert backup.returncode == 0, backup.stderr
    assert (tmp_path / "backup/cloister.sqlite3").exists()
    owner = int(status(server.pid)["Uid"].split()[0])
    for folder, folders, files in os.walk(server.data):
        assert {os.lstat(Path(folder, one)).st_uid for one in (".", *folders, *files)} == {owner}


def test_roots_log_gets_the_first_password_and_is_closed_to_others(house, tmp_path):
    data = copy_of(house, tmp_path / "data")
    with closing(sqlite3.connect(data / "cloister.sqlite3")) as database, database:
        database.execute("UPDATE auth_user SET is_superuser = 0")
    log = tmp_path / "log"
    with log.open("w") as writing:
        ran = Server(data).manage("ensure_admin", stdout=writing)
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"Administrator: admin  password: \S{16}  ", log.read_text())
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_checkout_in_a_closed_folder_serves_and_roots_data_changes_hands(house, tmp_path):
    """As below /root. An installation that root served until now looks like this one."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    checkout = closed / "cloister"
    parts = ("executor", "audit", "accounts", "workspace", "ideproject", "templates", "sandbox")
    for part in parts:
        shutil.copytree(PROJECT / part, checkout / part)
    for part in ("manage.py", "CHANGELOG.md"):
        shutil.copy(PROJECT / part, checkout)
    shutil.copytree(house, checkout / "var")
    (closed / "hello.c").write_text(HELLO)
    outside = tmp_path / "outside"
    outside.write_text("of root's")
    (checkout / "var/link").symlink_to(outside)
    os.link(outside, checkout / "var/other name")
    ran = subprocess.run(
        [sys.executable, checkout / "manage.py", "execute", "hello.c"],
        cwd=closed,
        env={name: value for name, value in os.environ.items() if name != "DATA_DIR"},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout) == (0, "hello\n"), ran.stderr
    database = (checkout / "var/cloister.sqlite3").stat()
    assert database.st_uid != 0
    assert stat.S_IMODE(database.st_mode) == 0o600
    assert stat.S_IMODE((checkout / "var").stat().st_mode) == 0o700
    # Its owner may have planted these, so that root gives away foreign files.
    assert outside.stat().st_uid == 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_folder_for_a_backup_that_became_a_link_changes_no_hands(tmp_path):
    """Whoever owns the folder above has the time to put a link where root made a folder."""
    account = Account(65534, 65534, "nobody")
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = tmp_path / "backup"
    folder.symlink_to(outside)
    with pytest.raises(CannotDrop, match="is not the folder"):
        hand_over_folder(folder, account)
    assert outside.stat().st_uid == 0
    folder.unlink()
    folder.mkdir()
    hand_over_folder(folder, account)
    assert folder.stat().st_uid == 65534


def test_shared_data_folder_keeps_its_owner():
    ran = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT,
        env={**os.environ, "DATA_DIR": "/var/lib"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert re.search("DATA_DIR is /var/lib, which other programs may use", ran.stderr)
    assert Path("/var/lib").stat().st_uid == 0


def test_library_needs_neither_broker_nor_settings():
    code = (
        "import sys; from executor import CodeExecutor\n"
        f"print(CodeExecutor().execute_code({HELLO!r})['stdout'], 'django' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={name: os.environ[name] for name in ("PATH", "DOCKER_HOST") if name in os.environ},
        capture_output=True,
        text=True,
    )
    assert ran.stdout == "hello\n False\n", ran.stderr
    assert Engine(SandboxConfig()).info()
