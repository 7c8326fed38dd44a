"""Where a container serves again (SANDBOX_REUSE), nothing of one execution meets the next."""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

import docker.errors
import pytest

from executor import CodeExecutor, frames, messages
from executor.container import UNVALIDATED_IMAGE, Engine, SandboxConfig
from executor.limits import Limits
from executor.outcome import Status
from executor.profile import profile
from executor.sandbox_config import Reuse, container_body
from executor.submission import Submission
from tests.conftest import RUNTIME

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(bool(RUNTIME), reason="under gVisor no sandbox serves twice"),
]

NOTHING = "int main(void) { return 0; }\n"
HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'
WAITS = '#include <stdio.h>\nint main(void) { puts("there"); getchar(); return 0; }\n'
ECHO = """#include <stdio.h>
int main(void) { int c; while ((c = getchar()) != EOF) putchar(c); return 0; }
"""
FILLS = """#include <stdlib.h>
#include <string.h>
int main(void) { memset(malloc(90 << 20), 1, 90 << 20); return 0; }
"""
NAMESPACES = ("user", "pid", "mnt", "ipc", "net", "uts")
# What tells of one and the same thing must be asked of the machine that the sandboxes run on.
on_the_host = pytest.mark.skipif(os.geteuid() != 0, reason="only root sees others’ processes")


@pytest.fixture
async def again():
    """Makes executors whose sandboxes serve again."""
    made = []

    def make(mode="anyone", image="", most=50, seconds=600.0, **limits):
        config = SandboxConfig(
            limits=Limits().with_overrides({"run_seconds": 2} | limits),
            reuse=Reuse(mode, most, seconds),
            **({"image": image} if image else {}),
        )
        made.append(CodeExecutor(config, pool_size=1, pool_most=4))
        return made[-1]

    yield make
    for executor in made:
        await executor.aclose()


async def run(executor, source, person=None, **submission):
    return await executor.execute_async(Submission.from_source(source, **submission), person=person)


async def test_a_container_serves_the_next_and_says_so(again):
    executor = again()
    first, second = [await run(executor, HELLO) for _ in range(2)]
    assert first.container == second.container
    assert (first.walls["use"], second.walls["use"]) == (1, 2)
    assert (first.stdout, second.stdout) == ("hello\n", "hello\n")
    assert second.compiled_early


async def test_a_file_is_not_there_for_the_next(again):
    executor = again()
    writes = 'int main(void) { FILE *f = fopen("left", "w"); fputs("behind", f); return 0; }\n'
    reads = 'int main(void) { return fopen("left", "r") ? 1 : 0; }\n'
    first = await run(executor, "#include <stdio.h>\n" + writes)
    second = await run(executor, "#include <stdio.h>\n" + reads)
    assert [one.name for one in first.files] == ["left"]
    assert (second.container, second.exit_code, second.files) == (first.container, 0, [])


async def test_the_work_folder_is_another_file_system_each_time(again):
    executor = again(image=UNVALIDATED_IMAGE)
    # A tmpfs counts the inodes that it ever had: shmem_reserve_inode() in mm/shmem.c. So a kept
    # one would give another number; that of its device comes back once it is free.
    asks = """#include <stdio.h>
    #include <sys/stat.h>
    int main(void) {
        struct stat s;
        return !fopen("new", "wx") || stat("new", &s) || printf("%lu\\n", s.st_ino) < 0;
    }
    """
    first, second = [await run(executor, asks, validate=False) for _ in range(2)]
    assert first.container == second.container
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == second.stdout


async def test_input_that_nobody_read_is_not_the_next_ones(again):
    executor = again()
    forged = frames.frame(b"G", b"") + frames.stdin(b"forged\n")
    first = await run(executor, NOTHING, stdin=forged * 4000 + b"\0\0")
    second = await run(executor, ECHO, stdin=b"mine\n")
    assert (second.container, second.stdout) == (first.container, "mine\n")


async def test_memory_is_given_back_before_the_next(again):
    executor = again()
    outcomes = [await run(executor, FILLS) for _ in range(4)]
    assert {one.status for one in outcomes} == {Status.SUCCESS}
    assert len({one.container for one in outcomes}) == 1


DOUBTS = {
    "time": "int main(void) { for (volatile int i = 0;; i++) ; }\n",
    "memory": "#include <stdlib.h>\n#include <string.h>\n"
    "int main(void) { for (;;) memset(malloc(1 << 20), 1, 1 << 20); }\n",
    "output": '#include <stdio.h>\nint main(void) { for (;;) puts("output"); }\n',
    "a refused call": "int fork(void);\nint main(void) { return fork(); }\n",
    "another namespace": "int unshare(int);\nint main(void) { return unshare(0x7c020000); }\n",
    "a mount": "int mount(char *, char *, char *, unsigned long, void *);\n"
    'int main(void) { return mount("none", "/work", "tmpfs", 0, 0); }\n',
    "a path outside": "#include <stdio.h>\n"
    'int main(void) { fopen("/etc/passwd", "r"); return 0; }\n',
}


