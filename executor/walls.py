"""Which walls stand on this host: asked of the engine, the image and a real sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from executor import host, wall
from executor.code_executor import CodeExecutor
from executor.engine import SandboxEngine, SandboxUnavailable
from executor.image import OLD_IMAGE_DAYS, Freshness, freshness
from executor.outcome import Outcome, Status
from executor.sandbox_config import Reuse
from executor.submission import Submission
from executor.wall import Wall

PACKAGES_LABEL = "io.cloister.packages"
"""``name=version@sha256:…`` of each package, spaces between; ``build.sh`` writes it."""

_SAFE = b"""#include <stdio.h>
#include <math.h>
#include <fann.h>
int main(void) {
    struct fann *ann = fann_create_standard(3, 2, 3, 1);
    printf("%.0f %u\\n", sqrt(16.0), fann_get_num_input(ann));
    fann_destroy(ann);
    return 0;
}
"""
_WRITES = b"""#include <stdio.h>
int main(void) {
    const char *paths[] = {"/x", "/tmp/x", "/dev/shm/x", "/dev/mqueue/x", "/build/x", "/lib/x",
                           "/usr/lib/x", "/etc/x", "/sys/x", "/proc/self/oom_score_adj"};
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++)
        if (fopen(paths[i], "w")) { puts(paths[i]); return 1; }
    return fopen("inside", "w") ? 0 : 2;
}
"""
_READS = b"""#include <stdio.h>
int main(void) {
    const char *paths[] = {"/proc/version", "/proc/self/maps", "/sys/fs/cgroup/memory.max",
                           "/dev/urandom", "/etc/hosts", "/supervisor",
                           "/usr/lib/cloister/cc1", "/build/0.o"};
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++)
        if (fopen(paths[i], "r")) { puts(paths[i]); return 1; }
    return 0;
}
"""
_SOCKET = b"int socket(int, int, int);\nint main(void) { return socket(2, 1, 0) < 0; }\n"
_FORK = b"int fork(void);\nint main(void) { return fork() < 0; }\n"
_GREED = b"""#include <stdlib.h>
#include <string.h>
int main(void) { for (;;) memset(malloc(1 << 20), 1, 1 << 20); }
"""
_HEADER = b"#include <unistd.h>\nint main(void) { return 0; }\n"


def survey(executor: CodeExecutor) -> Iterator[Wall]:
    """All walls, one after the other; stops early where nothing more can be asked."""
    engine = executor.pool.engine
    try:
        yield from _engine_walls(engine)
        yield from _image_walls(engine)
        yield from _sandbox_walls(executor)
    except SandboxUnavailable as error:
        yield Wall("sandbox", False, str(error))


def _engine_walls(engine: SandboxEngine) -> Iterator[Wall]:
    info = engine.info()
    runtime = engine.config.runtime or info["DefaultRuntime"]
    yield Wall("engine", True, f"Docker {info['ServerVersion']}, {info['OperatingSystem']}")
    yield Wall(
        "runtime", runtime in info["Runtimes"], f"{runtime} (known: {', '.join(info['Runtimes'])})"
    )
    options = ", ".join(info["SecurityOptions"])
    yield Wall("seccomp in the engine", "name=seccomp" in options, options)
    yield Wall("cgroups", True, f"version {info.get('CgroupVersion', 'unknown')}")
    yield from _cgroup_walls(info, wall.ignores_cgroups(info, runtime))
    yield from host.advice(info, engine.version(), runtime)


def _cgroup_walls(info: dict[str, Any], ignored: bool) -> Iterator[Wall]:
    """What the engine's cgroups hold.

    Where the runtime ignores them the sandbox has to hold its memory and its processes itself:
    “memory limit holds” and “no processes” try that, and are needed everywhere.
    """
    for name, key in [("memory", "MemoryLimit"), ("swap", "SwapLimit"), ("pids", "PidsLimit")]:
        stands = bool(info[key]) and not ignored
        missing = "this runtime ignores cgroups" if ignored else "not available"
        yield Wall(f"{name} limit", stands, "enforced" if stands else missing, needed=not ignored)
    quota = "this runtime ignores it: a program may use a whole core" if ignored else "by CFS"
    yield Wall("cpu quota", bool(info["CpuCfsQuota"]) and not ignored, quota, needed=False)


def _image_walls(engine: SandboxEngine) -> Iterator[Wall]:
    image = engine.image()
    labels = image["Config"]["Labels"] or {}
    built = labels.get("io.cloister.built")
    detail = (
        f"{engine.config.image}, {image['Size'] / 1e6:.0f} MB, {labels.get('io.cloister.base')}"
    )
    yield Wall("image", True, detail)
    yield Wall("image's id", True, image["Id"])
    yield _packages(labels.get(PACKAGES_LABEL, ""))
    if built:
        age = (datetime.now(UTC) - datetime.fromisoformat(built)).days
        old = age > OLD_IMAGE_DAYS
        hint = "; rebuild it for its security updates: make image" if old else ""
        yield Wall("image age", not old, f"{age} days{hint}", needed=False)
    yield _base(freshness(image))


def _base(found: Freshness) -> Wall:
    outdated = found.is_outdated(datetime.now(UTC))
    until = f"security updates until {found.supported_until or 'nobody knows when'}"
    hint = "; move it to a newer release" if outdated else ""
    return Wall("image base", not outdated, f"{found.release}, {until}{hint}", needed=False)


def _packages(recorded: str) -> Wall:
    """What the image's label says of the packages that it was made from."""
    packages = recorded.split()
    if not packages:
        return Wall("packages", False, "not recorded; make image records them", needed=False)
    return Wall("packages", True, f"{len(packages)} recorded; --packages lists them")


