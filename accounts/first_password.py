"""Hand the first password to the administrator where no other user can read it."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User


def hand_over(out: Any, name: str, password: str) -> str:
    """Return what to write to ``out``: the password, or the file that holds it.

    A file holds it if other users may read ``out``: if ``out`` is the system's journal, or a
    file whose mode cannot be restricted to its owner.
    """
    try:
        descriptor = out.fileno()
    except (AttributeError, OSError):
        return _shown(name, password)
    if not _is_journal(descriptor) and _is_private(descriptor):
        return _shown(name, password)
    path = _path()
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{name}\n{password}\n")
    return (
        f"Administrator: {name}  password: in {path}, which only its owner can read. "
        "The file is removed when this account logs in or its password is changed."
    )


def forget(user: User) -> None:
    """Remove the file with the first password of ``user``, if there is one."""
    with suppress(FileNotFoundError, PermissionError):
        if _path().read_text().partition("\n")[0] == user.get_username():
            _path().unlink()


def _path() -> Path:
    return Path(settings.DATA_DIR) / "first_password"


def _shown(name: str, password: str) -> str:
    return f"Administrator: {name}  password: {password}  (shown only this once)"


def _is_journal(descriptor: int) -> bool:
    """Return whether systemd's journal is at ``descriptor``, according to ``JOURNAL_STREAM``."""
    status = os.fstat(descriptor)
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _is_private(descriptor: int) -> bool:
    """Restrict a regular file to its owner; return whether others cannot read it afterwards."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        return True
    if status.st_mode & 0o077:
        with suppress(OSError):  # the file belongs to another account
            os.fchmod(descriptor, 0o600)
    return not os.fstat(descriptor).st_mode & 0o077
