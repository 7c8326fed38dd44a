"""What happens before Django: a process that is root becomes an account that is not.

Every management command comes through here. One that uses sandboxes gets a broker first, a
child that alone may use the engine (``docs/broker.md``); the command then goes on in the
same process, as the account that the data folder belongs to.

Whoever starts it as root has all of it: an account for the server, one for the broker, and
neither can become the other. Anybody else has the broker under their own account, which
keeps faults apart and not accounts; ``serve`` says so.
"""

from __future__ import annotations

import os
import secrets
import socket
import stat
import sys
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from executor.owner import owner
from ideproject.privileges import (
    BROKER_ACCOUNT,
    SERVER_ACCOUNT,
    Account,
    CannotDrop,
    account,
    drop_to,
    forbid_new_privileges,
    group_named,
    hand_over,
    hand_over_folder,
    is_root,
    owner_of,
    seeing_as,
)
from ideproject.reach import Need, show

_PROJECT: Final = Path(__file__).resolve().parent.parent
_USES_SANDBOXES: Final = frozenset({"serve", "worker", "execute", "maintain", "sandbox"})
_READS_FILES: Final = frozenset({"execute", "policy_dry_run"})
# These write into the checkout, which the server's account may not.
_OF_DEVELOPERS: Final = frozenset({"makemigrations", "squashmigrations", "startapp"})
_BROKER_VARIABLES: Final = ("DOCKER_", "SANDBOX_", "LIMIT_", "LC_")
_BROKER_NAMES: Final = frozenset({"PATH", "LANG", "TZ", "XDG_RUNTIME_DIR"})
_SOCKETS: Final = Path("/run/cloister")
_WAITING_MOST: Final = 64


def prepare(arguments: list[str]) -> None:
    """Give up root and start the broker, as the command needs it; then it may go on."""
    command = arguments[1] if len(arguments) > 1 else ""
    if arguments[1:3] == ["sandbox", "check"] and "--image" in arguments[:-1]:
        os.environ["SANDBOX_IMAGE"] = arguments[arguments.index("--image") + 1]
    try:
        if not is_root():
            _as_somebody(command)
        elif arguments[1:3] == ["sandbox", "build"]:
            # Nothing of the site is needed for it, and all of root's rights are.
            build = _PROJECT / "sandbox/build.sh"
            os.execv(build, ["build.sh", *arguments[3:]])  # noqa: S606
        elif command not in _OF_DEVELOPERS:
            _as_root(arguments, command)
    except CannotDrop as error:
        sys.exit(f"Cloister does not start: {error}")


def _as_somebody(command: str) -> None:
    if not _needs_broker(command):
        return
    folder = Path(tempfile.mkdtemp(prefix="cloister-", dir=os.environ.get("XDG_RUNTIME_DIR")))
    own = Account(os.getuid(), os.getgid(), "")
    os.environ["SANDBOX_BROKER"] = _start_broker(folder / "broker", own, None)
    if command == "serve":
        print(
            "The broker has the server’s own account, which may use the engine by itself. "
            "Start Cloister as root, or by the units in deploy/, to keep the two apart.",
            file=sys.stderr,
        )
    for name in [name for name in os.environ if name.startswith("DOCKER_")]:
        del os.environ[name]
    if command in ("serve", "worker"):
        forbid_new_privileges()


def _as_root(arguments: list[str], command: str) -> None:
    data = Path(os.environ.get("DATA_DIR", "").strip() or _PROJECT / "var")
    server = owner_of(data) or account(SERVER_ACCOUNT)
    hand_over(data, server)
    if command == "backup":
        _make_for(arguments[2:], server)
    show(_needs(arguments, command, data), server)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DOCKER_")
    } | {"HOME": "/nonexistent", "USER": server.name, "LOGNAME": server.name}
    if _needs_broker(command):
        path = _sockets_folder() / f"{secrets.token_hex(8)}.sock"
        environment["SANDBOX_BROKER"] = _start_broker(path, server, _broker_account())
    _enter_working_folder()
    _warn_of_open_socket(server)
    drop_to(server)
    os.umask(0o077)
    _close_all_but(set())
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606


def _needs_broker(command: str) -> bool:
    if command not in _USES_SANDBOXES or os.environ.get("SANDBOX_BROKER"):
        return False
    return not (command == "serve" and _has_workers())


def _has_workers() -> bool:
    return bool(os.environ.get("REDIS_URL") or os.environ.get("REDIS_URL_FILE"))


