"""Walls by name: which ones a sandbox must have before anything of a stranger's goes into it.

Two answer for them. The engine says at once what its cgroups hold. A started sandbox says what
its supervisor found in the kernel, before it is given an order. Neither is asked for a promise
about the other, and a wall that nobody vouches for counts as missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

NAMES: Final = {
    "filters": "the system call filters of compiler and program",
    "files": "Landlock, or gVisor’s kernel with every opened path judged",
    "names": "the supervisor’s judgement of refused calls and of paths",
    "memory": "the engine’s limit on memory",
    "swap": "the engine’s limit on swap",
    "processes": "the engine’s limit on processes",
}
"""Every wall that can be demanded, in words."""

ALL: Final = frozenset(NAMES)
_OF_THE_ENGINE = {"memory": "MemoryLimit", "swap": "SwapLimit", "processes": "PidsLimit"}


@dataclass(frozen=True, slots=True)
class Wall:
    """One thing that should stand; ``needed`` says whether its absence is a failure."""

    name: str
    stands: bool
    detail: str
    needed: bool = True


def missing_in_engine(info: Mapping[str, Any], runtime: str) -> frozenset[str]:
    """The names of the walls that an engine which describes itself so does not have.

    ``runtime`` is the name of the OCI runtime, empty for the engine's default.
    """
    if ignores_cgroups(info, runtime or info.get("DefaultRuntime", "")):
        # The supervisor counts memory there and its filter starts no process.
        return frozenset()
    return frozenset(name for name, key in _OF_THE_ENGINE.items() if not info.get(key))


def missing_in_sandbox(found: Mapping[str, int]) -> frozenset[str]:
    """The names of the walls that a sandbox whose supervisor found this does not have."""
    judged = bool(found.get("notify") or found.get("trace"))
    stands = {
        "filters": bool(found.get("seccomp")),
        "files": bool(found.get("landlock") or (found.get("gvisor") and found.get("trace"))),
        "names": judged,
    }
    return frozenset(name for name, it_does in stands.items() if not it_does)


def ignores_cgroups(info: Mapping[str, Any], runtime: str) -> bool:
    """Whether the runtime is registered with gVisor's argument to leave cgroups alone."""
    arguments = (info.get("Runtimes") or {}).get(runtime, {}).get("runtimeArgs") or []
    return any(one.lstrip("-") in ("ignore-cgroups", "ignore-cgroups=true") for one in arguments)


def lacking(names: frozenset[str]) -> str:
    """The sentence for a person who gets no sandbox because these walls are missing."""
    listed = "; ".join(f"{name} ({NAMES[name]})" for name in sorted(names))
    return (
        f"No program can run here, because walls are missing: {listed}. Nothing was run. "
        "The administrator can see them all with “manage.py sandbox check”."
    )
