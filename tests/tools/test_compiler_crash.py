"""A compiler that crashes on a source is an escape attempt, on every way to the compiler."""

import pytest

from executor import verdict
from executor.frames import Tool
from executor.outcome import Category, Severity, Status
from executor.submission import Submission
from tests.security.test_corpus import ATTACKS

CRASHES = next(path for path in ATTACKS if path.stem == "nested_signs").read_bytes()


def crashed(violations):
    return [(one.rule, one.category, one.severity) for one in violations] == [
        ("compiler-crash", Category.ESCAPE_ATTEMPT, Severity.HIGH)
    ]


@pytest.mark.docker
@pytest.mark.parametrize("tool", [Tool.CHECK, Tool.ASSEMBLY])
def test_a_crash_under_a_tool_is_an_outcome_to_record(sandbox, tool):
    found = sandbox.check(Submission.from_source(CRASHES), tool)
    assert crashed(found.violations)
    assert found.escape.status is Status.COMPILE_ERROR
    assert crashed(found.escape.violations)
    assert "The compiler crashed (SIGSEGV)" in found.diagnostics[-1].message


@pytest.mark.docker
def test_a_crash_in_the_second_file_of_a_check_is_found(sandbox):
    files = {"main.c": "int f(void);\nint main(void) { return f(); }\n", "b.c": CRASHES, "c.c": ""}
    assert crashed(sandbox.check(Submission.from_files(files, "main.c")).violations)


ENDINGS = {
    "assembler": ({"signal": "11", "tool": "as"}, "", "The assembler crashed (SIGSEGV)"),
    "linker": ({"signal": "6", "tool": "ld"}, "", "The linker crashed (SIGABRT)"),
    "filter": ({"signal": "31", "tool": "cc1"}, "", "The compiler crashed (SIGSYS)"),
    "caught": (
        {"exit": "4"},
        "main.c:3:1: internal compiler error: Segmentation fault\n    3 | }\n",
        "The compiler crashed (SIGSEGV)",
    ),
}
NO_CRASHES = {
    "a file too large": ({"signal": "25", "tool": "as"}, ""),
    "CPU time": ({"signal": "24", "tool": "cc1"}, ""),
    "the next tool is gone": ({"signal": "13", "tool": "cc1"}, ""),
    "killed from outside": ({"signal": "9", "tool": "cc1"}, ""),
    "an error": ({"exit": "1"}, "main.c:1:1: error: internal compiler error: Segmentation fault\n"),
    "confused": ({"exit": "4"}, "confused by earlier errors, bailing out\n"),
    "a check that failed": ({"exit": "4"}, "a.c:1:1: internal compiler error: in f, at a.cc:1\n"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_each_crash_names_the_tool_and_the_signal(name):
    ending, printed, said = ENDINGS[name]
    cause = "signal" if "signal" in ending else "exit"
    message, violation = verdict.compiler_crash(cause, {"stage": "compile"} | ending, printed)
    assert said in message
    assert crashed([violation])


@pytest.mark.parametrize("name", NO_CRASHES)
def test_tool_ended_by_a_limit_is_not_a_crash(name):
    ending, printed = NO_CRASHES[name]
    cause = "signal" if "signal" in ending else "exit"
    assert verdict.compiler_crash(cause, {"stage": "compile"} | ending, printed) is None


def test_tool_ended_by_the_sandbox_is_not_a_crash():
    ending = {"stage": "compile", "signal": "9"}
    for cause in ("timeout", "memory", "stopped", "blocked", "text"):
        assert verdict.compiler_crash(cause, ending, "") is None
