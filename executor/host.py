"""What the machine around the sandboxes adds or takes away: versions and the kernel's settings.

Advice and never a wall: a sandbox has its own means against each of these, and a number says
little about a package that a distribution mends without changing it. So none of it counts for
``sandbox check --strict``; each line says what stands, why it matters less here, what to do.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from executor.wall import Wall

Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A known flaw of a ``part`` of the engine, by the name that the engine gives it.

    ``mended`` has the first good release of each series; newer series than the last are good,
    older ones are not. ``packages`` has the start of a distribution's version and the least
    number behind it that carries the fix.
    """

    names: str
    mended: tuple[Version, ...]
    covered: str
    packages: tuple[tuple[str, int], ...] = ()
    part: str = "runc"


# Upstream's numbers. A distribution may fix a package without changing them; only its own
# revision shows that. So an old number is advice to check, and never a failure.
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
    Flaw(
        "CVE-2023-25173",
        mended=((1, 5, 18), (1, 6, 18)),
        covered="it is about further groups of a container’s user, and a sandbox’s has none",
        part="containerd",
    ),
    Flaw(
        "CVE-2024-40635",
        mended=((1, 6, 38), (1, 7, 27), (2, 0, 4)),
        covered="it needs a number for the user beyond 32 bits, and here it is 1000",
        part="containerd",
    ),
    Flaw(
        "CVE-2024-25621",
        mended=((1, 7, 29), (2, 0, 7), (2, 1, 5), (2, 2, 0)),
        covered="it needs an account on the host itself",
        part="containerd",
    ),
    Flaw(
        "CVE-2022-36109",
        mended=((20, 10, 18),),
        covered="it is about further groups of a container’s user, and a sandbox’s has none",
        part="Engine",
    ),
    Flaw(
        "CVE-2024-41110",
        mended=((23, 0, 15), (25, 0, 6), (26, 1, 5), (27, 1, 1)),
        covered="it needs an authorization plugin of the engine, and the broker relies on none",
        part="Engine",
    ),
)

SERIES: Final = {
    "Engine": {
        (19, 3): date(2019, 7, 22), (20, 10): date(2020, 12, 8), (23, 0): date(2023, 2, 1),
        (24, 0): date(2023, 5, 16), (25, 0): date(2024, 1, 19), (26, 0): date(2024, 3, 20),
        (26, 1): date(2024, 4, 22), (27, 0): date(2024, 6, 22), (28, 0): date(2025, 2, 19),
        (29, 0): date(2025, 11, 10),
    },
    "containerd": {
        (1, 4): date(2020, 8, 17), (1, 5): date(2021, 5, 3), (1, 6): date(2022, 2, 15),
        (1, 7): date(2023, 3, 10), (2, 0): date(2024, 11, 5), (2, 1): date(2025, 5, 7),
        (2, 2): date(2025, 11, 6),
    },
    "runc": {
        (1, 0): date(2021, 6, 22), (1, 1): date(2022, 1, 17), (1, 2): date(2024, 10, 22),
        (1, 3): date(2025, 4, 29), (1, 4): date(2025, 11, 27),
    },
}  # fmt: skip
"""When the first release of each series appeared; newer series are not listed and not old."""

_NAMES: Final = {"Engine": "Docker", "containerd": "containerd", "runc": "runc"}
_OLD_SERIES_DAYS: Final = 3 * 365
_OLD_BUILD_DAYS: Final = 180
_REMAPPED, _ROOTLESS = "name=userns", "name=rootless"


