"""Validation delays no other account: in order, bounded, and in processes that end."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from executor.container import SandboxUnavailable
from executor.judging import SMALL_BYTES, Judging
from executor.limits import MIB, Limits
from executor.policy import Policy
from executor.submission import Submission
from tests.service.serving import PROJECT, eventually

SMALL = Submission.from_source("int main(void) { return 0; }\n")
LARGE = Submission.from_source(b"int x;\n" * 5000 + b"int y = system(1);\n")
COSTLY_BYTES = 4 * MIB


@pytest.fixture
def judging():
    opened = Judging(Policy.load(), Limits())
    yield opened
    opened.close()


def processes(judging):
    return [one._popen.pid for one in judging._processes._all]


def children():
    """What this process has for children, zombies included."""
    return {child for task in Path("/proc/self/task").glob("*/children") for child in read(task)}


def read(task):
    with suppress(FileNotFoundError):  # the thread has ended
        return task.read_text().split()
    return []


async def until(fact):
    await asyncio.to_thread(eventually, fact)


async def test_a_large_source_is_judged_as_a_small_one_would_be(judging):
    assert len(LARGE.files["main.c"]) > SMALL_BYTES
    found = await judging.review(LARGE)
    policy = Policy.load()
    assert found == policy.review(LARGE.files, "main.c", Limits())
    (link,) = await judging.link_violations(["system"], LARGE.files)
    assert link == policy.link_violations(["system"], LARGE.files)[0]


async def test_a_small_source_that_includes_a_large_file_is_judged_whole(judging):
    files = {"main.c": '#include "big.txt"\n', "big.txt": LARGE.files["main.c"]}
    found = await judging.review(Submission.from_files(files, "main.c"))
    assert [(one.file, one.rule) for one in found.violations] == [("big.txt", "system-call")]
    assert processes(judging)


async def test_one_account_with_six_sources_delays_no_other_account(judging):
    await judging.review(LARGE, "bob")
    (first,) = processes(judging)
    # As if alice's first source would take for ever.
    os.kill(first, signal.SIGSTOP)
    hers = [asyncio.create_task(judging.review(LARGE, "alice")) for _ in range(6)]
    await until(lambda: judging._accounts.is_busy("alice") and not judging._processes._idle)
    assert not judging.is_immediate(SMALL, "alice")
    assert judging.is_immediate(SMALL, "bob")
    assert (await judging.review(SMALL, "bob")).violations == []
    assert (await judging.review(LARGE, "bob")).violations != []
    assert not any(one.done() for one in hers)
    os.kill(first, signal.SIGCONT)
    assert {len(found.violations) for found in await asyncio.gather(*hers)} == {1}
    assert len(processes(judging)) == 2
    assert judging.is_immediate(SMALL, "alice")


async def test_sources_of_one_account_are_judged_in_order(judging):
    ended = []

    async def review(number):
        await judging.review(SMALL if number % 2 else LARGE, "alice")
        ended.append(number)

    await asyncio.gather(*(review(number) for number in range(6)))
    assert ended == list(range(6))


async def test_cancelled_source_keeps_the_order_of_its_account(judging):
    first, second, third = (asyncio.create_task(judging.review(LARGE, "alice")) for _ in range(3))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()
    assert (await third).violations
    await until(lambda: not judging._accounts.is_busy("alice"))


async def test_a_source_beyond_the_cpu_time_is_refused_and_the_next_one_is_judged():
    limits = Limits(source_bytes=COSTLY_BYTES, validation_cpu_seconds=1)
    judging = Judging(Policy.load(), limits)
    try:
        source = Submission.from_source(b"#define a b\n" * (COSTLY_BYTES // 12))
        (found,) = (await judging.review(source, "alice")).violations
        assert (found.rule, found.category, found.severity) == (
            "check-cost", "resource_limit", "medium",
        )  # fmt: skip
        assert "more than 1 s of CPU time" in found.message
        assert (await judging.review(LARGE, "alice")).violations
    finally:
        judging.close()


async def test_killed_process_fails_its_source_and_is_replaced(judging):
    await judging.review(LARGE)
    (pid,) = processes(judging)
    os.kill(pid, signal.SIGSTOP)
    waiting = asyncio.create_task(judging.review(LARGE))
    await until(lambda: not judging._processes._idle)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(SandboxUnavailable, match="was not run"):
        await waiting
    assert (await judging.review(LARGE)).violations
    assert str(pid) not in children(), "no zombie is left"


async def test_closing_leaves_no_process(judging):
    before = children()
    await judging.review(LARGE)
    assert len(children() - before) == 1
    judging.close()
    assert children() - before == set()


def test_the_processes_of_a_server_that_is_killed_end():
    code = """if True:
        import asyncio, sys
        from executor.judging import Judging
        from executor.limits import Limits
        from executor.policy import Policy
        from executor.submission import Submission
        judging = Judging(Policy.load(), Limits())
        asyncio.run(judging.review(Submission.from_source("int x;" * 9000)))
        print(*(one._popen.pid for one in judging._processes._all), flush=True)
        sys.stdin.read()
    """
    server = subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    pid = int(server.stdout.readline())
    assert "Z (zombie)" not in status(pid)
    server.kill()
    server.communicate()
    # Whoever adopts it may be slow to read its end.
    eventually(lambda: "Z (zombie)" in status(pid))


def status(pid):
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/status").read_text()
    return "Z (zombie)"
