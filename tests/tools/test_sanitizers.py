"""A run with sanitizers: what they find is told in a learner's words, with its place."""

import time

import pytest

from executor import CodeExecutor, Options, messages, sanitizer
from executor.submission import Submission

SANITIZE = Options(sanitize=True, warnings="show")

# Each: the kind, what the sentence says, and the program; it goes wrong on the line “here”.
WRONGS = {
    "heap-buffer-overflow": (
        "read 4 bytes past the end of a block of 40 bytes, which was allocated in main.c line 4.",
        """#include <stdlib.h>
#include <stdio.h>
int main(int count, char **argument) {
    int *block = malloc(10 * sizeof *block);
    for (int i = 0; i < 10; i++) block[i] = argument[0][0];
    printf("%d\\n", block[9 + count]); // here
    free(block);
}""",
    ),
    "heap-buffer-overflow by libc": (
        "wrote 6 bytes past the end of a block of 3 bytes, which was allocated in main.c line 4.",
        """#include <string.h>
#include <stdlib.h>
int main(int count, char **argument) {
    char *block = malloc(3);
    strcpy(block, count > 5 ? argument[1] : "hello"); // here
    free(block);
}""",
    ),
    "heap-use-after-free": (
        "read 4 bytes of a block that had been freed in main.c line 5.",
        """#include <stdlib.h>
int main(int count, char **argument) {
    int *block = malloc(40);
    block[0] = argument[0][0];
    free(block);
    return block[count - 1]; // here
}""",
    ),
    "double-free": (
        "freed a block that it had already freed, in main.c line 4.",
        """#include <stdlib.h>
int main(int count, char **argument) {
    char *block = malloc(100), *same = count > 5 ? argument[0] : block;
    free(block);
    free(same); // here
}""",
    ),
    "bad-free": (
        "freed an address that it did not get from malloc.",
        """#include <stdlib.h>
int main(int count, char **argument) {
    free(count > 5 ? malloc(1) : argument[0] + 1); // here
}""",
    ),
    "global-buffer-overflow": (
        "past the end of the variable “table”, which is defined in main.c line 1.",
        """int table[5];
int main(int count, char **argument) {
    int *at = table;
    return at[count + 4] + argument[0][0]; // here
}""",
    ),
    "stack-buffer-overflow": (
        "past the end of the local variable “own” of line 3.",
        """#include <string.h>
int main(int count, char **argument) {
    char own[8];
    memset(own, argument[0][0], 7 + 2 * count); // here
    return own[3];
}""",
    ),
    "out-of-bounds": (
        "The index 4 is outside the array, which has the type “int [4]”",
        """int pick(int n) {
    int own[4] = {1, 2, 3, 4};
    return own[n]; // here
}
int main(int count, char **argument) { return pick(count + 3) + argument[0][0]; }""",
    ),
    "signed-integer-overflow": (
        "left the range of its type",
        """#include <limits.h>
int main(int count, char **argument) {
    int sum = INT_MAX;
    sum += count; // here
    return sum > argument[0][0];
}""",
    ),
    "division-by-zero": (
        "divided by zero",
        "int main(int count, char **argument) {\n"
        "    return 5 / (count - 1) + argument[0][0]; // here\n}",
    ),
    "shift": (
        "shifted by 33 bits, which “int” does not allow",
        "int main(int count, char **argument) {\n"
        "    return argument[0][0] << (count + 32); // here\n}",
    ),
    "null-pointer": (
        "used a null pointer",
        "int main(void) {\n    volatile int *nothing = 0;\n    return *nothing; // here\n}",
    ),
    "null-pointer in libc": (
        "used a null pointer",
        "#include <string.h>\nint main(int count, char **argument) {\n"
        '    return strlen(count > 5 ? "" : argument[1]); // here\n}',
    ),
    "stack-overflow": (
        "The stack is full",
        """int deeper(volatile int *level) { // here
    return ++*level + deeper(level) + *level;
}
int main(void) {
    volatile int level = 0;
    return deeper(&level);
}""",
    ),
}


