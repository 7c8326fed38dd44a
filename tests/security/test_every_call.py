"""Each system call that the image knows: refused by its name, or working as far as it is allowed.

The corpus attacks with what a stranger would gain. This is the other direction: the list is the
kernel's, so that no call is left out because nobody thought of a use for it.
"""

import io
import re
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from executor.container import UNVALIDATED_IMAGE, Engine, SandboxConfig
from executor.outcome import Status
from executor.submission import Submission
from tests.security.test_corpus import ATTACKS, notes

pytestmark = pytest.mark.docker

ROOT = Path(__file__).resolve().parents[2]
FILTERS = (ROOT / "sandbox/filters.h").read_text()
CONFINE = (ROOT / "sandbox/confine.c").read_text()
NUMBERS = "/usr/lib/cloister/include/all"
AT_ONCE = 3
# How many calls a program reaches, in whole or in part. Lower it when a call goes; never raise it.
MOST_REACHED = 52
PROGRAM = """\
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{{
    {body}
}}
"""
# These never return, and every program that ends makes one of them.
LAST = {"exit", "exit_group", "rt_sigreturn"}

# Names of files that are not there, as the calls that open or move files take them.
NOWHERE = '"a", 0L'
WHERE = {"openat": '-100L, "a", 0L', "newfstatat": '-100L, "a", 0L', "rename": '"a", "b"'}


def called(text):
    return set(re.findall(r"SYS_(\w+)", text))


def group(name):
    """The calls of one of the lists in filters.h."""
    return called(re.search(rf"\b{name}\[\] = {{(.*?)\n}};", FILTERS, re.DOTALL)[1])


ALLOWED = group("allowed_in_both") | group("allowed_in_run")
BY_PATH = group("judged_by_path")
FAILING = dict(re.findall(r"{SYS_(\w+), (\d+)", FILTERS.split("failing_in_both", 1)[1]))
OF_SIGNALS = called(re.search(r"void rules_for_signals.*?\n}", CONFINE, re.DOTALL)[0])
IN_PART = called(re.search(r"void rules_with_arguments.*?\n}", CONFINE, re.DOTALL)[0])


@pytest.fixture(scope="module")
def known():
    """The names of all system calls, from the headers of the image."""
    client = Engine(SandboxConfig()).client
    container = client.create_container(UNVALIDATED_IMAGE)["Id"]
    try:
        chunks, _ = client.get_archive(container, NUMBERS)
        archive = tarfile.open(fileobj=io.BytesIO(b"".join(chunks)))  # noqa: SIM115
        table = next(one for one in archive.getmembers() if one.name.endswith("/unistd_64.h"))
        return set(re.findall(r"__NR_(\w+)", archive.extractfile(table).read().decode()))
    finally:
        client.remove_container(container)
        client.close()


def attacked():
    """The calls that the corpus promises to be named, where there is no choice between several."""
    promises = " ".join(notes(path).get("unvalidated", "") for path in ATTACKS)
    return set(re.findall(r"call=(\w+)(?=\s|$)", promises))


def run(sandbox, *statements):
    body = "\n    ".join(statements)
    return sandbox.execute(Submission.from_source(PROGRAM.format(body=body), validate=False))


def test_the_lists_name_only_calls_that_there_are(known):
    listed = ALLOWED | BY_PATH | set(FAILING) | IN_PART
    assert listed <= known
    assert len(known - listed) > 280


def test_every_call_that_no_list_allows_is_refused_and_named(known, unvalidated_sandbox):
    refused = known - ALLOWED - BY_PATH - IN_PART - set(FAILING)
    left = sorted(refused - attacked())  # the corpus has tried the others

    def ending(name):
        outcome = run(
            unvalidated_sandbox,
            f"syscall(SYS_{name}, 0L, 0L, 0L, 0L, 0L, 0L);",
            'puts("ESCAPED");',
        )
        return outcome.status, outcome.blocked_syscall, outcome.stdout

    assert len(left) > 150
    with ThreadPoolExecutor(AT_ONCE) as threads:
        endings = dict(zip(left, threads.map(ending, left), strict=True))
    wrong = {n: e for n, e in endings.items() if e != (Status.BLOCKED_SYSCALL, n, "")}
    assert not wrong


def test_every_call_that_is_allowed_comes_back(unvalidated_sandbox):
    names = sorted(ALLOWED - LAST)
    calls = [f'syscall(SYS_{name}, 0L, 0L, 0L, 0L, 0L, 0L); puts("{name}");' for name in names]
    outcome = run(unvalidated_sandbox, *calls, "return 0;")
    assert outcome.stdout.split() == names
    assert outcome.status is Status.SUCCESS


def test_what_fails_by_itself_fails_with_the_error_that_libc_handles(unvalidated_sandbox):
    calls = [
        f'result = syscall(SYS_{name}, "x", 0L, 0L, 0L); printf("{name} %ld %d\\n", result, errno);'
        for name in FAILING
    ]
    outcome = run(unvalidated_sandbox, "long result;", *calls, "return 0;")
    assert outcome.stdout.splitlines() == [f"{name} -1 {error}" for name, error in FAILING.items()]


def test_a_call_with_a_name_inside_of_the_project_is_answered_by_the_kernel(unvalidated_sandbox):
    calls = [
        f'printf("{name} %ld\\n", syscall(SYS_{name}, {WHERE.get(name, NOWHERE)}, 0L, 0L));'
        for name in sorted(BY_PATH)
    ]
    outcome = run(unvalidated_sandbox, *calls, "return errno != ENOENT;")
    assert outcome.stdout.splitlines() == [f"{name} -1" for name in sorted(BY_PATH)]
    assert outcome.exit_code == 0


def test_a_program_reaches_no_more_calls_than_published(known):
    reached = (ALLOWED | BY_PATH | IN_PART | OF_SIGNALS) & known
    # The tests above try all of them, and that all others are refused. It may only fall.
    assert len(reached) == MOST_REACHED
    said = f"A program reaches {MOST_REACHED} of the kernel's system calls"
    assert said in (ROOT / "docs/architecture.md").read_text()
