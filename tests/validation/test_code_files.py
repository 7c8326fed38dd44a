"""What the compiler may read is code, whatever it is called: it is hashed, judged and kept."""

import time

import pytest

from executor.code_files import code_of
from executor.limits import Limits
from executor.policy import Policy
from executor.sizes import size_violations
from executor.submission import Submission

MAIN = "#include <stdio.h>\n%s\nint main(void) { return 0; }\n"


@pytest.mark.parametrize(
    "include",
    [
        '#include "d.csv"',
        "#include <d.csv>",
        '# include /* here */ "d.csv"',
        '#inc\\\nlude "d.\\\ncsv"',
        '#include\\ \r\n"./x/../d.csv"',
        '/* #include "x" */ #include "d.csv"',
        'char *s = R"(/*)"; \n%:include"d.csv"',
        '#import "d.csv"',
        '#include_next "d.csv"',
        'int a[] = {\n#embed "d.csv"\n};',
        '#include "a.h"',
        '#include "b.txt"',
    ],
)
def test_included_file_is_code(include):
    files = {
        "main.c": MAIN % include,
        "a.h": '#include "d.csv"\n' if "a.h" in include else "",
        "b.txt": '#include "d.csv"\n',
        "d.csv": "int hidden;",
        "other.csv": "1,2",
    }
    submission = Submission.from_files(files, "main.c")
    assert "d.csv" in submission.code
    assert "other.csv" in submission.data
    changed = Submission.from_files(files | {"d.csv": "int other;"}, "main.c")
    assert submission.code_hash != changed.code_hash


def test_includes_are_read_from_the_folder_of_their_file():
    files = {"a/main.c": '#include "../b/x.txt"\n', "b/x.txt": '#include "y.txt"', "b/y.txt": ""}
    made = Submission.from_files(files | {"y.txt": ""}, "a/main.c")
    assert set(made.code) == {"a/main.c", "b/x.txt", "b/y.txt"}


def test_a_file_that_is_only_opened_is_data_and_one_c_file_hashes_as_its_bytes():
    source = 'int main(void) { return !fopen("xor.data", "r"); }\n'
    alone = Submission.from_source(source)
    beside = Submission.from_files({"main.c": source, "xor.data": "1 2"}, "main.c")
    assert list(beside.data) == ["xor.data"]
    assert alone.code_hash == beside.code_hash


def test_included_file_counts_as_code_and_is_validated_as_c():
    files = {"main.c": MAIN % '#include "d.csv"', "d.csv": 'int f(void) { return system("x"); }\n'}
    submission = Submission.from_files(files, "main.c")
    found = Policy.load().violations(submission.files, submission.main, Limits())
    assert [(one.rule, one.file, one.line) for one in found] == [("system-call", "d.csv", 1)]
    large = Submission.from_files(files | {"d.csv": " " * (1 << 20)}, "main.c")
    assert [one.rule for one in size_violations(large, Limits())] == ["code-size"]


@pytest.mark.parametrize(
    "piece",
    [
        "include<",
        "includea",
        "/*include/**/",
        "include/*x*/ /**/",
        'include"',
        "include/*",
        "include ",
        "\\ ",
        "include\t/**/",
        'include"a"\n',
        "\\\n",
    ],
)
def test_search_for_includes_is_linear_for_any_shape(piece):
    files = {"main.c": (piece * (1 << 20))[: 1 << 20].encode(), "d.csv": b""}
    began = time.process_time()
    assert list(code_of(files)) == ["main.c"]
    assert time.process_time() - began < 1


def test_a_file_of_includes_alone_takes_no_time_of_everybodys():
    """A data file may be large, and is looked through on the event loop once code names it."""
    names = b"".join(b'embed"%05x/d' % number for number in range((8 << 20) // 13))
    began = time.process_time()
    code = code_of({"main.c": b'#include "d"\n', "d": names + b'include"e"', "e": b""})
    assert time.process_time() - began < 1
    assert list(code) == ["main.c", "d"]