def line_of(source):
    return next(n for n, line in enumerate(source.split("\n"), 1) if "// here" in line)


@pytest.mark.docker
@pytest.mark.parametrize("name", WRONGS)
def test_what_a_program_does_wrong_is_told_with_its_place(sandbox, name):
    sentence, source = WRONGS[name]
    result = sandbox.execute_code(source, options=SANITIZE)
    assert result["status"] == "runtime_error", result
    found = result["sanitizer"]
    assert found, result["stderr"]
    assert found["kind"] == name.split()[0]
    assert sentence in found["message"]
    within = 2 if name == "stack-overflow" else 1
    assert found["file"] == "main.c"
    assert found["line"] - line_of(source) in range(within)
    assert found["message"] in result["message"]
    assert result["violations"] == []
    assert "ERROR: AddressSanitizer" in result["stderr"] or "runtime error" in result["stderr"]


@pytest.mark.docker
def test_an_honest_program_runs_as_without(sandbox):
    source = """#include <stdio.h>
#include <stdlib.h>
#include <fann.h>
int main(void) {
    struct fann *net = fann_create_standard(3, 2, 3, 1);
    FILE *file = fopen("kept.txt", "w");
    fprintf(file, "%u\\n", fann_get_num_input(net));
    fclose(file);
    fann_destroy(net);
    char *text = malloc(1 << 20);
    for (int i = 0; i < 1 << 20; i++) text[i] = (char)i;
    printf("%d\\n", text[65]);
    free(text);
    return 0;
}
"""
    result = sandbox.execute_code(source, options=Options(sanitize=True))
    assert (result["status"], result["stdout"], result["stderr"]) == ("success", "65\n", "")
    assert (result["sanitizer"], result["violations"]) == (None, [])
    assert [file["name"] for file in result["files"]] == ["kept.txt"]


@pytest.mark.docker
def test_several_files_and_their_folders_are_told_apart(sandbox):
    lib = "int at(int *block, int n);\nint at(int *block, int n) { return block[n]; }\n"
    source = """#include <stdlib.h>
int at(int *block, int n);
int main(void) {
    int *block = calloc(3, sizeof *block);
    return at(block, 3);
}
"""
    result = sandbox.execute_code(source, files={"lib/at.c": lib}, options=SANITIZE)
    found = result["sanitizer"]
    assert (found["file"], found["line"]) == ("lib/at.c", 2)
    assert "allocated in main.c line 4" in found["message"]


@pytest.mark.docker
def test_an_abort_is_a_crash_with_its_place_and_no_finding(sandbox):
    source = "#include <stdlib.h>\nint main(void) {\n    abort();\n}\n"
    result = sandbox.execute_code(source, options=SANITIZE)
    assert (result["signal"], result["sanitizer"]) == ("SIGABRT", None)
    assert result["crash"]["line"] == 3


@pytest.mark.docker
def test_memory_that_is_never_freed_is_no_mistake_that_ends_a_program(sandbox):
    source = "#include <stdlib.h>\nint main(void) { return malloc(99) == 0; }\n"
    assert sandbox.execute_code(source, options=SANITIZE)["status"] == "success"


@pytest.mark.docker
def test_a_refused_name_is_refused_with_sanitizers_too(sandbox):
    source = "int forty(void) __asm__;\nint main(void) { return 0; }\n"
    assert sandbox.execute_code(source, options=SANITIZE)["status"] == "blocked"


@pytest.mark.docker
def test_the_memory_limit_holds(sandbox):
    source = """#include <stdlib.h>
#include <string.h>
int main(void) { for (;;) memset(malloc(1 << 20), 1, 1 << 20); }
"""
    assert sandbox.execute_code(source, options=SANITIZE)["status"] == "memory_limit"


