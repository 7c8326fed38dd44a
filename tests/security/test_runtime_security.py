"""The posture of a running sandbox, read from outside, and what its program can still see."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import docker.errors
import pytest

from executor import messages
from executor.container import SandboxConfig
from executor.limits import MIB, Limits
from executor.outcome import Status
from executor.submission import Submission
from tests.conftest import REUSE

pytestmark = pytest.mark.docker

LIMITS = Limits()
READY_AND_BUSY = """#include <stdio.h>
int main(void) { puts("ready"); for (volatile int i = 0;; i++) ; }
"""
NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "uts")


@dataclass(frozen=True)
class Process:
    """What the host's /proc says about one process of a sandbox."""

    pid: int

    def read(self, name):
        return Path(f"/proc/{self.pid}/{name}").read_text()

    def owner_of(self, name):
        return Path(f"/proc/{self.pid}/{name}").stat().st_uid

    @property
    def status(self):
        pairs = (line.split(":", 1) for line in self.read("status").splitlines())
        return {key: value.strip() for key, value in pairs}

    @property
    def limits(self):
        """Soft and hard limit by name, as in proc(5) /proc/pid/limits."""
        lines = self.read("limits").splitlines()[1:]
        return {line[:26].strip(): tuple(line[26:].split()[:2]) for line in lines}

    @property
    def descriptors(self):
        folder = Path(f"/proc/{self.pid}/fd")
        return {int(entry.name): os.readlink(entry) for entry in folder.iterdir()}

    @property
    def mounts(self):
        """Options (of the mount and of the file system) by mount point, and the source."""
        found = {}
        for line in self.read("mountinfo").splitlines():
            fields, _, rest = line.partition(" - ")
            kind, source, options = rest.split(" ", 2)
            point, of_mount = fields.split()[4:6]
            found[point] = (kind, source, {*of_mount.split(","), *options.split(",")})
        return found

    @property
    def children(self):
        return [Process(int(pid)) for pid in self.read(f"task/{self.pid}/children").split()]

    def runs(self, name):
        """Whether one of its children bears this name."""
        return name in [child.read("comm").strip() for child in self.children]

    def cgroup(self, version_1, version_2):
        """A file of the process's cgroup: (controller, name) in version 1, name in version 2."""
        for line in self.read("cgroup").splitlines():
            _, controllers, path = line.split(":", 2)
            if version_1[0] in controllers.split(","):
                return Path(f"/sys/fs/cgroup/{version_1[0]}{path}/{version_1[1]}").read_text()
        path = self.read("cgroup").strip().rpartition(":")[2]
        return Path(f"/sys/fs/cgroup{path}/{version_2}").read_text()


@dataclass(frozen=True)
class Running:
    """A sandbox whose program has said that it is ready."""

    supervisor: Process
    program: Process
    inspection: dict


def _supervisor(first):
    """The container's first process, or the keeper's child."""
    return first.children[0] if REUSE else first


@pytest.fixture
async def running(limited, own_containers, walls):
    """A program in the middle of its execution; it is stopped afterwards."""
    if walls["gvisor"]:
        pytest.skip("the host's /proc shows gVisor, and nothing of the processes in it")
    executor = limited()
    remote = executor.remote()
    stream = executor.stream(Submission.from_source(READY_AND_BUSY), remote=remote)
    async for event in stream:
        if isinstance(event, messages.Output):
            break
    found = [
        (_supervisor(Process(inspection["State"]["Pid"])), inspection)
        for inspection in own_containers(executor.pool.engine)
    ]
    [(supervisor, inspection)] = [one for one in found if one[0].runs("program")]
    yield Running(supervisor, supervisor.children[0], inspection)
    remote.handle(messages.Stop())
    last = [event async for event in stream][-1]
    assert last.outcome.status is Status.STOPPED


def both(running):
    return (running.supervisor, running.program)


