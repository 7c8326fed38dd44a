"""What policy refuses never reaches a sandbox, and the answer says what, where and why."""

import contextlib
import hashlib

import pytest

from executor import messages
from executor.container import SandboxConfig
from executor.outcome import Category, Status
from executor.submission import BadSubmission, Submission

pytestmark = pytest.mark.docker

MAIN = "int main(void) { return 0; }\n"
EVERYTHING = """#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main() {
    system("whoami");
    fork();
    exec("/bin/sh");
    FILE *fp = fopen("/proc/version", "r");
    __asm__("nop");
    return 0;
}
"""


def run(sandbox, files, **options):
    return sandbox.execute(Submission.from_files(files, "main.c", **options))


def places(outcome):
    return {(violation.rule, violation.line) for violation in outcome.violations}


def test_all_violations_of_a_source_are_told_at_once_each_with_its_line(sandbox):
    outcome = run(sandbox, {"main.c": EVERYTHING})
    assert outcome.status is Status.BLOCKED
    assert places(outcome) >= {
        ("dangerous-header", 3),
        ("system-call", 5),
        ("system-call", 6),
        ("system-call", 7),
        ("system-path", 8),
        ("inline-assembly", 9),
    }


def test_a_violation_shows_the_span_and_what_to_write_instead(sandbox):
    outcome = run(sandbox, {"main.c": EVERYTHING})
    header = next(v for v in outcome.violations if v.rule == "dangerous-header")
    line = EVERYTHING.splitlines()[header.line - 1]
    assert "unistd.h" in line[header.column - 1 : header.end_column - 1]
    assert "fopen" in header.suggestion
    assert header.category is Category.BLOCKED_PATTERN


def test_what_is_refused_never_gets_a_sandbox(sandbox):
    taken = sandbox.pool.counts.taken_warm + sandbox.pool.counts.taken_cold
    outcome = run(sandbox, {"main.c": EVERYTHING})
    assert not outcome.container
    assert sandbox.pool.counts.taken_warm + sandbox.pool.counts.taken_cold == taken


def test_the_violations_are_an_event_before_they_are_a_result(sandbox):
    events = []
    outcome = sandbox.execute(Submission.from_source(EVERYTHING), emit=events.append)
    assert events == [messages.Blocked(outcome.violations)]


def test_a_violation_in_a_header_of_the_project_names_that_file(sandbox):
    files = {"main.c": '#include "deep/tools.h"\n' + MAIN, "deep/tools.h": "\nint fork(void);\n"}
    outcome = run(sandbox, files)
    assert [(v.rule, v.file, v.line) for v in outcome.violations] == [
        ("system-call", "deep/tools.h", 2)
    ]


def test_a_data_file_that_is_included_is_code(sandbox):
    files = {"main.c": '#include "data.txt"\n' + MAIN, "data.txt": "int fork(void);\n"}
    assert run(sandbox, files).violations[0].file == "data.txt"


def test_a_data_file_that_is_not_included_is_data(sandbox):
    outcome = run(sandbox, {"main.c": MAIN, "data.txt": 'system("ls"); #include <unistd.h>'})
    assert outcome.status is Status.SUCCESS


def test_a_name_made_by_the_preprocessor_is_refused_by_the_link_check(sandbox):
    source = (
        "#include <stdlib.h>\n#define JOIN(a, b) a##b\n"
        'int main(void) { return JOIN(sys, tem)("id"); }\n'
    )
    outcome = run(sandbox, {"main.c": source})
    assert outcome.status is Status.BLOCKED
    assert outcome.violations[0].rule == "system-call"
    assert "system" in outcome.violations[0].message
    assert outcome.stdout == ""


def test_a_function_that_was_merely_forgotten_is_the_linkers_error(sandbox):
    outcome = run(sandbox, {"main.c": "int helper(void);\nint main(void) { return helper(); }\n"})
    assert outcome.status is Status.COMPILE_ERROR
    assert "helper" in outcome.compiler_output
    assert not outcome.violations


@pytest.mark.parametrize("name", ["nothing.h", "sub/nothing.h", "../nothing.h"])
def test_a_header_that_is_missing_is_the_compilers_error_and_no_attempt_at_anything(sandbox, name):
    files = {"src/main.c": f'#include "{name}"\n' + MAIN}
    outcome = sandbox.execute(Submission.from_files(files, "src/main.c"))
    assert outcome.status is Status.COMPILE_ERROR
    assert not outcome.violations


def test_a_header_beside_the_main_files_folder_is_found(sandbox):
    main = '#include "../inc/a.h"\nint main(void) { return A; }'
    files = {"src/main.c": main, "inc/a.h": "#define A 7\n"}
    outcome = sandbox.execute(Submission.from_files(files, "src/main.c"))
    assert outcome.exit_code == 7


@pytest.mark.parametrize("name", ["a.h.gch", "stdio.h.gch", "main.c.gch"])
def test_a_precompiled_header_is_never_taken_from_a_project(sandbox, name):
    """The compiler prefers NAME.gch to NAME: code that nobody could read."""
    header = name.removesuffix(".gch")
    files = {"main.c": f'#include "{header}"\n' + MAIN, "a.h": "", name: b"gpch.014"}
    with contextlib.suppress(BadSubmission):
        assert run(sandbox, files).status is Status.BLOCKED


