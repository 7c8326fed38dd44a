"""Many measured values in a few figures, and what they are measured with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def summary(values: Sequence[float]) -> dict[str, float]:
    """Percentiles: ``p5``, ``p50``, ``p95`` and ``p99``; zeros where there is nothing."""
    ordered = sorted(values) or [0.0]
    return {f"p{share}": ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
            for share in (5, 50, 95, 99)}  # fmt: skip


def spread(values: Sequence[float]) -> str:
    found = summary(values)
    return f"{found['p50']:.0f} ({found['p5']:.0f} to {found['p95']:.0f})"


def busy_seconds() -> float:
    """CPU seconds that this machine has spent on anything, proc(5) /proc/stat."""
    user, nice, system, _idle, _wait, irq, soft = map(
        int, Path("/proc/stat").read_text().split()[1:8]
    )
    return (user + nice + system + irq + soft) / 100


def process_seconds(pid: int) -> float:
    """CPU seconds that one process has spent, proc(5) /proc/PID/stat."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100