@pytest.mark.parametrize("doubt", DOUBTS)
async def test_whatever_leaves_a_doubt_takes_the_container_with_it(again, doubt):
    executor = again(image=UNVALIDATED_IMAGE, run_seconds=1)
    first = await run(executor, DOUBTS[doubt], validate=False)
    assert first.violations
    second = await run(executor, HELLO)
    assert second.container != first.container
    assert (second.status, second.walls["use"]) == (Status.SUCCESS, 1)


async def test_the_calls_of_the_keeper_are_named_when_a_program_tries_them(again):
    executor = again(image=UNVALIDATED_IMAGE)
    for doubt, call in [("another namespace", "unshare"), ("a mount", "mount")]:
        outcome = await run(executor, DOUBTS[doubt], validate=False)
        assert (outcome.status, outcome.blocked_syscall) == (Status.BLOCKED_SYSCALL, call)


async def test_a_crash_and_an_error_of_the_compiler_leave_no_doubt(again):
    executor = again()
    crash = await run(executor, "int main(void) { int *p = 0; return *p; }\n")
    broken = await run(executor, "int main(void) { return potz; }\n")
    after = await run(executor, HELLO)
    assert (crash.signal, broken.status) == ("SIGSEGV", Status.COMPILE_ERROR)
    assert (after.container, after.walls["use"]) == (crash.container, 3)


async def test_for_a_person_it_serves_nobody_else(again):
    executor = again("person")
    served = {}
    for person in ("ann", "ben", None, "ann", None, "ben", "ann"):
        outcome = await run(executor, HELLO, person)
        served.setdefault(person, []).append(outcome.container)
    assert len(set(served["ann"])) == 1
    assert len(set(served["ben"])) == 1
    assert len(set(served[None])) == 2
    assert len({*served["ann"], *served["ben"], *served[None]}) == 4


async def test_it_serves_no_more_often_and_no_longer_than_it_may(again):
    often, long = again(most=2), again(seconds=0.0)
    uses = [(await run(often, HELLO)).walls["use"] for _ in range(4)]
    assert uses == [1, 2, 1, 2]
    assert {(await run(long, HELLO)).walls["use"] for _ in range(2)} == {1}


async def test_many_at_once_never_get_each_others(again):
    executor = again()

    async def one(number):
        outcome = await run(executor, ECHO, stdin=f"number {number}\n".encode())
        return outcome.status, outcome.stdout

    told = await asyncio.gather(*map(one, range(24)))
    assert told == [(Status.SUCCESS, f"number {number}\n") for number in range(24)]


class Waiting:
    """An execution whose program waits for input, and the processes around it on the host."""

    def __init__(self, executor):
        self.executor = executor
        self.remote = executor.remote()
        self.shown = asyncio.Event()

    async def __aenter__(self):
        self.ending = asyncio.create_task(
            self.executor.execute_async(
                Submission.from_source(WAITS, interactive=True), None, self._emit, self.remote
            )
        )
        shown = asyncio.create_task(self.shown.wait())
        await asyncio.wait({shown, self.ending}, return_when=asyncio.FIRST_COMPLETED)
        assert self.shown.is_set(), self.ending.result().message
        return self

    async def __aexit__(self, *error):
        self.remote.handle(messages.Stop())
        await self.ending

    def _emit(self, event):
        if "there" in str(getattr(event, "data", "")):
            self.shown.set()

    async def finish(self):
        self.remote.handle(messages.Stdin("\n"))
        return await self.ending

    async def processes(self):
        """The host's numbers of the keeper, the supervisor and the program."""
        engine = self.executor.pool.engine
        kept = [
            one for one in await asyncio.to_thread(engine.sandboxes) if "keep" in one["Command"]
        ]
        for listed in kept:
            name = listed["Names"][0].lstrip("/")
            with suppress(docker.errors.APIError):
                top = await asyncio.to_thread(engine.client.top, name)
                rows = [(row[7], int(row[1]), int(row[2])) for row in top["Processes"]]
                if any("./program" in command for command, _, _ in rows):
                    return _family(rows)
        raise AssertionError("no container runs the program")


def _family(rows):
    [program] = [pid for command, pid, _ in rows if "./program" in command]
    parents = {pid: parent for _, pid, parent in rows}
    supervisor = parents[program]
    return parents[supervisor], supervisor, program


def exists(pid):
    return Path(f"/proc/{pid}").exists()


def is_gone(pid):
    deadline = time.monotonic() + 20
    while exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not exists(pid)


def mounts(pid):
    return Path(f"/proc/{pid}/mountinfo").read_text().splitlines()


def namespaces(pid):
    return {name: os.readlink(f"/proc/{pid}/ns/{name}") for name in NAMESPACES}


