"""Each limit has its own status, its value in the message, and keeps what came before it."""

import asyncio
import os
from pathlib import Path

import pytest

from executor import frames, messages
from executor.container import OWNER_LABEL, SandboxConfig
from executor.limits import KIB, MIB
from executor.outcome import Category, Status
from executor.owner import owner
from executor.submission import Submission
from tests.sources import SLOW_TO_COMPILE

pytestmark = pytest.mark.docker

NOTHING = "int main(void) { return 0; }\n"
LOOP = '#include <stdio.h>\nint main(void) { puts("before"); for (volatile int i = 0;; i++) ; }\n'
ASK = """#include <stdio.h>
int main(void) { char name[32]; printf("name? "); fgets(name, sizeof name, stdin);
    printf("hello %s", name); return 0; }
"""
ASK_THEN_LOOP = """#include <stdio.h>
int main(void) { puts("ready"); getchar(); for (volatile int i = 0;; i++) ; }
"""

WITHIN = {
    "time": (LOOP, Status.TIMEOUT, "timeout", "1 s"),
    "sleeping": (
        "#include <time.h>\nint main(void) { nanosleep(&(struct timespec){99, 0}, 0); }",
        Status.TIMEOUT,
        "timeout",
        "1 s",
    ),
    "memory": (
        "#include <stdlib.h>\n#include <string.h>\n"
        "int main(void) { for (;;) memset(malloc(1 << 20), 1, 1 << 20); }",
        Status.MEMORY_LIMIT,
        "memory-limit",
        "128 MB",
    ),
    "output": (
        '#include <stdio.h>\nint main(void) { for (;;) puts("output"); }',
        Status.OUTPUT_LIMIT,
        "output-limit",
        "64 KB",
    ),
    "compile time": (SLOW_TO_COMPILE, Status.COMPILE_TIMEOUT, "compile-timeout", "3 s"),
    "compile memory": (
        "typedef int vector __attribute__((vector_size(1 << 24)));\n"
        "vector a, b, c;\nint main(void) { c = a * b; return 0; }",
        Status.MEMORY_LIMIT,
        "memory-limit",
        "128 MB",
    ),
}


def run(sandbox, source, **options):
    return sandbox.execute(Submission.from_source(source, **options))


def test_the_limits_of_the_site_are_the_designs():
    limits = SandboxConfig().limits
    assert limits.run_seconds == 10
    assert limits.idle_seconds == 120
    assert limits.compile_seconds == 5
    assert limits.memory_bytes == 128 * MIB
    assert limits.cpu_percent == 50
    assert limits.source_bytes == 1 * MIB
    assert limits.data_bytes == 8 * MIB
    assert limits.output_bytes == 64 * KIB


def test_the_order_carries_these_limits_to_the_supervisor():
    order = frames.order(
        Submission.from_source(NOTHING),
        SandboxConfig().limits,
        frames.new_nonce(),
        symbols=(),
        library="fann",
        extended_headers=False,
    )
    for line in (
        b"run_ms=10000\n",
        b"compile_ms=5000\n",
        b"idle_ms=120000\n",
        b"output_bytes=65536\n",
    ):
        assert line in order


@pytest.mark.parametrize("limit", WITHIN)
def test_a_limit_has_its_status_its_record_and_its_value_in_the_message(hasty_sandbox, limit):
    source, status, rule, value = WITHIN[limit]
    outcome = run(hasty_sandbox, source)
    if outcome.walls["gvisor"] and (limit, outcome.status) == ("compile time", Status.MEMORY_LIMIT):
        pytest.skip("gVisor has no share of a core here, so this compiler is fast and meets memory")
    assert outcome.status is status, outcome.message
    assert value in outcome.message
    recorded = [(violation.category, violation.rule) for violation in outcome.violations]
    assert recorded == [(Category.RESOURCE_LIMIT, rule)]


def test_what_was_printed_before_a_timeout_is_kept(hasty_sandbox):
    assert run(hasty_sandbox, LOOP).stdout == "before\n"


