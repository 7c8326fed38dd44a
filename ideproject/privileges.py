"""Turn a root process into the server's account: find it, give it its files, become it.

Runs before Django, and fails closed: a process that could not give up everything ends.
"""

from __future__ import annotations

import ctypes
import grp
import os
import pwd
import shutil
import stat
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SERVER_ACCOUNT: Final = "cloister"
BROKER_ACCOUNT: Final = "cloister-broker"

_LIBC = ctypes.CDLL(None, use_errno=True)
# linux/prctl.h, linux/capability.h
_PR_CAPBSET_READ, _PR_CAPBSET_DROP = 23, 24
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
_SYSTEM_FOLDERS: Final = frozenset(
    {"bin", "boot", "dev", "etc", "lib", "lib64", "proc", "sbin", "sys", "usr"}
)


class CannotDrop(Exception):
    """The process cannot give up root; the text gives the reason and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account that a process becomes: one user, one group, no further groups."""

    uid: int
    gid: int
    name: str


def is_root() -> bool:
    """Return whether this process may become any other account.

    Root of a user namespace with a single account may not, and is an ordinary account outside.
    """
    if os.geteuid() != 0:
        return False
    ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    return sum(int(one[2]) for one in ranges) > 1


def account(name: str) -> Account:
    """Return the system account of this name; create it without home, shell or password."""
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        _make_account(name)
        found = pwd.getpwnam(name)
    if found.pw_uid == 0:
        raise CannotDrop(f"The account “{name}” is root under another name. Remove it.")
    return Account(found.pw_uid, found.pw_gid, name)


def _make_account(name: str) -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    words = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    done = None
    if useradd:
        done = subprocess.run(  # noqa: S603 - constants
            [useradd, *words, "--shell", "/usr/sbin/nologin", name],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    # Another process may have been faster.
    if (done is None or done.returncode) and name not in {one.pw_name for one in pwd.getpwall()}:
        why = done.stderr.strip() if done else "useradd is not installed"
        raise CannotDrop(
            f"The account “{name}” is missing and could not be created ({why}). Create a system "
            f"account of that name without home and shell, and start again."
        )


def owner_of(folder: Path) -> Account | None:
    """Return the owner of a data folder; None if it belongs to root or does not exist."""
    try:
        found = folder.stat()
    except OSError:
        return None
    if found.st_uid == 0:
        return None
    try:
        name = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        name = str(found.st_uid)
    return Account(found.st_uid, found.st_gid, name)


def group_named(name: str) -> int | None:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None


def hand_over(folder: Path, heir: Account) -> None:
    """Give a data folder and what root left in it to an account; make the folder if missing.

    The folder may be full of what that account made. So links are not followed, and of the
    files in it only those of root's that have no other name change hands.
    """
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
    _refuse_foreign(folder)
    device = folder.stat().st_dev
    for _, folders, files, at in os.fwalk(folder):
        _hand_over_one(".", at, heir)
        for name in files:
            _hand_over_one(name, at, heir)
        folders[:] = [one for one in folders if _is_on(device, one, at)]


def _is_on(device: int, name: str, folder: int) -> bool:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_dev == device
    except FileNotFoundError:
        return False  # gone meanwhile


def _hand_over_one(name: str, folder: int, heir: Account) -> None:
    try:
        handle = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return  # removed meanwhile
    try:
        found = os.stat(handle)
        alone = stat.S_ISDIR(found.st_mode) or (stat.S_ISREG(found.st_mode) and found.st_nlink == 1)
        if found.st_uid == 0 and alone:
            # An O_PATH descriptor names exactly the file that was checked.
            same = f"/proc/self/fd/{handle}"
            os.chown(same, heir.uid, heir.gid)
            os.chmod(same, found.st_mode & 0o700)
    finally:
        os.close(handle)


def hand_over_folder(folder: Path, heir: Account) -> None:
    """Give an empty folder that root just made to an account.

    Where the account may write to the folder above, it may have put another one, or a link to
    one, in its place. So links are not followed.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise CannotDrop(f"{folder} is not the folder that was just made there.") from error
    try:
        if os.listdir(handle):
            raise CannotDrop(f"{folder} is not the folder that was just made there.")
        os.fchown(handle, heir.uid, heir.gid)
    finally:
        os.close(handle)


def _refuse_foreign(folder: Path) -> None:
    """Raise :class:`CannotDrop` for a folder that other programs may use."""
    whole = Path(os.path.realpath(folder))
    found = whole.stat()
    shallow = len(whole.parts) < 3 or (whole.parts[1] == "var" and len(whole.parts) < 4)
    shared = found.st_uid == 0 and found.st_mode & 0o022
    above = Path(__file__).resolve().is_relative_to(whole)
    if shallow or shared or above or whole.parts[1] in _SYSTEM_FOLDERS:
        raise CannotDrop(
            f"DATA_DIR is {whole}, which other programs may use, so Cloister cannot give it to "
            f"the server’s account. Choose another folder, such as /var/lib/cloister."
        )


@contextmanager
def seeing_as(who: Account) -> Iterator[None]:
    """Check access as this account, with ``os.access`` and ``effective_ids``."""
    groups, gid = os.getgroups(), os.getegid()
    try:
        os.setgroups([])
        os.setegid(who.gid)
        os.seteuid(who.uid)
        yield
    finally:
        os.seteuid(0)
        os.setegid(gid)
        os.setgroups(groups)


def drop_to(who: Account) -> None:
    """Become an account for good, with no capability, no further group and no way back.

    Raises :class:`CannotDrop` unless the kernel confirms all of it.
    """
    try:
        os.setgroups([])
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
        for number in range(64):
            if _LIBC.prctl(_PR_CAPBSET_READ, number, 0, 0, 0) == 1:
                _prctl(_PR_CAPBSET_DROP, number)
        os.setresgid(who.gid, who.gid, who.gid)
        os.setresuid(who.uid, who.uid, who.uid)
        _clear_capabilities()
    except OSError as error:
        raise CannotDrop(
            f"Cloister could not change from root to the account “{who.name}”: {error.strerror}. "
            f"Start Cloister as that account, or as root with all capabilities."
        ) from error
    forbid_new_privileges()
    _confirm(who)


def forbid_new_privileges() -> None:
    """Forbid executed programs more rights than this process has."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _confirm(who: Account) -> None:
    lines = Path("/proc/self/status").read_text().splitlines()
    status = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    wanted = {
        "Uid": [str(who.uid)] * 4,
        "Gid": [str(who.gid)] * 4,
        "Groups": [],
        "NoNewPrivs": ["1"],
        **{name: ["0" * 16] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")},
    }
    wrong = [name for name, value in wanted.items() if status.get(name) != value]
    if wrong:
        raise CannotDrop(f"The kernel kept rights that were given up: {', '.join(wrong)}.")


def _clear_capabilities() -> None:
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    if _LIBC.capset(header, bytes(24)):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _prctl(option: int, value: int) -> None:
    if _LIBC.prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