def status(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


@on_the_host
async def test_every_namespace_is_another_one_each_time(again):
    executor = again()
    seen = []
    for _ in range(2):
        async with Waiting(executor) as waiting:
            keeper, supervisor, program = await waiting.processes()
            assert namespaces(program) == namespaces(supervisor)
            seen += [namespaces(keeper), namespaces(supervisor)]
            outcome = await waiting.finish()
    assert outcome.walls["use"] == 2
    first_keeper, first, second_keeper, second = seen
    assert first_keeper == second_keeper
    for name in NAMESPACES:
        assert len({first_keeper[name], first[name], second[name]}) == 3, name


@on_the_host
async def test_no_process_and_no_right_is_left(again):
    executor = again()
    async with Waiting(executor) as waiting:
        old = await waiting.processes()
        await waiting.finish()
    async with Waiting(executor) as waiting:
        keeper, supervisor, program = await waiting.processes()
        assert keeper == old[0]
        assert not any(map(exists, old[1:]))
        for pid in (keeper, supervisor, program):
            found = status(pid)
            rights = [
                found[f"Cap{kind}"].strip("0") for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")
            ]
            assert rights == [""] * 5
            assert (found["NoNewPrivs"], found["Seccomp"]) == ("1", "2")
        await waiting.finish()


@on_the_host
async def test_what_an_execution_sees_mounted_is_its_own(again):
    async with Waiting(again()) as waiting:
        keeper, supervisor, program = await waiting.processes()
        # The last one of a folder is on top.
        top = {line.split()[4]: line for line in mounts(supervisor)}
        outside = {line.split()[2] for line in mounts(keeper)}
        for folder in ("/work", "/build", "/dev/pts", "/proc"):
            device = top[folder].split()[2]
            assert device not in outside, folder
        assert " noexec" in top["/work"].replace(",", " ")
        assert "subset=pid" in top["/proc"]
        shown = sorted(name for name in os.listdir(f"/proc/{program}/root/proc") if name.isdigit())
        assert len(shown) == 2  # the supervisor and the program, and never the keeper
        await waiting.finish()


@on_the_host
async def test_a_supervisor_that_is_killed_ends_the_container(again):
    executor = again()
    async with Waiting(executor) as waiting:
        keeper, supervisor, _ = await waiting.processes()
        os.kill(supervisor, 9)
        outcome = await waiting.ending
    assert [one.rule for one in outcome.violations] == ["no-verdict"]
    assert await asyncio.to_thread(is_gone, keeper)


async def served_once(config):
    """A sandbox whose supervisor has given its verdict, and that was told nothing since."""
    sandbox = await Engine(config).create()
    nonce = frames.new_nonce()
    sandbox.expect(nonce)
    sandbox.send(
        frames.order(
            Submission.from_source(NOTHING),
            config.limits,
            nonce,
            symbols={"puts"},
            library="fann",
            extended_headers=False,
        )
    )
    kind, payload = await sandbox.event()
    while kind != frames.VERDICT:
        kind, payload = await sandbox.event()
    assert frames.pairs(payload)["exit"] == "0"
    sandbox.expect(bytes(frames.NONCE_BYTES))
    return sandbox


async def test_bytes_behind_the_mark_end_the_container():
    sandbox = await served_once(SandboxConfig(reuse=Reuse("anyone")))
    sandbox.send(sandbox._mark + b"x")
    with pytest.raises(frames.SandboxEnded):
        await sandbox.event()
    await sandbox.destroy()


async def test_without_the_mark_no_other_supervisor_begins():
    sandbox = await served_once(SandboxConfig(reuse=Reuse("anyone")))
    sandbox.send(frames.frame(b"G", b"") * 30_000 + b"\0" * 32)
    sandbox.send(sandbox._mark[:-1] + b"\0")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sandbox.event(), 0.5)
    await sandbox.destroy()


def test_reuse_changes_what_it_must_of_a_container_and_no_more():
    once, again = (
        container_body(SandboxConfig(reuse=Reuse(mode)), "id", "{}", {})
        for mode in ("never", "anyone")
    )
    differ = {
        key for key in once["HostConfig"] if once["HostConfig"][key] != again["HostConfig"][key]
    }
    assert {key for key in once if once[key] != again[key]} == {"Cmd", "HostConfig"}
    assert differ == {"MaskedPaths", "ReadonlyPaths"}
    assert once["Cmd"] == []


def test_reuse_allows_the_keeper_two_calls_and_no_more():
    def answers(found):
        return {
            (name, group["action"], str(group.get("args")))
            for group in found["syscalls"]
            for name in group["names"]
        }

    once, again = answers(profile()), answers(profile(reused=True))
    assert {name for name, _, _ in once ^ again} == {"mount", "unshare"}
    assert {name for name, action, _ in again if action == "SCMP_ACT_ALLOW"} - {
        name for name, action, _ in once if action == "SCMP_ACT_ALLOW"
    } == {"mount", "unshare"}