def _sandbox_walls(executor: CodeExecutor) -> Iterator[Wall]:
    safe = executor.execute(Submission.from_source(_SAFE))
    yield Wall("safe example", safe.status is Status.SUCCESS, safe.message)
    if safe.status is Status.SANDBOX_ERROR:
        return
    yield from _kernel_walls(safe.walls)
    yield _one_use_each(executor.config.reuse)
    greedy = executor.execute(Submission.from_source(_GREED))
    yield Wall("memory limit holds", greedy.status is Status.MEMORY_LIMIT, greedy.message)
    blocked = executor.execute(Submission.from_source(_HEADER))
    yield Wall("policy", blocked.status is Status.BLOCKED, "unistd.h is refused, with its line")
    # The rest must hold without the policy: what it has to stop could be spelled some other way.
    yield from _unvalidated(executor)


def _kernel_walls(walls: dict[str, Any]) -> Iterator[Wall]:
    """What the supervisor found.

    gVisor's kernel has neither Landlock nor cgroups. It stands between the program and the
    host's kernel instead, so they are no failure there; what they are for is tried below.
    """
    gvisor = bool(walls.get("gvisor"))
    if gvisor:
        yield Wall("kernel of its own", True, "gVisor’s, between the program and the host’s")
        detail = "gVisor does not apply it inside; the stage filters it does"
        yield Wall("container's profile", False, detail, needed=False)
    abi = walls.get("landlock", 0)
    detail = f"ABI {abi}" if abi else "this kernel or runtime has none"
    yield Wall("Landlock", abi > 0, detail, needed=not gvisor)
    missing = wall.missing_in_sandbox(walls)
    yield Wall("stage filters", "filters" not in missing, "seccomp")
    way = "by seccomp user notification" if walls.get("notify") else "by tracing the program"
    named = "names" not in missing
    yield Wall("names of refused calls", named, way if named else "neither notified nor traced")
    seen = bool(walls.get("oom_events"))
    detail = "in the cgroup's events" if seen else "no cgroup is seen; the supervisor counts itself"
    yield Wall("memory kills are seen", seen, detail, needed=not gvisor)
    there = bool(walls.get("sanitizers"))
    detail = "a run may have them" if there else "not in this image or under this runtime"
    yield Wall("sanitizers", there, detail, needed=False)


def _one_use_each(reuse: Reuse) -> Wall:
    whose = {"person": "of the same person", "anyone": "of anybody"}.get(reuse.mode)
    if whose is None:
        return Wall("one execution each", True, "no container serves twice")
    detail = f"up to {reuse.most} executions {whose} in a container: SANDBOX_REUSE"
    return Wall("one execution each", False, detail, needed=False)


def _unvalidated(executor: CodeExecutor) -> Iterator[Wall]:
    def attempt(source: bytes) -> Outcome:
        return executor.execute(Submission.from_source(source, validate=False))

    header = attempt(_HEADER)
    yield Wall(
        "private include tree",
        header.status is Status.COMPILE_ERROR,
        "the compiler finds no other header",
    )
    for name, source, calls in [
        ("no network", _SOCKET, {"socket"}),
        ("no processes", _FORK, {"clone", "fork"}),
    ]:
        ended = attempt(source)
        stands = ended.status is Status.BLOCKED_SYSCALL
        named = ended.blocked_syscall in calls
        yield Wall(name, stands, f"the call is {'named' if named else 'ended without a name'}")
    for name, source in [("nothing else writable", _WRITES), ("nothing else readable", _READS)]:
        ended = attempt(source)
        detail = ended.stdout.strip() or ended.message
        yield Wall(name, ended.status is Status.SUCCESS, detail)
