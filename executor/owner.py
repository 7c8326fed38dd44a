"""Which process made a container or looks after an execution, and whether it still lives."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path


def owner() -> str:
    """This process, so that nobody takes it for another one."""
    return _own(os.getpid())


@cache
def _own(pid: int) -> str:
    return label(pid)


def label(pid: int) -> str:
    """Any process that is seen from here: where it counts, pid, start time."""
    return f"{_here()}/{pid}/{_start_time(pid)}"


def owner_is_gone(owner_label: str) -> bool:
    """Whether the process behind a label would be seen from here, and has ended."""
    where, _, process = owner_label.partition("/")
    pid, _, start = process.partition("/")
    try:
        if where != _here() or not pid.isdigit():
            # Another boot, machine or container that shares this engine: its age has to decide.
            return False
        return _start_time(int(pid)) != start
    except OSError:
        return False  # hidden from this account, or there is no descriptor left to look with


def owner_lives(owner_label: str) -> bool:
    """Whether the process behind a label is one that is seen from here and runs now."""
    pid = owner_label.split("/")[1] if owner_label.count("/") == 2 else ""
    try:
        return pid.isdigit() and label(int(pid)) == owner_label
    except OSError:
        return False


def _here() -> str:
    """In which boot, and in which PID namespace of it, this process counts the others.

    A server in a container sees nobody outside, and would take them all for dead.
    """
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}.{Path('/proc/self/ns/pid').stat().st_ino}"


def _start_time(pid: int) -> str:
    """Field 22 of proc(5) /proc/pid/stat; empty when there is no such process any more.

    Raises ``OSError`` where that cannot be told.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    # A zombie has ended; only its parent has not asked yet.
    return "" if fields[0] == "Z" else fields[19]