def advice(info: Mapping[str, Any], version: Mapping[str, Any], runtime: str) -> Iterator[Wall]:
    """What there is to say of the engine's tools and its host's kernel.

    ``info`` and ``version`` are the engine's answers; ``runtime`` is the name of the runtime.
    """
    parts = {part["Name"]: part for part in version.get("Components") or []}
    for name in ("Engine", "containerd"):
        if name in parts:
            yield from _part(name, parts[name])
    if runtime.startswith("runc") and "runc" in parts:
        yield from _part("runc", parts["runc"])
    else:
        yield _note("runtime's version", False, f"the engine does not tell it of {runtime}")
    mapped = user_namespaces(info)
    yield mapped
    if info.get("KernelVersion") != platform.release():
        yield _note("host", False, "the engine runs on another machine, which is not looked at")
        return
    yield _swap(Path("/proc/swaps"))
    for setting in SETTINGS:
        if not (mapped.stands and setting.key == "user.max_user_namespaces"):
            yield setting.look(Path("/proc/sys"))


def user_namespaces(info: Mapping[str, Any]) -> Wall:
    """Check whether root in a container is root on the host."""
    options = " ".join(info.get("SecurityOptions") or [])
    if _ROOTLESS in options:
        return _note("user namespaces", True, "on: the engine runs without root")
    if _REMAPPED in options:
        return _note("user namespaces", True, "on: userns-remap maps the accounts of containers")
    return _note(
        "user namespaces",
        False,
        "off: root in a container is root on the host if a program gets past the walls. In "
        "production, turn on userns-remap or use a rootless engine (docs/runtimes.md). "
        "No process of a sandbox runs as root",
    )


def _note(name: str, stands: bool, detail: str) -> Wall:
    return Wall(name, stands, detail, needed=False)


def _exact(part: Mapping[str, Any]) -> str:
    """A component's version; Debian's has the package's in place of the commit."""
    told = str(part.get("Version", "")), str((part.get("Details") or {}).get("GitCommit", ""))
    return told[1] if told[1].startswith(told[0]) else told[0]


def _part(name: str, part: Mapping[str, Any], today: date | None = None) -> Iterator[Wall]:
    """Yield checks of a part's version, its age and each known flaw."""
    version, shown = _exact(part), _NAMES[name]
    yield _note(shown, True, version)
    yield _age(name, version, str((part.get("Details") or {}).get("BuildTime", "")), today)
    for flaw in FLAWS:
        if flaw.part == name:
            yield _flaw(shown, flaw, version)


def _age(name: str, version: str, built: str, today: date | None) -> Wall:
    """Check a version's age by its series and, if the engine reports it, its build time."""
    shown, today = _NAMES[name], today or datetime.now(UTC).date()
    found = re.match(r"v?(\d+)\.(\d+)", version)
    series = (int(found[1]), int(found[2])) if found else None
    told, old = [], False
    if series and (first := SERIES[name].get(series)):
        told.append(f"the series {series[0]}.{series[1]} appeared in {first:%Y-%m}")
        old = (today - first).days > _OLD_SERIES_DAYS
    if moment := _built(built):
        days = (today - moment).days
        told.append(f"built {days} days ago")
        old = old or days > _OLD_BUILD_DAYS
    hint = "; only the distribution may still fix it: install its updates, or use a newer series"
    return _note(f"{shown} age", not old, (", ".join(told) or "not known") + hint * old)


def _built(text: str) -> date | None:
    """Parse the engine's BuildTime: RFC 3339, or the format of C's ctime."""
    for form, given in (("%Y-%m-%d", text[:10]), ("%a %b %d %H:%M:%S %Y", text)):
        with suppress(ValueError):
            return datetime.strptime(given, form).replace(tzinfo=UTC).date()
    return None


def _flaw(shown: str, flaw: Flaw, version: str) -> Wall:
    name = f"{shown} {flaw.names[:14]}"
    if is_mended(flaw, version):
        return _note(name, True, f"{flaw.names}: fixed in this version")
    least = ", ".join(".".join(map(str, release)) for release in flaw.mended)
    return _note(
        name,
        False,
        f"{flaw.names}: not known to be fixed (upstream it is in {least}; a distribution may have "
        f"fixed it without a new number); {flaw.covered}. Ask the distribution, and update {shown}",
    )


def is_mended(flaw: Flaw, version: str) -> bool:
    """Return whether this version is known to be fixed; False if unknown."""
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
