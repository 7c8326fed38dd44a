"""Which process made a container or looks after an execution, and whether it still lives."""

from __future__ import annotations

import os
from pathlib import Path


def owner() -> str:
    """This process, so that nobody takes it for another one: boot, pid, start time."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{os.getpid()}/{_start_time(os.getpid())}"


def owner_is_gone(owner_label: str) -> bool:
    """Whether the process behind a label lived on this machine's boot and has ended."""
    boot, _, process = owner_label.partition("/")
    pid, _, start = process.partition("/")
    if boot != Path("/proc/sys/kernel/random/boot_id").read_text().strip() or not pid.isdigit():
        # Another boot, or another machine that shares this engine: its age has to decide.
        return False
    return _start_time(int(pid)) != start


def _start_time(pid: int) -> str:
    """Field 22 of proc(5) /proc/pid/stat; empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