async def test_neither_process_has_any_right_that_is_not_everybodys(running):
    for process in both(running):
        status = process.status
        assert status["Uid"].split() == status["Gid"].split() == ["1000"] * 4
        assert status["Groups"] in ("", "1000")
        for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            assert int(status[kind], 16) == 0
        assert status["NoNewPrivs"] == "1"
        assert status["Threads"] == "1"


async def test_both_processes_are_filtered_and_the_program_twice(running):
    supervisor, program = (process.status for process in both(running))
    assert supervisor["Seccomp"] == program["Seccomp"] == "2"
    assert int(program["Seccomp_filters"]) == int(supervisor["Seccomp_filters"]) + 1


async def test_every_namespace_is_the_sandboxs_own(running):
    for name in NAMESPACES:
        inside = {os.readlink(f"/proc/{process.pid}/ns/{name}") for process in both(running)}
        assert len(inside) == 1
        if name == "cgroup" and running.inspection["HostConfig"]["CgroupnsMode"] != "private":
            continue
        assert os.readlink(f"/proc/self/ns/{name}") not in inside


async def test_the_network_namespace_is_empty(running):
    devices = running.program.read("net/dev").splitlines()[2:]
    assert [line.split(":")[0].strip() for line in devices] == ["lo"]
    assert running.program.read("net/route").splitlines()[1:] == []


async def test_the_program_has_three_pipes_and_nothing_else(running):
    assert sorted(running.program.descriptors) == [0, 1, 2]
    assert all(target.startswith("pipe:") for target in running.program.descriptors.values())


async def test_the_supervisor_holds_no_file_and_no_socket(running):
    targets = running.supervisor.descriptors.values()
    assert all(target.startswith(("pipe:", "anon_inode:")) for target in targets), targets


async def test_the_supervisor_cannot_be_looked_into_by_its_own_user(running):
    # The kernel gives the files of a process that is not dumpable to root.
    assert running.supervisor.owner_of("environ") == 0


async def test_the_program_dies_first_when_memory_runs_out(running):
    assert running.program.read("oom_score_adj").strip() == "1000"
    assert running.supervisor.read("oom_score_adj").strip() == "500"


async def test_the_program_has_the_resource_limits_of_the_configuration(running):
    limits = running.program.limits
    assert limits["Max core file size"] == ("0", "0")
    assert limits["Max file size"] == (str(LIMITS.file_bytes),) * 2
    assert limits["Max stack size"] == (str(LIMITS.stack_bytes),) * 2
    assert limits["Max open files"] == (str(LIMITS.open_files),) * 2
    assert limits["Max cpu time"] == ("11", "11")


async def test_the_cgroup_has_the_limits_of_the_configuration(running):
    program = running.program
    memory = program.cgroup(("memory", "memory.limit_in_bytes"), "memory.max")
    assert int(memory) == LIMITS.memory_bytes
    processes = program.cgroup(("pids", "pids.max"), "pids.max")
    assert int(processes) == LIMITS.process_count
    quota = program.cgroup(("cpu", "cpu.cfs_quota_us"), "cpu.max").split()[0]
    assert int(quota) == LIMITS.cpu_period_us * LIMITS.cpu_percent // 100


async def test_only_the_work_folders_can_be_written_and_only_so(running):
    mounts = running.program.mounts
    writable = {point for point, (_, _, options) in mounts.items() if "ro" not in options}
    assert "ro" in mounts["/"][2]
    # These belong to root, and Landlock keeps the program out of them besides.
    roots = {"/proc", "/dev", "/dev/pts", "/sys/fs/cgroup"} | kernel_files(mounts)
    assert writable - roots == {"/work", "/build"}
    assert mounts["/work"][2] >= {"nosuid", "nodev", "noexec"}
    assert mounts["/build"][2] >= {"nosuid", "nodev"}


def kernel_files(mounts):
    """Mount points that cover a file of /proc with a device that swallows everything."""
    return {
        point
        for point, (kind, _, _) in mounts.items()
        if point.startswith("/proc/") and kind == "tmpfs"
    }