@pytest.mark.docker
async def test_an_interactive_program_is_told_too(config):
    source = """#include <stdio.h>
int main(void) {
    int own[3] = {1, 2, 3}, n;
    printf("which? ");
    if (scanf("%d", &n) == 1)
        printf("%d", own[n]);
    return 0;
}
"""
    async with CodeExecutor(config) as executor:
        remote = executor.remote()
        submission = Submission.from_source(source, interactive=True, options=SANITIZE)
        async for event in executor.stream(submission, remote=remote):
            if isinstance(event, messages.Output) and event.data == "which? ":
                remote.handle(messages.Stdin("3\n"))
    assert event.outcome.sanitizer.kind == "out-of-bounds"
    assert event.outcome.sanitizer.line == 6


# Reading reports


def test_a_report_about_something_unknown_is_told_as_it_is():
    found = sanitizer.finding("main.c:3:4: runtime error: the moon is full\n", {"main.c"})
    assert (found.kind, found.file, found.line) == ("undefined-behaviour", "main.c", 3)
    assert "the moon is full" in found.message


def test_the_first_of_two_reports_counts():
    report = (
        "main.c:3:4: runtime error: division by zero\n"
        "==9==ERROR: AddressSanitizer: SEGV on unknown address 0x00000000beef (pc 0x1)\n"
    )
    assert sanitizer.finding(report, {"main.c"}).kind == "division-by-zero"


def test_output_without_a_report_has_no_finding():
    assert sanitizer.finding("all is well\nERROR: AddressSanitizer\n", {"main.c"}) is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("==1==ERROR: AddressSanitizer: {", "The program used memory wrongly ({)."),
        ("{:1: runtime error: {0}", None),
    ],
)
def test_a_report_full_of_braces_is_only_text(line, told):
    found = sanitizer.finding(f"{line}\n{{}}: {{x}}\n", {"main.c"})
    assert (found and found.message) == told


@pytest.mark.parametrize(
    "line",
    [
        "==1==ERROR: AddressSanitizer:    ",
        "==1==ERROR: AddressSanitizer: \x1c",
        "==" + "1" * 5000 + "==ERROR: AddressSanitizer: " + "x" * 5000,
        "main.c:" + "1" * 5000 + ":1: runtime error: division by zero",
        "==1==ERROR: AddressSanitizer: SEGV\n    #0 0x1 in f main.c:" + "1" * 5000,
    ],
)
def test_a_report_that_a_program_made_up_is_never_more_than_text(line):
    found = sanitizer.finding(f"{line}\n", {"main.c"})
    assert found is None or (found.kind == "SEGV" and found.line is None)


def test_one_long_line_takes_no_time_to_read():
    lines = "' defined in '" * 20_000, " misaligned address type '" * 10_000
    heads = (
        "==1==ERROR: AddressSanitizer: x\nREAD of size 4 at 0\n"
        "0x1 is located 1 bytes before global variable '",
        "main.c:1:1: runtime error: ",
    )
    began = time.process_time()
    for head, line in zip(heads, lines, strict=True):
        sanitizer.finding(head + line, {"main.c"})
    assert time.process_time() - began < 0.5


@pytest.mark.docker
def test_a_made_up_report_does_not_hide_how_the_program_ended(sandbox):
    source = """#include <stdio.h>
int main(void) { fputs("==1==ERROR: AddressSanitizer:    \\n", stderr); return 3; }
"""
    result = sandbox.execute_code(source, options=SANITIZE)
    assert (result["status"], result["exit_code"]) == ("runtime_error", 3)


def test_a_long_report_is_read_in_linear_time():
    frames = "    #0 0x1 in f elsewhere.c:1\n" * 20_000
    report = f"==1==ERROR: AddressSanitizer: heap-buffer-overflow on\nREAD of size 1 at 0\n{frames}"
    assert sanitizer.finding(report, {"main.c"}).file is None
