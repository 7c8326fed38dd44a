"""What policy and compiler say of a source that is not run."""

import asyncio
import contextlib

import docker.errors
import pytest

from executor import CodeExecutor, Options
from executor.container import OWNER_LABEL, owner
from executor.frames import Tool
from executor.limits import Limits
from executor.submission import Submission
from tests.sources import SLOW_TO_COMPILE

pytestmark = pytest.mark.docker

CLEAN = '#include <stdio.h>\nint main(void) {\n    puts("hi");\n    return 0;\n}\n'


def check(sandbox, source, **options):
    return sandbox.check(Submission.from_source(source, **options))


def test_a_clean_source_has_nothing_to_say_about(sandbox):
    found = check(sandbox, CLEAN)
    assert (found.violations, found.diagnostics, found.compiler) == ([], [], "done")


def test_an_error_is_told_with_its_place(sandbox):
    [found] = check(sandbox, CLEAN.replace("puts", "potz")).diagnostics
    assert (found.severity, found.file, found.line, found.column) == ("error", "main.c", 3, 5)
    assert "potz" in found.message


def test_a_warning_that_only_a_whole_compile_finds_is_told(sandbox):
    source = "#include <stdio.h>\nint main(void) {\n    char small[4];\n"
    source += '    sprintf(small, "%d", 123456);\n    return small[0];\n}\n'
    messages = [found.message for found in check(sandbox, source).diagnostics]
    assert any("format-overflow" in message for message in messages)


def test_a_warning_is_one_where_it_would_be_one_in_the_run(sandbox):
    source = "int main(void) {\n    int unused;\n    return 0;\n}\n"
    [strict] = check(sandbox, source).diagnostics
    [shown] = check(sandbox, source, options=Options(warnings="show")).diagnostics
    assert (strict.severity, shown.severity) == ("error", "warning")


def test_what_the_policy_refuses_never_reaches_the_compiler(sandbox):
    found = check(sandbox, '#include <unistd.h>\nint main(void) { return "no int"; }\n')
    assert [one.rule for one in found.violations] == ["dangerous-header"]
    assert (found.diagnostics, found.compiler) == ([], "skipped")


def test_every_file_is_looked_at_whatever_the_first_one_says(sandbox):
    files = {"main.c": "int main(void) { return a(); }\n", "lib/b.c": "int b(void) { return c; }\n"}
    found = sandbox.check(Submission.from_files(files, "main.c"))
    assert {one.file for one in found.diagnostics} == {"main.c", "lib/b.c"}


def test_a_missing_function_is_the_linkers_to_tell_so_a_file_may_be_half_written(sandbox):
    found = check(sandbox, "int later(void);\nint main(void) { return later(); }\n")
    assert (found.violations, found.diagnostics) == ([], [])


def test_a_source_that_takes_too_long_is_told_so(hasty):
    found = hasty.check(Submission.from_source(SLOW_TO_COMPILE))
    assert "took longer than 0.5 s" in found.diagnostics[-1].message
    assert found.escape is None


async def test_a_check_that_is_not_given_a_place_says_busy_and_takes_no_sandbox(config):
    async with CodeExecutor(config) as executor:
        submission = Submission.from_source(CLEAN)
        found = await executor.use_tool(Tool.CHECK, submission, lambda: False)
        assert found.compiler == "busy"
        assert executor.pool.counts.created == 0


async def test_a_sandbox_that_goes_without_a_word_is_an_attempt_to_get_out(config):
    submission = Submission.from_source(SLOW_TO_COMPILE)
    async with CodeExecutor(config) as executor:
        checking = asyncio.create_task(executor.use_tool(Tool.CHECK, submission))
        engine = executor.pool.engine
        while not (found := await asyncio.to_thread(compiling, engine)):
            assert not checking.done()
        for container in found:
            await asyncio.to_thread(engine.remove, container)
        found = await checking
    assert [one.rule for one in found.violations] == ["no-verdict"]
    assert found.escape.status == "sandbox_error"
    assert found.escape.code_hash == submission.code_hash


def compiling(engine):
    """The sandboxes of this process in which the compiler is at work."""
    found = []
    for listed in engine.sandboxes():
        if listed["Labels"][OWNER_LABEL] == owner():
            # One that is new may not be up yet.
            with contextlib.suppress(docker.errors.APIError):
                processes = engine.client.top(listed["Id"])["Processes"]
                # One that still waits for a source has a “-” there.
                found += [listed["Id"]] * ("main.c" in str(processes))
    return found


@pytest.fixture
def hasty(config):
    limits = Limits().with_overrides({"compile_seconds": 0.5})
    with CodeExecutor(type(config)(limits, config.image, config.runtime)) as executor:
        yield executor
