"""What all sandboxes of a service have in common, and what the engine is told to make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from executor import filesystem, wall
from executor.limits import Limits

IMAGE: Final = "ruv-sandbox"
UNVALIDATED_IMAGE: Final = "ruv-sandbox:unvalidated"
DECLARATIONS_FILE: Final = "/usr/lib/cloister/declarations"
"""The file in the image that lists its headers' declarations."""
# keeper.h
_KEEPER_WORD = "keep"
_UID = 1000
_USER = f"{_UID}:{_UID}"


@dataclass(frozen=True, slots=True)
class Reuse:
    """Whether a container serves several executions, each in namespaces of its own.

    ``mode`` is “never”, “person” or “anyone”: “person” keeps a container for whoever it served
    first. One that served ``most`` times, or is ``seconds`` old, serves no more.
    """

    mode: str = "never"
    most: int = 50
    seconds: float = 600.0

    def __bool__(self) -> bool:
        return self.mode != "never"


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """What every sandbox of one service has in common."""

    limits: Limits = field(default_factory=Limits)
    image: str = IMAGE
    runtime: str = ""
    """Name of an OCI runtime known to the engine (``runsc``, ``crun``); empty for its default."""
    walls: frozenset[str] = wall.ALL
    """Without these there is no sandbox; names of :data:`executor.wall.NAMES`."""
    reuse: Reuse = field(default_factory=Reuse)


def container_body(
    config: SandboxConfig, image_id: str, profile: str, labels: dict[str, str]
) -> dict[str, Any]:
    """The body of the engine's “create a container” call; ``profile`` is seccomp's, as JSON.

    Nothing of it comes from a request. Docker Engine API, ``POST /containers/create``.
    """
    return {
        "Image": image_id,
        "Hostname": "sandbox",
        "User": _USER,
        "Env": [],
        "Cmd": [_KEEPER_WORD] if config.reuse else [],
        "WorkingDir": "/work",
        "Labels": labels,
        # Its end is the container's: see container.py.
        "OpenStdin": True,
        "StdinOnce": True,
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
        # The engine builds no network sandbox at all then; the container still has a
        # network namespace of its own, with nothing in it.
        "NetworkDisabled": True,
        "HostConfig": _host_config(config, profile),
    }


def _host_config(config: SandboxConfig, profile: str) -> dict[str, Any]:
    limits = config.limits
    return {
        "AutoRemove": True,
        "CapDrop": ["ALL"],
        "CgroupnsMode": "private",
        "CpuPeriod": limits.cpu_period_us,
        "CpuQuota": limits.cpu_period_us * limits.cpu_percent // 100,
        "IpcMode": "private",
        "LogConfig": {"Type": "none", "Config": {}},
        # The kernel mounts a new /proc only for who sees all of the old one. What an execution
        # gets of it is less then: its own processes, and none of what is masked elsewhere.
        "MaskedPaths": [
            path for path in filesystem.MASKED if not (config.reuse and _is_in_proc(path))
        ],
        "Memory": limits.memory_bytes,
        "MemorySwap": limits.memory_bytes,
        "NetworkMode": "none",
        "OomScoreAdj": 500,
        "PidsLimit": limits.process_count,
        "ReadonlyPaths": [] if config.reuse else list(filesystem.READ_ONLY),
        "ReadonlyRootfs": True,
        "Runtime": config.runtime,
        "SecurityOpt": ["no-new-privileges:true", f"seccomp={profile}"],
        "ShmSize": 64 * 1024,
        "Tmpfs": filesystem.tmpfs(limits, _UID),
        "Ulimits": [
            _ulimit("core", 0),
            _ulimit("nofile", limits.open_files),
            _ulimit("fsize", limits.file_bytes),
            _ulimit("stack", limits.stack_bytes),
        ],
    }


def _is_in_proc(path: str) -> bool:
    return path.startswith("/proc/")


def _ulimit(name: str, most: int) -> dict[str, Any]:
    return {"Name": name, "Soft": most, "Hard": most}
