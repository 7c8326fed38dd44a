"""Create files that only the server's account may read, even if root runs the command."""

from __future__ import annotations

import os
from pathlib import Path


def opened(path: Path, flags: int) -> int:
    """Open a file with mode 0600, created if missing; return the descriptor.

    A command that root runs gives a new file to the owner of its folder, because the server,
    which owns the folder, could not open it otherwise.
    """
    handle = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        give_to_owner_of_folder(path, handle)
    except OSError:
        os.close(handle)
        raise
    return handle


def give_to_owner_of_folder(path: Path, handle: int) -> None:
    """Give an open file to the owner of its folder if this process runs as root."""
    if os.geteuid() == 0:
        folder, file = path.parent.stat(), os.fstat(handle)
        if (file.st_uid, file.st_gid) != (folder.st_uid, folder.st_gid):
            os.fchown(handle, folder.st_uid, folder.st_gid)
