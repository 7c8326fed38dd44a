"""The compiler's assembler text of one file, with the lines that it came from."""

import pytest

from executor import assembly
from executor.frames import Tool
from executor.limits import Limits
from executor.submission import Submission

SOURCE = """\
#include <stdio.h>

double half(double x) {
    return x / 2;
}

int main(int count, char **argument) {
    (void)argument;
    printf("%d\\n", 3 * count);
    return 0;
}
"""


def use(sandbox, files, main="main.c"):
    submission = Submission.from_files(files, main)
    return sandbox.check(submission, Tool.ASSEMBLY)


@pytest.mark.docker
def test_the_text_is_what_the_compiler_makes_without_what_debuggers_read(sandbox):
    made = use(sandbox, {"main.c": SOURCE})
    assert "\nmain:\n" in made.text
    assert "__printf_chk" in made.text
    for noise in (".cfi_", ".loc", ".debug", ".file", ".LFB", "GNU C"):
        assert noise not in made.text


@pytest.mark.docker
def test_its_lines_lead_back_to_the_source(sandbox):
    made = use(sandbox, {"main.c": SOURCE})
    text = made.text.split("\n")
    [call] = [source for line, source in made.lines if "__printf_chk" in text[line - 1]]
    assert call == 9
    assert {source for _, source in made.lines} <= set(range(1, 12))
    assert all(text[line - 1].startswith("\t") for line, _ in made.lines)


@pytest.mark.docker
def test_only_the_wanted_file_is_compiled(sandbox):
    files = {"lib/twice.c": "int twice(int x) { return 2 * x; }\n", "main.c": "broken"}
    made = use(sandbox, files, main="lib/twice.c")
    assert made.text.count("twice:") == 1
    assert made.diagnostics == []
    assert made.lines


@pytest.mark.docker
def test_a_source_that_does_not_compile_has_messages_in_place_of_a_text(sandbox):
    made = use(sandbox, {"main.c": "int main(void) { return potz; }\n"})
    assert made.text == ""
    assert "potz" in made.diagnostics[0].message


@pytest.mark.docker
def test_a_text_over_the_limit_is_told_and_not_cut(sandbox):
    source = "int big[] = {" + "1,2," * 150_000 + "};\nint main(void) { return big[3]; }\n"
    made = use(sandbox, {"main.c": source})
    assert made.text == ""
    assert "larger than the limit" in made.diagnostics[0].message


def test_hostile_names_in_the_text_lead_nowhere():
    text = '\t.file 1 "x\\".c"\n\t.file 2 "main.c"\n\t.loc 2 7\nf:\n\tret\n\t.loc 9 1\n\tnop\n'
    made, lines = assembly.readable(text, "main.c")
    assert made == "f:\n\tret\n\tnop\n"
    assert lines == [[2, 7], [3, 7]]


def test_the_largest_text_is_read_in_linear_time():
    text = "\t.loc 1 1\n\tmovl\t$1, %eax\n" * (Limits().assembly_bytes // 28)
    made, _ = assembly.readable(text, "main.c")
    assert made.count("movl") == Limits().assembly_bytes // 28