def test_of_too_much_output_exactly_the_limit_is_kept(hasty_sandbox):
    outcome = run(hasty_sandbox, WITHIN["output"][0])
    assert outcome.output_bytes == len(outcome.stdout.encode()) == 64 * KIB
    assert outcome.truncated
    assert outcome.stdout.startswith("output\noutput\n")


def test_what_was_written_before_a_limit_is_brought_out(hasty_sandbox):
    source = """#include <stdio.h>
    int main(void) { FILE *f = fopen("kept.txt", "w"); fputs("kept", f); fclose(f); for (;;) ; }
    """
    outcome = run(hasty_sandbox, source)
    assert outcome.status is Status.TIMEOUT
    assert [file.name for file in outcome.files] == ["kept.txt"]


@pytest.mark.parametrize(("output_bytes", "shown"), [(2 * KIB, "2 KB"), (500, "500 bytes")])
async def test_the_output_limit_can_be_lowered(limited, output_bytes, shown):
    endless = Submission.from_source(WITHIN["output"][0])
    outcome = await limited(output_bytes=output_bytes).execute_async(endless)
    assert outcome.output_bytes == output_bytes
    assert shown in outcome.message


async def test_the_memory_limit_can_be_lowered(limited):
    greedy = Submission.from_source(WITHIN["memory"][0])
    outcome = await limited(memory_bytes=64 * MIB).execute_async(greedy)
    assert outcome.status is Status.MEMORY_LIMIT
    assert "64 MB" in outcome.message
    # No cgroup there: the supervisor looks every few milliseconds.
    assert outcome.peak_memory_bytes < (80 if outcome.walls["gvisor"] else 66) * MIB


def test_a_memory_limit_tells_the_peak(hasty_sandbox):
    outcome = run(hasty_sandbox, WITHIN["memory"][0])
    most = 144 if outcome.walls["gvisor"] else 130  # no cgroup there, but a look now and then
    assert 90 * MIB < outcome.peak_memory_bytes < most * MIB


def test_the_memory_of_an_honest_program_is_measured(sandbox):
    source = """#include <stdlib.h>
    int main(void) { volatile char *p = malloc(60 << 20);
        for (int i = 0; i < 60 << 20; i += 4096) p[i] = 1;
        return 0; }
    """
    outcome = run(sandbox, source)
    assert outcome.status is Status.SUCCESS
    assert 60 * MIB <= outcome.peak_memory_bytes < 80 * MIB


def test_a_kill_from_the_program_itself_is_no_memory_limit(unvalidated_sandbox):
    source = "#include <signal.h>\nint main(void) { raise(SIGKILL); }\n"
    outcome = run(unvalidated_sandbox, source, validate=False)
    assert (outcome.status, outcome.signal) == (Status.RUNTIME_ERROR, "SIGKILL")
    assert not outcome.violations


def test_an_allocation_that_fails_is_no_memory_limit(sandbox):
    source = """#include <stdlib.h>
    int main(void) { volatile size_t much = (size_t)1 << 50; return malloc(much) ? 0 : 3; }
    """
    outcome = run(sandbox, source)
    assert (outcome.status, outcome.exit_code) == (Status.RUNTIME_ERROR, 3)


def test_a_stack_that_is_used_up_is_no_memory_limit(sandbox):
    source = """static volatile int more = 1;
    static int down(int n) { volatile char frame[4096]; frame[0] = (char)n;
        return more ? down(n + 1) + frame[0] : 0; }
    int main(void) { return down(0); }
    """
    outcome = run(sandbox, source)
    assert (outcome.status, outcome.signal) == (Status.RUNTIME_ERROR, "SIGSEGV")


def test_a_file_that_is_too_large_is_told_as_that(sandbox):
    source = """#include <stdio.h>
    int main(void) { FILE *f = fopen("large", "w"); fseek(f, 16 << 20, SEEK_SET);
        fputc('x', f); fclose(f); return 0; }
    """
    outcome = run(sandbox, source)
    assert (outcome.status, outcome.signal) == (Status.OUTPUT_LIMIT, "SIGXFSZ")
    assert "a file exceeded 16 MB, the limit for one file" in outcome.message
    assert [one.rule for one in outcome.violations] == ["output-limit"]


