"""Prepare a process before Django: a root process becomes an ordinary account.

Every management command comes through here. One that uses sandboxes gets a broker first, a
child that alone may use the engine (``docs/broker.md``); the command then goes on in the
same process, as the account that the data folder belongs to.

Started as root, the server and the broker have separate accounts, and neither can become the
other. Started by another user, both have that user's account, which keeps faults apart but not
accounts; ``serve`` logs a warning then.
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
_BROKER_VARIABLES: Final = ("DOCKER_", "SANDBOX_", "LIMIT_", "LC_", "PYTHON")
_BROKER_NAMES: Final = frozenset({"PATH", "LANG", "TZ", "XDG_RUNTIME_DIR", "WAITING_MOST"})
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
            # The build needs nothing of the site, but all of root's rights.
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
            "The broker has the same account as the server, which can use the engine directly. "
            "To separate the two, start Cloister as root or with the units in deploy/.",
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
    if command == "ensure_admin":
        _restrict_output()
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
    """Return every path that the command needs."""
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


def _restrict_output() -> None:
    """Close a log of root's to other accounts: the first password is written there.

    The account that writes it may not change the mode; see ``accounts.first_password``.
    """
    status = os.fstat(sys.stdout.fileno())
    if stat.S_ISREG(status.st_mode) and status.st_uid == 0:
        os.fchmod(sys.stdout.fileno(), status.st_mode & 0o700)


def _enter_working_folder() -> None:
    """Enter the working folder again by its path, the only way into a covered folder."""
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
    """Return the path of the engine's socket; empty if the engine is on the network."""
    address = urlsplit(os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock")
    return address.path if address.scheme == "unix" else ""


def _warn_of_open_socket(server: Account) -> None:
    path = _engine_socket()
    with seeing_as(server):
        is_open = bool(path) and os.access(path, os.W_OK, effective_ids=True)
    if is_open:
        print(
            f"Every account of this machine, the server’s included, may use the engine’s socket "
            f"{path}, and so can become root. Close it: chmod 660 {path}",
            file=sys.stderr,
        )


def _broker_account() -> Account:
    """Return the broker's account: a rootless engine's, or one with its socket's group."""
    path, group = _engine_socket(), group_named("docker")
    try:
        found = os.stat(path) if path else None
    except OSError:
        found = None  # the engine has not made it yet
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

    ``holder`` is the broker's account; None keeps this one.
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
    """Execute ``ideproject.broker`` in the child; never return."""
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
    """Close inherited descriptors except 0 to 2; one may be an open engine's."""
    first = 3
    for one in [*sorted(kept), os.sysconf("SC_OPEN_MAX")]:
        os.closerange(first, one)
        first = one + 1


def _environment_of_broker() -> dict[str, str]:
    """Return the settings of the engine and the sandbox, without the site's secrets."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in _BROKER_NAMES or name.startswith(_BROKER_VARIABLES)
    }