LIMITS = SandboxConfig().limits
TOO_LARGE = [
    ("code-size", LIMITS.source_bytes, {"files": {"main.c": MAIN + " " * LIMITS.source_bytes}}),
    ("data-size", LIMITS.data_bytes, {"files": {"a.data": b"x" * (LIMITS.data_bytes + 1)}}),
    ("file-count", LIMITS.file_count, {"files": {f"f{n}": "" for n in range(LIMITS.file_count)}}),
    ("argument-size", LIMITS.argument_bytes, {"args": ["x" * LIMITS.argument_bytes]}),
    ("stdin-size", LIMITS.stdin_bytes, {"stdin": b"x" * (LIMITS.stdin_bytes + 1)}),
]


@pytest.mark.parametrize("validate", [True, False], ids=["validated", "unvalidated"])
@pytest.mark.parametrize(("rule", "limit", "parts"), TOO_LARGE, ids=[row[0] for row in TOO_LARGE])
def test_what_is_too_large_is_refused_with_the_limit_in_the_message(
    sandbox, rule, limit, parts, validate
):
    files = {"main.c": MAIN} | parts.get("files", {})
    options = {key: value for key, value in parts.items() if key != "files"}
    outcome = run(sandbox, files, validate=validate, **options)
    assert outcome.status is Status.BLOCKED
    assert [violation.rule for violation in outcome.violations] == [rule]
    assert f"{limit:,}" in outcome.violations[0].message


def test_the_largest_allowed_project_runs(sandbox):
    source = MAIN + "//" + "x" * (LIMITS.source_bytes - len(MAIN) - 2)
    data = b"x" * LIMITS.data_bytes
    outcome = run(sandbox, {"main.c": source, "a.data": data}, stdin=b"x" * LIMITS.stdin_bytes)
    assert outcome.status is Status.SUCCESS
    assert not outcome.files


@pytest.mark.parametrize(
    "name",
    [
        "/etc/cron.d/x",
        "a/./b",
        "a//b",
        "-o",
        "src/-fplugin=x",
        "@o.c",
        "src/@o.c",
        "a\nb",
        "a\0b",
        " ",
        "x" * 101,
        "a\\b",
    ],
)
def test_a_file_name_that_some_tool_reads_as_something_else_is_refused(name):
    with pytest.raises(BadSubmission) as refused:
        Submission.from_files({"main.c": MAIN, name: ""}, "main.c")
    assert refused.value.code == "bad-name"


@pytest.mark.parametrize("sent", [{"stdin": None}, {"args": [1]}, {"files": {"a.data": 1}}])
def test_what_is_no_text_is_refused_with_a_sentence(sandbox, sent):
    with pytest.raises(BadSubmission, match="Text or bytes are needed") as refused:
        sandbox.execute_code(MAIN, **sent)
    assert refused.value.code == "bad-text"


def test_a_file_of_options_never_stands_in_for_what_was_validated(sandbox, monkeypatch):
    """cc1 reads more arguments from x for @x, and x may be C that nobody minds as well."""
    files = {
        "@o.c": "/* what the policy reads */\n",
        "o.c": "int//x -w -DQ='\n v; //'\n",
        "int/x": '#include <stdio.h>\nint main(void) { puts("ESCAPED"); __asm__("nop"); }\n',
    }
    with pytest.raises(BadSubmission):
        Submission.from_files(files, "@o.c")
    # The supervisor does not rely on it.
    monkeypatch.setattr("executor.submission._check_name", lambda name: None)
    outcome = sandbox.execute(Submission.from_files(files, "@o.c"))
    assert outcome.status is Status.SANDBOX_ERROR
    assert "ESCAPED" not in outcome.stdout


@pytest.mark.parametrize("name", ["flags@.c", "two words.c", "+x.c", "folder@2/main.c"])
def test_a_file_name_is_never_an_option_of_the_compiler(sandbox, name):
    source = "#include <stdio.h>\nint main(void) { puts(__FILE__); }\n"
    outcome = sandbox.execute(Submission.from_files({name: source}, name))
    assert outcome.stdout == f"{name}\n"


@pytest.mark.parametrize("argument", ["--version", "-o", "$(id)", "`id`", "; id", "a b", "*", "\n"])
def test_an_argument_reaches_the_program_as_it_is_and_nobody_else(sandbox, argument):
    source = (
        "#include <stdio.h>\nint main(int c, char **v) { return fputs(v[c - 1], stdout) < 0; }\n"
    )
    assert run(sandbox, {"main.c": source}, args=[argument]).stdout == argument


def test_every_record_says_by_which_policy_it_was_judged(sandbox):
    outcomes = [run(sandbox, {"main.c": source}) for source in (MAIN, EVERYTHING)]
    assert {outcome.policy_version for outcome in outcomes} == {sandbox.policy.version}


def test_one_file_hashes_as_its_bytes(sandbox):
    outcome = run(sandbox, {"main.c": MAIN})
    assert outcome.code_hash == hashlib.sha256(MAIN.encode()).hexdigest()
