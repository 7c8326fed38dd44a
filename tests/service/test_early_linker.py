"""A linker that was started early makes the same program, and says nothing of its own."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

import pytest

from executor import frames
from executor.container import UNVALIDATED_IMAGE, Engine, SandboxConfig
from executor.policy import Policy
from executor.submission import Options, Submission
from tests.service.alike import same
from tests.service.serving import eventually

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'
PROGRAMS = {
    "functions that are in archives": (
        '#include <stdio.h>\n#include <stdlib.h>\nstatic void bye(void) { puts("bye"); }\n'
        "int main(int count, char **words) { (void)words; __int128 many = count;\n"
        '  printf("%d\\n", (int)((many << 70) / 3 >> 68)); return atexit(bye); }\n'
    ),
    "a function of its own that libm has": (
        "#include <stdio.h>\ndouble sqrt(double x) { return 3 * x; }\n"
        "int main(int count, char **words) { (void)words;\n"
        '  printf("%f\\n", sqrt(count)); return 0; }\n'
    ),
    "a function of its own that FANN calls": (
        "#include <fann.h>\n#include <stdlib.h>\n"
        'void *calloc(size_t n, size_t size) { (void)n, (void)size; puts("mine"); return NULL; }\n'
        "int main(void) { return fann_create_standard(2, 1, 1) != NULL; }\n"
    ),
    "FANN declared by itself": (
        "#include <stdio.h>\nstruct fann; void fann_destroy(struct fann *);\n"
        'int main(void) { fann_destroy(0); puts("x"); return 0; }\n'
    ),
    "another FANN": (
        "#include <doublefann.h>\nint main(void) {\n"
        "  struct fann *a = fann_create_standard(2, 1, 1);\n"
        '  printf("%zu\\n", sizeof *fann_run(a, (fann_type[]){1})); fann_destroy(a); return 0; }\n'
    ),
}
# gold, with the library first, lets these replace libc's own names for the same data as well.
TWINS = {
    "daylight": (
        "#include <stdio.h>\n#include <time.h>\nint daylight = 5;\nint main(void) {\n"
        '  time_t t = 0; localtime(&t); printf("%d\\n", daylight); return 0; }\n'
    ),
    "signgam": (
        "#include <stdio.h>\n#include <math.h>\nint signgam = 7;\n"
        "int main(int count, char **words) { (void)words; double x = lgamma(count - 1.5);\n"
        '  printf("%d %f\\n", signgam, x); return 0; }\n'
    ),
    "environ": (
        "#include <stdio.h>\nint next[3] = {1, 2, 3}; int environ = 7;\n"
        'int main(void) { printf("%d %d\\n", next[0], environ); return 0; }\n'
    ),
}
# What the program was linked with, in the loader's order.
LOADED = """#define _GNU_SOURCE
#include <link.h>
#include <stdio.h>
#include <fann.h>
static int tell(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size, (void)data;
    return printf("%s\\n", info->dlpi_name) < 0;
}
int main(void) { return dl_iterate_phdr(tell, NULL)USE; }
"""


@pytest.mark.parametrize("source", (PROGRAMS | TWINS).values(), ids=PROGRAMS | TWINS)
def test_the_program_does_the_same(compiled, source):
    early, plain = compiled(source)
    same(early, plain)
    assert early.status == "success", early.compiler_output
    assert early.stdout


@pytest.mark.parametrize("use", ["", " + (fann_create_standard(2, 1, 1) == NULL)"])
async def test_the_same_libraries_are_loaded(use):
    source = Submission.from_source(LOADED.replace("USE", use))
    early, plain = [await ending(source, early, image=UNVALIDATED_IMAGE) for early in (True, False)]
    assert (early["exit"], early["early_link"]) == ("0", "1")
    assert (plain["exit"], plain["early_link"]) == ("0", "0")
    assert early["printed"] == plain["printed"]
    assert (b"libfann" in early["printed"]) == bool(use)


def test_what_cannot_be_linked_is_said_by_the_plain_linker(compiled):
    early, plain = compiled("int nowhere(void);\nint main(void) { return nowhere(); }\n")
    same(early, plain)
    assert "undefined reference to 'nowhere'" in early.compiler_output


async def test_a_call_that_the_link_check_refuses_is_refused_all_the_same():
    source = "int fork(void);\nint main(void) { return fork(); }\n"
    verdict = await ending(Submission.from_source(source), True)
    assert (verdict["stage"], verdict["cause"]) == ("link", "refused")


OTHERWISE = {
    "several files": Submission.from_files(
        {
            "main.c": "int f(void);\nint main(void) { return f(); }\n",
            "f.c": "int f(void) { return 0; }\n",
        },
        "main.c",
    ),
    "a fixed seed": Submission.from_source(HELLO, options=Options(fixed_seed=True)),
    "another FANN": Submission.from_source("#include <floatfann.h>\n" + HELLO),
} | {name: Submission.from_source(source) for name, source in TWINS.items()}


@pytest.mark.parametrize("submission", OTHERWISE.values(), ids=OTHERWISE)
async def test_what_it_was_not_started_for_is_linked_in_the_usual_way(submission):
    verdict = await ending(submission, True)
    assert (verdict["exit"], verdict["early_link"]) == ("0", "0")


async def test_one_c_file_with_or_without_fann_is_linked_early():
    for source in (HELLO, "#include <fann.h>\n" + HELLO):
        verdict = await ending(Submission.from_source(source), True)
        assert (verdict["exit"], verdict["early"], verdict["early_link"]) == ("0", "1", "1")


@pytest.mark.parametrize("tool", ["cc1", "as", "ld"])
async def test_a_tool_that_was_killed_while_it_waited_is_done_without(tool):
    def kill(name):
        [pid] = eventually(lambda: waiting(name, tool))
        os.kill(pid, signal.SIGKILL)
        # Not yet dead, it would be given the source and die over it.
        eventually(lambda: is_dead(pid))

    verdict = await ending(Submission.from_source(HELLO), True, meanwhile=kill)
    assert (verdict["exit"], verdict["printed"]) == ("0", b"hello\n")
    assert "0" in (verdict["early"], verdict["early_link"])


def waiting(container, tool):
    told = subprocess.check_output(["docker", "top", container, "-o", "pid,comm"], text=True)
    return [int(pid) for pid, name in map(str.split, told.splitlines()) if name == tool]


def is_dead(pid):
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return told.rpartition(")")[2].split()[0] in "ZX"


async def ending(submission, early, meanwhile=None, **changed):
    """The supervisor's verdict, and what the program printed.

    ``meanwhile`` is called with the container's name while the early tools wait.
    """
    config, policy = SandboxConfig(**changed), Policy.load()
    sandbox = await Engine(config).create()
    try:
        if early:
            sandbox.send(frames.prepare(config.limits, extended_headers=False))
        if meanwhile:
            await asyncio.to_thread(meanwhile, sandbox.name)
        nonce = frames.new_nonce()
        sandbox.expect(nonce)
        sandbox.send(
            frames.order(
                submission,
                config.limits,
                nonce,
                symbols=policy.link_symbols | {"dl_iterate_phdr"},
                library=policy.fann_library(submission.files) or "fann",
                extended_headers=False,
            )
        )
        printed = b""
        while True:
            kind, payload = await sandbox.event()
            if kind == frames.VERDICT:
                return frames.pairs(payload) | {"printed": printed}
            if kind == frames.STDOUT:
                printed += payload
    finally:
        await sandbox.destroy()
