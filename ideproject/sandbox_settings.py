"""The settings that define a sandbox. The broker reads these and no others."""

from __future__ import annotations

import os

from executor.sandbox_config import Reuse, SandboxConfig
from ideproject.environment import envbool, envchoice, envfloat, envint, envlimits, envstr

_CORES = os.cpu_count() or 1

LIMITS = envlimits()
SANDBOX_IMAGE = envstr("SANDBOX_IMAGE", "ruv-sandbox")
SANDBOX_RUNTIME = envstr("SANDBOX_RUNTIME", "")
SANDBOX_POOL_MOST = envint("SANDBOX_POOL_MOST", 4 * _CORES)
SANDBOX_CONCURRENCY = envint("SANDBOX_CONCURRENCY", 2 * _CORES, least=1)
# Half of the memory for the programs that run or wait for input; each may use all its limit.
_MEMORY_BYTES = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
_WAITING_FIT = _MEMORY_BYTES // 2 // LIMITS.memory_bytes - SANDBOX_CONCURRENCY
WAITING_MOST = envint("WAITING_MOST", max(1, min(8 * _CORES, _WAITING_FIT)))
# Those of programs that wait for input; then warm, running and ending sandboxes and those of tools,
# with room for a crowd of each.
SANDBOX_MOST = envint(
    "SANDBOX_MOST", WAITING_MOST + 4 * (SANDBOX_POOL_MOST + SANDBOX_CONCURRENCY), least=1
)
SANDBOX_REUSE = envchoice("SANDBOX_REUSE", "never", ["never", "person", "anyone"])
SANDBOX_REUSE_MOST = envint("SANDBOX_REUSE_MOST", 50, least=1)
SANDBOX_REUSE_SECONDS = envfloat("SANDBOX_REUSE_SECONDS", 600)
SANDBOX_ALLOW_UNVALIDATED = envbool("SANDBOX_ALLOW_UNVALIDATED", False)


def sandbox_config(image: str, walls: frozenset[str]) -> SandboxConfig:
    """Return the configuration of every sandbox of this site."""
    return SandboxConfig(
        limits=LIMITS,
        image=image,
        runtime=SANDBOX_RUNTIME,
        walls=walls,
        reuse=Reuse(SANDBOX_REUSE, SANDBOX_REUSE_MOST, SANDBOX_REUSE_SECONDS),
    )
