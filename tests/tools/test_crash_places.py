"""A program that dies of a signal is told where in its own source that was."""

import pytest

from executor import CodeExecutor, Options, messages, verdict
from executor.outcome import Crash
from executor.submission import Submission

pytestmark = pytest.mark.docker

# Each program dies on the line that says so.
CRASHES = {
    "SIGSEGV by a null pointer": """
int main(void) {
    volatile int *p = 0;
    return *p; // here
}""",
    "SIGSEGV in libc, which was given one": """
#include <string.h>
int size(const char *text) {
    return strlen(text) + 1; // here
}
int main(int count, char **argument) {
    return size(count > 5 ? "" : argument[9]);
}""",
    "SIGSEGV by recursion without an end": """
int deeper(volatile int *level) { // here
    int own[64] = {0};
    own[*level % 64] = 1;
    ++*level;
    return deeper(level) + own[3];
}
int main(void) {
    volatile int level = 0;
    return deeper(&level);
}""",
    "SIGSEGV by a call of nothing": """
int main(int count, char **argument) {
    void (*nothing)(void) = count > 5 ? (void (*)(void))argument : 0;
    nothing(); // here
    return 0;
}""",
    "SIGFPE by a division by zero": """
int main(int count, char **argument) {
    (void)argument;
    return 7 / (count - 1); // here
}""",
    "SIGABRT by abort": """
#include <stdlib.h>
int main(void) {
    abort(); // here
}""",
    "SIGABRT by a block freed twice": """
#include <stdlib.h>
int main(int count, char **argument) {
    char *block = malloc(2000), *other = malloc(9), *same = count > 5 ? other : block;
    (void)argument;
    free(block);
    free(same); // here
    free(other);
    return 0;
}""",
    "SIGSEGV in strcpy, which is inlined from a header": """
#include <string.h>
int main(int count, char **argument) {
    char copy[20];
    strcpy(copy, count > 5 ? "" : argument[9]); // here
    return copy[0];
}""",
    "SIGSEGV in printf, which is inlined from a header": """
#include <stdio.h>
int main(int count, char **argument) {
    volatile int where = 8;
    printf("%s and %s\\n", argument[0], (char *)(long)(where + count)); // here
    return 0;
}""",
    "SIGILL by a trap": """
int main(void) {
    __builtin_trap(); // here
}""",
}


def line_of(source):
    return next(n for n, line in enumerate(source.split("\n"), 1) if "// here" in line)


@pytest.mark.parametrize("name", CRASHES)
def test_the_place_of_a_crash_is_told(unvalidated_sandbox, name):
    source = CRASHES[name]
    submission = Submission.from_source(source, validate=False, options=Options(warnings="show"))
    outcome = unvalidated_sandbox.execute(submission)
    assert outcome.signal == name.split()[0], outcome.message
    assert outcome.crash, outcome.message
    assert (outcome.crash.signal, outcome.crash.file) == (outcome.signal, "main.c")
    # A deep recursion dies wherever in its function the stack happens to end.
    within = 6 if "recursion" in name else 1
    assert outcome.crash.line - line_of(source) in range(within)
    assert f"in main.c line {outcome.crash.line} (function " in outcome.message


def test_the_function_and_the_file_are_the_ones_that_crashed(sandbox):
    result = sandbox.execute_code(
        "int deref(int *p);\nint main(void) { return deref(0); }\n",
        files={"lib/deref.c": "int deref(int *p);\n\nint deref(int *p) { return *p; }\n"},
    )
    assert result["crash"] == {
        "signal": "SIGSEGV", "function": "deref", "file": "lib/deref.c", "line": 3,
    }  # fmt: skip


def test_a_program_with_large_arrays_is_told_too(sandbox):
    source = "volatile int big[5000000];\nint main(void) {\n    return 100 / big[7];\n}\n"
    assert sandbox.execute_code(source)["crash"]["line"] == 3


def test_a_program_that_ends_by_itself_has_no_crash(sandbox):
    for code in (0, 3):
        assert sandbox.execute_code(f"int main(void) {{ return {code}; }}")["crash"] is None


async def test_an_interactive_program_is_told_and_an_interrupt_is_no_crash(config):
    source = (
        '#include <stdio.h>\nint main(void) {\n    int d;\n    printf("by? ");\n'
        '    if (scanf("%d", &d) == 1)\n        printf("%d", 100 / d);\n    return 0;\n}\n'
    )
    crashed = await conversation(config, source, messages.Stdin("0\n"))
    assert (crashed.signal, crashed.crash.line) == ("SIGFPE", 6)
    interrupted = await conversation(config, source, messages.Stdin("\x03"))
    assert (interrupted.signal, interrupted.crash) == ("SIGINT", None)


async def test_a_program_that_was_suspended_goes_on_and_its_crash_is_told(config):
    source = (
        '#include <stdio.h>\nint main(void) {\n    int d = 1;\n    printf("by? ");\n'
        '    while (scanf("%d", &d) != 1)\n        ;\n    return 100 / d;\n}\n'
    )
    hands = [messages.Signal("SIGTSTP"), messages.Signal("SIGCONT"), messages.Stdin("0\n")]
    crashed = await conversation(config, source, *hands)
    assert (crashed.signal, crashed.crash.line) == ("SIGFPE", 7)


async def conversation(config, source, *hands):
    """The outcome of an interactive program that is answered when it asks."""
    async with CodeExecutor(config) as executor:
        remote = executor.remote()
        submission = Submission.from_source(source, interactive=True)
        async for event in executor.stream(submission, remote=remote):
            if isinstance(event, messages.Output) and event.data == "by? ":
                for hand in hands:
                    remote.handle(hand)
        return event.outcome


def test_a_statement_whose_code_the_optimiser_moved_to_a_brace_keeps_its_line(sandbox):
    source = (
        "#include <stdio.h>\nint main(int argc, char **argv) {\n"
        "    int *nowhere = argc > 5 ? &argc : NULL;\n    (void)argv;\n"
        '    puts("before");\n    return *nowhere;\n}\n'
    )
    assert sandbox.execute_code(source)["crash"]["line"] == 6


def test_a_place_in_a_header_of_the_image_is_told_without_the_images_paths():
    told = {
        "signal": "6",
        "crash_file": "/usr/lib/cloister/include/all/1/bits/unistd.h",
        "crash_line": "119",
    }
    assert verdict.crash(told) == Crash("SIGABRT", None, "bits/unistd.h", 119)


def test_a_place_in_a_header_of_the_image_is_named_as_programs_include_it():
    header = "/usr/lib/cloister/include/default/1/bits/stdio2.h"
    path = verdict.blocked_path(f"86:{header}\0/proc/self/maps".encode())
    assert (path.file, path.line) == ("bits/stdio2.h", 86)
    message, call = verdict.blocked_call("socket", [2, 1, 0], place=(header, 7))
    assert (call.file, call.line) == ("bits/stdio2.h", 7)
    assert "(from bits/stdio2.h, line 7)" in message
