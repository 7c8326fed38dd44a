"""The system call profile of a container, as the engine takes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).resolve().parent.parent / "sandbox"
PROFILE: Final = _FOLDER / "seccomp-profile.json"
REUSE_PROFILE: Final = _FOLDER / "seccomp-reuse.json"


def profile(*, reused: bool = False) -> dict[str, Any]:
    """What every sandbox may call; ``reused`` adds what its keeper needs, and nothing else."""
    found: dict[str, Any] = json.loads(PROFILE.read_text())
    if not reused:
        return found
    added = json.loads(REUSE_PROFILE.read_text())["syscalls"]
    names = {name for group in added for name in group["names"]}
    for group in found["syscalls"]:
        # Two answers to one call would leave it to libseccomp which of them counts.
        group["names"] = [name for name in group["names"] if name not in names]
    found["syscalls"] += added
    return found
