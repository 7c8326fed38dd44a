"""What the machine around the sandboxes adds or takes away: versions and the kernel's settings.

Advice and never a wall: a sandbox has its own means against each of these, and a number says
little about a package that a distribution mends without changing it. So none of it counts for
``sandbox check --strict``; each line says what stands, why it matters less here, what to do.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from executor.wall import Wall

Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A known flaw of runc.

    ``mended`` has the first good release of each series; newer series than the last are good,
    older ones are not. ``packages`` has the start of a distribution's version and the least
    number behind it that carries the fix.
    """

    names: str
    mended: tuple[Version, ...]
    covered: str
    packages: tuple[tuple[str, int], ...] = ()


FLAWS: Final = (
    Flaw(
        "CVE-2024-21626",
        mended=((1, 1, 12),),
        packages=(("1.1.5+ds1-1+deb12u", 1),),
        covered="it needs a working folder of the attacker’s choice, and here it is fixed",
    ),
    Flaw(
        "CVE-2025-31133, -52565, -52881",
        mended=((1, 2, 8), (1, 3, 3), (1, 4, 0)),
        covered="they need an image or a shared mount of the attacker’s, and here is neither",
    ),
)


def advice(info: Mapping[str, Any], version: Mapping[str, Any], runtime: str) -> Iterator[Wall]:
    """What there is to say of the engine's tools and its host's kernel.

    ``info`` and ``version`` are the engine's answers; ``runtime`` is the name of the runtime.
    """
    parts = {part["Name"]: part for part in version.get("Components") or []}
    if "containerd" in parts:
        yield _note("containerd", True, _exact(parts["containerd"]))
    if runtime.startswith("runc") and "runc" in parts:
        yield from _runc(_exact(parts["runc"]))
    else:
        yield _note("runtime's version", False, f"the engine does not tell it of {runtime}")
    if info.get("KernelVersion") != platform.release():
        yield _note("host", False, "the engine runs on another machine, which is not looked at")
        return
    yield _swap(Path("/proc/swaps"))
    for setting in SETTINGS:
        yield setting.look(Path("/proc/sys"))


def _note(name: str, stands: bool, detail: str) -> Wall:
    return Wall(name, stands, detail, needed=False)


def _exact(part: Mapping[str, Any]) -> str:
    """A component's version; Debian's has the package's in place of the commit."""
    told = str(part.get("Version", "")), str((part.get("Details") or {}).get("GitCommit", ""))
    return told[1] if told[1].startswith(told[0]) else told[0]


def _runc(version: str) -> Iterator[Wall]:
    yield _note("runc", True, version)
    for flaw in FLAWS:
        if is_mended(flaw, version):
            yield _note(f"runc {flaw.names[:14]}", True, f"{flaw.names}: fixed in this version")
        else:
            least = ", ".join(".".join(map(str, release)) for release in flaw.mended)
            yield _note(
                f"runc {flaw.names[:14]}",
                False,
                f"{flaw.names}: not known to be fixed (upstream it is in {least}); {flaw.covered}. "
                "Ask the distribution, and update runc",
            )


def is_mended(flaw: Flaw, version: str) -> bool:
    """Whether this version of runc is known to be without the flaw; unknown is no."""
    for start, least in flaw.packages:
        behind = version.removeprefix(start)
        if behind != version and (revision := re.match(r"\d+", behind)):
            return int(revision[0]) >= least
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)(-rc)?", version)
    if not found:
        return False
    number = int(found[1]), int(found[2]), int(found[3])
    if found[4] and number in flaw.mended:
        return False
    series = [release for release in flaw.mended if release[:2] == number[:2]]
    return number >= series[0] if series else number > flaw.mended[-1]


def _swap(path: Path) -> Wall:
    used = path.read_text().splitlines()[1:] if path.exists() else []
    if not used:
        return _note("swap of the host", True, "off")
    devices = ", ".join(line.split()[0] for line in used)
    return _note(
        "swap of the host",
        False,
        f"on ({devices}): the server’s memory may be written there; encrypt it or turn it off. "
        "Sandboxes are kept from it by their limit",
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """A kernel setting, the values that are good, the one to set, and why it matters less here."""

    key: str
    is_good: Callable[[str], bool]
    wanted: str
    covered: str

    def look(self, root: Path) -> Wall:
        path = root / self.key.replace(".", "/")
        try:
            value = path.read_text().strip()
        except OSError:
            return _note(self.key, True, "this kernel has no such setting")
        if self.is_good(value):
            return _note(self.key, True, value or "empty")
        return _note(self.key, False, f"{value}; {self.wanted}. {self.covered}")


def _one_of(*good: str) -> Callable[[str], bool]:
    return lambda value: value in good


def _at_least(least: int) -> Callable[[str], bool]:
    return lambda value: value.lstrip("-").isdigit() and int(value) >= least


SETTINGS: Final = (
    Setting(
        "kernel.core_pattern",
        lambda value: not value.startswith("|"),
        "set it to “core”",
        "A handler gets the memory of strangers’ programs that crash, as root and whatever "
        "their limit on core files says",
    ),
    Setting(
        "kernel.unprivileged_bpf_disabled",
        _one_of("1", "2"),
        "set it to 1",
        "The filters refuse bpf to programs",
    ),
    Setting(
        "kernel.perf_event_paranoid",
        _at_least(2),
        "set it to 2",
        "The filters refuse perf_event_open to programs",
    ),
    Setting(
        "kernel.io_uring_disabled",
        _one_of("2"),
        "set it to 2 where nothing else needs io_uring",
        "The filters refuse io_uring to programs",
    ),
    Setting(
        "kernel.kptr_restrict",
        _one_of("1", "2"),
        "set it to 1",
        "Programs reach no file of /proc that has addresses of the kernel",
    ),
    Setting(
        "fs.protected_symlinks",
        _one_of("1"),
        "set it to 1",
        "It guards shared folders like /tmp; sandboxes share none and make no links",
    ),
    Setting(
        "fs.protected_hardlinks",
        _one_of("1"),
        "set it to 1",
        "It guards shared folders like /tmp; sandboxes share none and make no links",
    ),
    Setting(
        "user.max_user_namespaces",
        _one_of("0"),
        "set it to 0 where nothing else makes user namespaces (an engine without root does)",
        "The filters refuse them to programs",
    ),
)