def _needs(arguments: list[str], command: str, data: Path) -> list[Need]:
    """Every path that the command cannot do without."""
    needs = [
        Need(_PROJECT),
        Need(Path(sys.prefix)),
        Need(Path(os.path.realpath(sys.base_prefix)), alias=Path(sys.base_prefix)),
        Need(Path(os.path.realpath(data)), writable=True, alias=data.absolute()),
    ]
    if command in _READS_FILES:
        files = [Path(os.path.abspath(one)) for one in arguments[2:]]
        needs += [Need(one, copy=True) for one in files if one.is_file()]
    if command == "backup":
        folders = [Path(os.path.abspath(one)) for one in arguments[2:]]
        needs += [Need(one, writable=True) for one in folders if one.is_dir()]
    return needs


def _make_for(arguments: list[str], server: Account) -> None:
    """Make a backup's folder for the account, which may not write where root may."""
    for one in arguments:
        folder = Path(os.path.abspath(one))
        if not one.startswith("-") and not folder.exists() and folder.parent.is_dir():
            folder.mkdir(mode=0o700)
            hand_over_folder(folder, server)


def _enter_working_folder() -> None:
    """Find the working folder anew, by its path: what was covered is reached that way only."""
    here = os.getcwd()
    try:
        os.chdir(here)
    except OSError:
        os.chdir(_PROJECT)


def _sockets_folder() -> Path:
    holder = _broker_account()
    _SOCKETS.mkdir(mode=0o711, exist_ok=True)
    os.chown(_SOCKETS, holder.uid, holder.gid)
    return _SOCKETS


def _engine_socket() -> str:
    """The path of the engine's socket; empty where it is reached by the network."""
    address = urlsplit(os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock")
    return address.path if address.scheme == "unix" else ""


def _warn_of_open_socket(server: Account) -> None:
    path = _engine_socket()
    with seeing_as(server):
        is_open = bool(path) and os.access(path, os.W_OK, effective_ids=True)
    if is_open:
        print(
            f"Every account of this machine may use the engine’s socket {path}, the server’s too, "
            f"and whoever may use it is root. Close it: chmod 660 {path}",
            file=sys.stderr,
        )


def _broker_account() -> Account:
    """Who may use the engine: a rootless engine's own account, or one with its socket's group."""
    path, group = _engine_socket(), group_named("docker")
    try:
        found = os.stat(path) if path else None
    except OSError:
        found = None  # it is not there yet
    if found is not None:
        if found.st_uid:
            return Account(found.st_uid, found.st_gid, "the engine’s own")
        if not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise CannotDrop(
                f"The engine’s socket {path} is open to root alone. Give it a group: "
                f"groupadd docker; systemctl restart docker"
            )
        group = found.st_gid
    holder = account(BROKER_ACCOUNT)
    return Account(holder.uid, holder.gid if group is None else group, holder.name)


def _start_broker(path: Path, client: Account, holder: Account | None) -> str:
    """Start a broker that listens at ``path`` for one account and ends with this process.

    ``holder`` is the account that it gets; None leaves it this one.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    if holder is not None:
        # The folder is its holder's, who may put a link there.
        os.chown(path, client.uid, client.gid, follow_symlinks=False)
    listener.listen(_WAITING_MOST)
    parent = os.pidfd_open(os.getpid())
    made_by = owner()
    sys.stdout.flush()
    sys.stderr.flush()
    if os.fork() == 0:
        _become_broker(listener.fileno(), parent, made_by, path, client, holder)
    listener.close()
    os.close(parent)
    return str(path)


def _become_broker(
    listener: int, parent: int, made_by: str, path: Path, client: Account, holder: Account | None
) -> None:
    """The child's way to ``ideproject.broker``; it never returns."""
    try:
        os.setsid()  # Ctrl+C is for the server, which still needs a broker to end
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        os.chdir(_PROJECT)
        for one in (listener, parent):
            os.set_inheritable(one, True)
        _close_all_but({listener, parent})
        if holder is not None:
            drop_to(holder)
        else:
            forbid_new_privileges()
        os.execve(  # noqa: S606
            sys.executable,
            [
                *(sys.executable, "-m", "ideproject.broker", "--client", str(client.uid)),
                *("--listener", str(listener), "--parent", str(parent)),
                *("--made-by", made_by, "--path", str(path)),
            ],
            _environment_of_broker(),
        )
    except (OSError, CannotDrop) as error:
        print(f"The broker does not start: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(1)


def _close_all_but(kept: set[int]) -> None:
    """Close what this process was started with, which may be an open engine; 0 to 2 stay."""
    first = 3
    for one in [*sorted(kept), os.sysconf("SC_OPEN_MAX")]:
        os.closerange(first, one)
        first = one + 1


def _environment_of_broker() -> dict[str, str]:
    """What says how to reach the engine and what a sandbox is; no secret of the site."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in _BROKER_NAMES or name.startswith(_BROKER_VARIABLES)
    }