async def test_nothing_of_the_host_is_mounted(running):
    inspected = running.inspection
    assert inspected["Mounts"] == []
    assert inspected["HostConfig"]["Binds"] is None
    assert not [point for point in running.program.mounts if "docker" in point]


async def test_the_name_and_the_environment_tell_nothing(running):
    assert running.inspection["Config"]["Hostname"] == "sandbox"
    environment = set(filter(None, running.program.read("environ").split("\0")))
    assert {pair.partition("=")[0] for pair in environment} == {"LANG", "TERM"}


def test_no_execution_sees_what_another_one_wrote(sandbox):
    source = """#include <stdio.h>
    int main(void) { FILE *old = fopen("left", "r"); fclose(fopen("left", "w")); return !!old; }
    """
    outcomes = [sandbox.execute(Submission.from_source(source)) for _ in range(3)]
    assert [outcome.exit_code for outcome in outcomes] == [0, 0, 0]
    assert len({outcome.container for outcome in outcomes}) == 3 or REUSE


async def test_nothing_of_a_container_runs_after_its_execution(limited):
    executor = limited()
    outcome = await executor.execute_async(Submission.from_source("int main(void) { return 0; }"))
    await executor.aclose()
    # The engine may still be removing what has ended.
    with contextlib.suppress(docker.errors.NotFound):
        inspection = executor.pool.engine.client.inspect_container(outcome.container)
        assert not inspection["State"]["Running"]


def test_a_descriptor_of_a_folder_opens_no_way_round_the_judge_of_names(unvalidated_sandbox):
    source = """#define _GNU_SOURCE
    #include <fcntl.h>
    #include <stdio.h>
    #include <sys/stat.h>
    int main(void) {
        struct stat status;
        int folder = open("/lib", O_PATH);
        if (folder >= 0 && fstatat(folder, "../supervisor", &status, 0) == 0) puts("ESCAPED");
        puts("asked");
        if (folder >= 0 && openat(folder, "../supervisor", O_RDONLY) >= 0) puts("ESCAPED");
        return 0; }
    """
    submission = Submission.from_files({"a/b/main.c": source}, "a/b/main.c", validate=False)
    outcome = unvalidated_sandbox.execute(submission)
    assert outcome.stdout == "asked\n"
    assert outcome.violations


@pytest.mark.parametrize("folder", [".", "src", "deep/er"])
def test_a_program_starts_in_the_folder_of_its_main_file(sandbox, folder):
    source = '#include <stdio.h>\nint main(void) { return fopen("beside.txt", "r") ? 0 : 1; }\n'
    files = {f"{folder}/main.c": source, f"{folder}/beside.txt": "x"}
    if folder == ".":
        files = {name.removeprefix("./"): content for name, content in files.items()}
    outcome = sandbox.execute(Submission.from_files(files, next(iter(files))))
    assert outcome.exit_code == 0


def test_a_refused_call_is_told_with_what_it_asked_for(unvalidated_sandbox):
    source = """#include <sys/socket.h>
    int main(void) { return socket(AF_INET, SOCK_STREAM, 0); }
    """
    outcome = unvalidated_sandbox.execute(Submission.from_source(source, validate=False))
    assert outcome.message.startswith("socket(AF_INET, SOCK_STREAM")
    assert outcome.blocked_syscall == "socket"


def test_the_result_says_which_walls_stood(sandbox):
    outcome = sandbox.execute(Submission.from_source("int main(void) { return 0; }"))
    walls = outcome.walls
    assert walls["seccomp"] == 1
    if walls["gvisor"]:
        assert (walls["trace"], walls["notify"], walls["landlock"]) == (1, 0, 0)
    else:
        assert (walls["trace"], walls["notify"]) == (0, 1)
        assert walls["landlock"] >= 1


def test_the_configured_memory_is_the_designs():
    assert SandboxConfig().limits.memory_bytes == 128 * MIB
