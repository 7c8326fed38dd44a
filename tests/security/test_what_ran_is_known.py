"""The compiler reads nothing that is not on record as code."""

import hashlib

import pytest

from executor.submission import Submission

pytestmark = pytest.mark.docker

INCLUDES = '#include <stdio.h>\nint main(void) {\n#include "d.csv"\n}\n'
# The comment is longer than the text that is searched for includes before the compile.
HIDES = f'#include /*{"x" * 500}*/ "d.csv"\nint main(void) {{ return f(); }}\n'
READS = """\
#include <stdio.h>
int main(void) {
    char text[9];
    FILE *file = fopen("d.csv", "r");
    if (file && fgets(text, sizeof text, file)) puts(text);
    return 0;
}
"""


def run(executor, files, **options):
    return executor.execute(Submission.from_files(files, "main.c", **options))


@pytest.mark.parametrize("more", [{}, {"b.c": "int b;\n"}], ids=["one unit", "two units"])
def test_included_file_changes_the_code_hash_and_is_named(sandbox, more):
    outcomes = [
        run(sandbox, {"main.c": INCLUDES, "d.csv": f'puts("{word}");', "e.csv": ""} | more)
        for word in ("one", "two")
    ]
    assert [one.stdout for one in outcomes] == ["one\n", "two\n"]
    assert outcomes[0].code_hash != outcomes[1].code_hash
    for outcome in outcomes:
        assert set(outcome.compiler_files) == {"main.c", "d.csv", *more}


def test_a_file_for_the_program_alone_is_not_there_for_the_compiler(sandbox, unvalidated_sandbox):
    files = {"main.c": HIDES, "d.csv": "int f(void) { return 0; }\n"}
    for executor, validate in ((sandbox, True), (unvalidated_sandbox, False)):
        outcome = run(executor, files, validate=validate)
        assert outcome.status == "compile_error"
        assert "No such file" in outcome.compiler_output
    assert run(sandbox, {"main.c": READS, "d.csv": "1,2,3"}).stdout == "1,2,3\n"


def test_a_computed_include_finds_no_data_even_without_validation(unvalidated_sandbox):
    source = (
        "#define F(x) #x\n#define G(x) F(x.csv)\n#include G(d)\nint main(void) { return f(); }\n"
    )
    files = {"main.c": source, "d.csv": "int f(void) { return 0; }\n"}
    outcome = run(unvalidated_sandbox, files, validate=False)
    assert (outcome.status, outcome.compiler_files) == ("compile_error", [])


def test_the_input_is_hashed(sandbox):
    outcome = run(sandbox, {"main.c": READS}, stdin="what was typed\n")
    assert outcome.input_sha256 == hashlib.sha256(b"what was typed\n").hexdigest()
    assert outcome.input_bytes == 15