def test_a_crash_is_none_of_the_limits(sandbox):
    outcome = run(sandbox, "int main(void) { *(volatile int *)8 = 1; }")
    assert (outcome.status, outcome.signal) == (Status.RUNTIME_ERROR, "SIGSEGV")
    assert not outcome.violations


def test_of_many_files_a_hundred_are_brought_out(sandbox):
    source = """#include <stdio.h>
    int main(void) { char name[16];
        for (int i = 0; i < 150; i++) { sprintf(name, "f%d", i); fclose(fopen(name, "w")); }
        return 0; }
    """
    assert len(run(sandbox, source).files) == 100


def test_of_large_files_those_are_brought_out_that_fit(sandbox):
    source = """#include <stdio.h>
    static char block[3 << 20];
    int main(void) { char name[16];
        for (int i = 0; i < 4; i++) { sprintf(name, "f%d", i); FILE *f = fopen(name, "w");
            fwrite(block, 1, sizeof block, f); fclose(f); }
        return 0; }
    """
    files = run(sandbox, source).files
    assert [file.size for file in files] == [3 * MIB] * 4
    assert sorted(file.content_base64 is None for file in files) == [False, False, True, True]
    assert all((file.sha256 is None) == (file.content_base64 is None) for file in files)


async def conversation(executor, source, answer):
    """The result of an interactive execution; ``answer(event, remote)`` is called at each event."""
    remote = executor.remote()
    submission = Submission.from_source(source, interactive=True)
    async for event in executor.stream(submission, remote=remote):
        if isinstance(event, messages.Result):
            return event.outcome
        answer(event, remote)


async def test_the_clock_stands_still_while_a_program_waits_for_its_person(limited):
    executor = limited(run_seconds=1, idle_seconds=1.5)
    outcome = await conversation(executor, ASK, lambda event, remote: None)
    # It waited for longer than it may run, and was ended by the limit for waiting.
    assert outcome.status is Status.IDLE_TIMEOUT
    assert "1.5 s" in outcome.message
    assert outcome.stdout == "name? "


async def test_the_clock_goes_on_once_the_person_has_answered(limited):
    executor = limited(run_seconds=0.5)

    def answer(event, remote):
        if isinstance(event, messages.Output):
            remote.handle(messages.Stdin("\n"))

    outcome = await conversation(executor, ASK_THEN_LOOP, answer)
    assert outcome.status is Status.TIMEOUT


async def test_an_interactive_loop_is_no_waiting(limited):
    outcome = await conversation(limited(run_seconds=0.5), LOOP, lambda event, remote: None)
    assert outcome.status is Status.TIMEOUT


async def test_a_session_of_waiting_and_answering_has_an_end(limited):
    executor = limited(session_seconds=0.5)
    outcome = await conversation(executor, ASK, lambda event, remote: None)
    assert outcome.status is Status.IDLE_TIMEOUT
    assert "the program was open for 0.5 s" in outcome.message


async def test_typed_input_over_the_limit_is_not_taken(limited):
    remote = limited(stdin_bytes=10).remote()
    assert remote.handle(messages.Stdin("ten bytes!"))
    assert not remote.handle(messages.Stdin("x"))


CLOSES_ITS_TERMINAL = """#include <stdio.h>
#include <time.h>
int main(void) { puts("ready"); getchar(); fclose(stdin); fclose(stdout); fclose(stderr);
    nanosleep(&(struct timespec){9, 0}, NULL); return 0; }
"""


def supervisor_seconds(engine):
    """Processor time that the supervisor of this process's running program has had."""
    for container in engine.sandboxes():
        if container["Labels"][OWNER_LABEL] == owner():
            top = engine.client.top(container["Id"], "-o pid,comm")["Processes"]
            pids = {name: pid for pid, name in top}
            if "program" in pids:
                stat = Path(f"/proc/{pids['supervisor']}/stat").read_text().rpartition(") ")[2]
                return sum(map(int, stat.split()[11:13])) / os.sysconf("SC_CLK_TCK")
    return None


