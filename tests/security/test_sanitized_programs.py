"""A program with sanitizers may read where it is mapped and its own file, and nothing else more."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from executor.outcome import Category, Status
from executor.submission import Options, Submission

pytestmark = pytest.mark.docker

HERE = Path(__file__).resolve().parent.parent
SANITIZE = Options(sanitize=True, warnings="show")
ATTACKS = sorted((HERE / "attacks/runtime").glob("*.c"))
# What is no escape in a program with sanitizers: mlock, which libasan answers without asking the
# kernel; the pipe that libasan itself needs; and the two files about itself.
NO_ESCAPE = {
    "lock_memory": {"ESCAPED"},
    "pipe_to_oneself": {"ESCAPED"},
    "proc_path_built_at_run_time": {"ESCAPED"},
    "many_proc_files": {"ESCAPED /proc/self/maps", "ESCAPED /proc/self/exe"},
}
BENIGN = sorted((HERE / "benign").glob("*.c"))
ENDED = {Status.RUNTIME_ERROR, Status.SUCCESS}

TRIES = """#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>
int main(void) {
"""


@pytest.fixture(autouse=True)
def _where_there_are_some(walls):
    if not walls["sanitizers"]:
        pytest.skip("no sanitizers in this image or under this runtime")


def attempt(unvalidated_sandbox, body):
    source = f"{TRIES}{body}\nreturn 0; }}\n"
    submission = Submission.from_source(source, validate=False, options=SANITIZE)
    return unvalidated_sandbox.execute(submission)


def test_no_attack_of_the_corpus_gets_through_with_sanitizers(unvalidated_sandbox):
    for path, outcome in outcomes(unvalidated_sandbox, ATTACKS, validate=False):
        said = f"{outcome.stdout}\n{outcome.stderr}\n{outcome.message}".splitlines()
        escaped = {line for line in said if "ESCAPED" in line}
        assert escaped <= NO_ESCAPE.get(path.stem, set()), path.stem
        assert "no-verdict" not in {one.rule for one in outcome.violations}, path.stem


def test_honest_programs_break_no_rule_with_sanitizers(sandbox):
    for path, outcome in outcomes(sandbox, BENIGN, validate=True):
        assert not outcome.violations, (path.stem, outcome.violations)
        assert outcome.status in ENDED, (path.stem, outcome.message)


def outcomes(executor, paths, validate):
    """Each program with what became of it; they run side by side."""

    def execute(path):
        source = path.read_bytes()
        submission = Submission.from_source(source, validate=validate, options=SANITIZE)
        return path, executor.execute(submission)

    with ThreadPoolExecutor(3) as threads:
        yield from threads.map(execute, paths)


@pytest.mark.parametrize(
    "path",
    [
        *("/proc/self/mem", "/proc/1/maps", "/proc/1/exe", "/proc/self/status", "/proc/version"),
        *("/proc/self/../self/maps", "/proc/self/fd/0", "/proc/self/maps/", "/etc/passwd"),
        *("/supervisor", "/build/0.o", "/build/program/../0.o"),
    ],
)
def test_other_files_of_the_machine_stay_out_of_sight(unvalidated_sandbox, path):
    outcome = attempt(unvalidated_sandbox, f'if (open("{path}", O_RDONLY) >= 0) puts("ESCAPED");')
    assert (outcome.status, outcome.stdout) == (Status.SUCCESS, "")
    assert [one.rule for one in outcome.violations] == ["blocked-path"]


@pytest.mark.parametrize("path", ["/proc/self/maps", "/proc/self/exe", "/build/program"])
@pytest.mark.parametrize("flags", ["O_RDWR", "O_WRONLY", "O_RDONLY | O_TRUNC", "O_PATH"])
def test_its_own_may_be_read_only(unvalidated_sandbox, path, flags):
    flags = flags.replace("O_PATH", "010000000")
    outcome = attempt(unvalidated_sandbox, f'if (open("{path}", {flags}) >= 0) puts("ESCAPED");')
    assert outcome.stdout == ""
    assert outcome.violations


def test_what_it_reads_is_about_itself(unvalidated_sandbox):
    outcome = attempt(
        unvalidated_sandbox,
        """char text[65536];
        int file = open("/proc/self/maps", O_RDONLY), count = 0, got;
        while ((got = read(file, text + count, sizeof text - 1 - count)) > 0) count += got;
        text[count] = 0;
        puts(strstr(text, "/supervisor") ? "ESCAPED" : strstr(text, "/build/program"));""",
    )
    assert outcome.stdout.startswith("/build/program")
    assert not outcome.violations


def test_the_names_of_other_links_stay_untold(unvalidated_sandbox):
    outcome = attempt(
        unvalidated_sandbox,
        """char name[64];
        if (readlink("/proc/1/exe", name, 64) >= 0 || readlink("/proc/self/cwd", name, 64) >= 0)
            puts("ESCAPED");
        printf("%zd\\n", readlink("/proc/self/exe", name, 6));
        printf("%.6s\\n", name);
        printf("%zd\\n", readlink("/proc/self/exe", (char *)16, 6));""",
    )
    assert outcome.stdout == "6\n/build\n-1\n"


def test_the_supervisor_writes_nothing_where_the_program_could_not(unvalidated_sandbox):
    outcome = attempt(
        unvalidated_sandbox,
        """static const char constant[64] = "kept", *text = constant;
        char *places[] = {(char *)(long)main, (char *)text, (char *)-16l};
        for (int i = 0; i < 3; i++)
            if (readlink("/proc/self/exe", places[i], 6) >= 0) puts("ESCAPED");
        puts(text);""",
    )
    assert outcome.stdout == "kept\n"


def test_a_program_cannot_have_more_files_open_than_the_limit(unvalidated_sandbox):
    outcome = attempt(
        unvalidated_sandbox,
        """int count = 0;
        while (open("/proc/self/maps", O_RDONLY) >= 0) count++;
        printf("%d\\n", count < 64);""",
    )
    assert outcome.stdout == "1\n"


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("syscall(57)", "fork"),
        ("syscall(41, 2, 1, 0)", "socket"),
        ("syscall(101, 0, 0, 0, 0)", "ptrace"),
        ('execl("/build/program", "x", (char *)0)', "execve"),
        ("syscall(9, 0, 4096, 7, 34, -1, 0)", "mmap"),
        ("syscall(72, 0, 0, 9)", "fcntl"),
        ("syscall(234, 1, 1, 11)", "tgkill"),
        ("syscall(135, 0x40000)", "personality"),
        ("syscall(157, 4, 0)", "prctl"),
        ("syscall(311, 1, 0, 0, 0, 0, 0)", "process_vm_writev"),
    ],
)
def test_the_calls_that_end_a_program_end_it_with_sanitizers_too(unvalidated_sandbox, call, name):
    outcome = attempt(unvalidated_sandbox, f'if ({call} >= 0) puts("ESCAPED");')
    assert (outcome.status, outcome.blocked_syscall) == (Status.BLOCKED_SYSCALL, name)


@pytest.mark.parametrize(
    "name", ["__sanitizer_set_report_path", "__asan_set_error_report_callback", "__asan_on_error"]
)
def test_the_sanitizers_own_functions_are_for_nobody(sandbox, name):
    source = f"int {name}(void *);\nint main(void) {{ return {name}(0); }}\n"
    outcome = sandbox.execute(Submission.from_source(source, options=SANITIZE))
    assert outcome.status is Status.BLOCKED
    assert any(one.category is Category.BLOCKED_PATTERN for one in outcome.violations)


def test_nobody_brings_options_of_his_own(sandbox):
    source = 'const char *__asan_default_options(void) { return "log_path=x"; }\nint main() {}\n'
    assert sandbox.execute(Submission.from_source(source, options=SANITIZE)).status in (
        Status.BLOCKED,
        Status.COMPILE_ERROR,
    )