async def test_a_terminal_that_the_program_closed_keeps_nobody_busy(limited):
    """More is typed than a terminal holds, and there is nobody left to read it."""
    executor, spent, watching = limited(run_seconds=3), [], []

    async def watch():
        while True:
            spent.append(await asyncio.to_thread(supervisor_seconds, executor.pool.engine))
            await asyncio.sleep(0.2)

    def answer(event, remote):
        if isinstance(event, messages.Output) and not watching:
            for _ in range(40):
                remote.handle(messages.Stdin("x" * 500 + "\n"))
            watching.append(asyncio.create_task(watch()))

    outcome = await conversation(executor, CLOSES_ITS_TERMINAL, answer)
    watching[0].cancel()
    assert outcome.status is Status.TIMEOUT
    assert max(seconds for seconds in spent if seconds is not None) < 0.5


async def stopped_at(executor, source, moment):
    """The result of an execution that is stopped at the first event with ``moment(event)``."""
    remote = executor.remote()
    async for event in executor.stream(Submission.from_source(source), remote=remote):
        if isinstance(event, messages.Result):
            return event.outcome
        if moment(event):
            remote.handle(messages.Stop())


async def test_an_execution_can_be_stopped_before_it_began(limited):
    executor = limited()
    remote = executor.remote()
    remote.handle(messages.Stop())
    outcome = await executor.execute_async(Submission.from_source(LOOP), remote=remote)
    assert outcome.status is Status.STOPPED
    assert not outcome.container


async def test_an_execution_can_be_stopped_while_its_sandbox_starts(limited):
    outcome = await stopped_at(limited(), LOOP, lambda event: event == messages.Stage("starting"))
    assert outcome.status is Status.STOPPED
    assert outcome.stdout == ""


async def test_an_execution_can_be_stopped_while_it_compiles(limited):
    outcome = await stopped_at(
        limited(), SLOW_TO_COMPILE, lambda event: event == messages.Stage("compile")
    )
    assert outcome.status is Status.STOPPED
    assert "compiling" in outcome.message


async def test_an_execution_can_be_stopped_while_it_runs(limited):
    outcome = await stopped_at(limited(), LOOP, lambda event: isinstance(event, messages.Output))
    assert outcome.status is Status.STOPPED
    assert outcome.stdout == "before\n"
    assert not outcome.violations


async def test_a_program_can_be_interrupted_by_its_person(limited):
    def interrupt(event, remote):
        if isinstance(event, messages.Output):
            remote.handle(messages.Signal("SIGINT"))

    outcome = await conversation(limited(), LOOP, interrupt)
    assert (outcome.status, outcome.signal) == (Status.RUNTIME_ERROR, "SIGINT")


async def test_leaving_the_events_of_an_execution_ends_it(limited):
    executor = limited()
    async for event in executor.stream(Submission.from_source(LOOP)):
        if isinstance(event, messages.Output):
            break
    await executor.aclose()
    assert executor.pool.warm == 0


def test_a_program_that_runs_out_of_descriptors_or_space_is_told_which_limit_it_met(sandbox):
    files = run(
        sandbox,
        "#include <stdio.h>\n"
        "int main(void) { char name[16]; int i = 0;\n"
        'do sprintf(name, "f%d", i++); while (fopen(name, "w"));\nreturn 0; }\n',
    )
    assert "64 files open, the limit" in files.message
    assert [violation.rule for violation in files.violations] == ["open-files"]
    space = run(
        sandbox,
        "#include <stdio.h>\n"
        "int main(void) { static char data[1 << 20]; char name[16];\n"
        "for (int i = 0;; i++) {\n"
        'sprintf(name, "f%d", i); FILE *file = fopen(name, "w");\n'
        "for (int part = 0; part < 10; part++)\n"
        "    if (fwrite(data, sizeof data, 1, file) != 1) return 0;\n"
        "fclose(file); } }\n",
    )
    assert "filled 32 MB, the limit" in space.message
    assert [violation.rule for violation in space.violations] == ["work-space"]
