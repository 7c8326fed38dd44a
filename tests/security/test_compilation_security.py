"""What the compiler is given, what it makes of it, and what it may say about it."""

import io
import tarfile

import pytest

from executor.outcome import Severity, Status
from executor.submission import Submission

pytestmark = pytest.mark.docker

ALLOWED = [
    "stdio.h", "stdlib.h", "string.h", "math.h", "time.h", "stdbool.h", "stdint.h", "limits.h",
    "float.h", "errno.h", "fann.h", "floatfann.h", "doublefann.h", "fixedfann.h",
]  # fmt: skip
FOREIGN = [
    "unistd.h", "fcntl.h", "signal.h", "spawn.h", "pthread.h", "threads.h", "dlfcn.h", "dirent.h",
    "poll.h", "sched.h", "semaphore.h", "mqueue.h", "pwd.h", "grp.h", "netdb.h", "ifaddrs.h",
    "termios.h", "pty.h", "glob.h", "ftw.h", "link.h", "elf.h", "execinfo.h", "ucontext.h",
    "aio.h", "syslog.h", "utmp.h", "wordexp.h", "resolv.h", "obstack.h", "malloc.h",
    "sys/socket.h", "sys/mman.h", "sys/ptrace.h", "sys/syscall.h", "sys/wait.h", "sys/stat.h",
    "sys/ioctl.h", "sys/mount.h", "sys/prctl.h", "sys/resource.h", "sys/uio.h", "sys/un.h",
    "sys/epoll.h", "sys/inotify.h", "sys/io.h", "sys/shm.h", "sys/sem.h", "sys/msg.h",
    "sys/xattr.h", "sys/reboot.h", "sys/swap.h", "net/if.h", "netinet/in.h", "arpa/inet.h",
    "linux/bpf.h", "linux/io_uring.h", "linux/seccomp.h", "linux/landlock.h", "linux/if_alg.h",
    "linux/vm_sockets.h", "asm/prctl.h", "immintrin.h", "stdatomic.h", "fann_cpp.h",
]  # fmt: skip
TREE = "usr/lib/cloister/include/default/"


def run(sandbox, source, **options):
    return sandbox.execute(Submission.from_source(source, **options))


def printed(sandbox, text, **options):
    """What a program prints whose main is ``text``."""
    outcome = run(sandbox, f"#include <stdio.h>\nint main(void) {{ {text} }}\n", **options)
    assert outcome.status is Status.SUCCESS, outcome.message + outcome.compiler_output
    return outcome.stdout


def test_a_smashed_stack_ends_the_program_with_a_word_about_it(sandbox):
    source = """
    static volatile int length = 200;
    int main(void) { char small[8]; volatile char *p = small;
        for (int i = 0; i < length; i++) p[i] = 'A';
        return 0; }
    """
    outcome = run(sandbox, source)
    assert (outcome.status, outcome.signal) == (Status.RUNTIME_ERROR, "SIGABRT")
    assert "stack smashing detected" in outcome.stderr


@pytest.mark.parametrize(
    "call",
    ["memcpy(small, large, n)", "strcpy(small, large)", "sprintf(small, \"%s\", large)",
     "strcat(small, large)", "memset(small, 1, n)", "snprintf(small, n, \"%s\", large)"],
)  # fmt: skip
def test_libc_refuses_to_write_past_an_array_it_knows_the_size_of(sandbox, call):
    source = f"""#include <stdio.h>
    #include <string.h>
    static char small[8], text[64], *volatile large = text;
    static volatile size_t n = 32;
    int main(void) {{ memset(large, 'A', n); {call}; puts("overflown"); return 0; }}
    """
    outcome = run(sandbox, source)
    assert (outcome.signal, outcome.stdout) == ("SIGABRT", "")
    assert "overflow detected" in outcome.stderr


def test_a_damaged_heap_ends_the_program(sandbox):
    source = """#include <stdlib.h>
    int main(void) { char *volatile p = malloc(8); char *volatile q = p; free(p); free(q); }
    """
    assert run(sandbox, source).signal == "SIGABRT"


def test_code_data_stack_heap_and_libc_lie_elsewhere_in_every_execution(sandbox):
    source = """#include <stdio.h>
    #include <stdlib.h>
    static int data;
    int main(void) { int stack; printf("%p %p %p %p %p", (void *)main, (void *)&data,
        (void *)&stack, malloc(1), (void *)puts); return 0; }
    """
    executions = [run(sandbox, source).stdout.split() for _ in range(3)]
    for place in zip(*executions, strict=True):
        assert len(set(place)) == 3


def test_the_table_of_imported_functions_cannot_be_written(sandbox):
    source = """#include <stdio.h>
    extern void *_GLOBAL_OFFSET_TABLE_[] __attribute__((visibility("hidden")));
    int main(void) { puts("before");
        for (int i = 0; i < 8; i++) ((void *volatile *)_GLOBAL_OFFSET_TABLE_)[i] = 0;
        puts("after"); return 0; }
    """
    outcome = run(sandbox, source, validate=False)
    assert (outcome.signal, outcome.stdout) == ("SIGSEGV", "before\n")


def test_constants_cannot_be_written(sandbox):
    source = 'static const char text[] = "a"; int main(void) { *(volatile char *)text = 1; }'
    assert run(sandbox, source).signal == "SIGSEGV"


def test_functions_begin_with_a_landing_mark(sandbox):
    marks = printed(
        sandbox,
        'const unsigned char *p = (void *)main; printf("%02x%02x%02x%02x", *p, p[1], p[2], p[3]);',
    )
    assert marks == "f30f1efa"  # endbr64


@pytest.mark.parametrize(
    ("macro", "value"),
    [("__STDC_VERSION__", "201710"), ("__OPTIMIZE__", "1"), ("_FORTIFY_SOURCE", "2"),
     ("__SSP_STRONG__", "3"), ("__PIE__", "2"), ("__CET__", "3")],
)  # fmt: skip
def test_the_compiler_is_set_as_documented(sandbox, macro, value):
    assert printed(sandbox, f'printf("%ld", (long){macro});') == value


def test_a_warning_is_an_error_with_its_place(sandbox):
    outcome = run(sandbox, "int main(void)\n{\n    int unused;\n    return 0;\n}\n")
    first = outcome.diagnostics[0]
    assert outcome.status is Status.COMPILE_ERROR
    assert (first.severity, first.file, first.line, first.column) == ("error", "main.c", 3, 9)
    assert "unused" in first.message


def test_an_unchecked_scanf_is_no_warning(sandbox):
    assert printed(sandbox, 'int n; scanf("%d", &n); printf("%d", n);', stdin="7") == "7"


@pytest.mark.parametrize("header", ALLOWED)
@pytest.mark.parametrize("form", ["<{}>", '"{}"'])
def test_an_allowed_header_is_found_in_either_form(sandbox, header, form):
    outcome = run(sandbox, f"#include {form.format(header)}\nint main(void) {{ return 0; }}\n")
    assert outcome.status is Status.SUCCESS, outcome.compiler_output


def test_no_other_header_is_there_to_be_found(sandbox):
    lines = [f'#if __has_include(<{name}>)\nputs("{name}");\n#endif' for name in FOREIGN]
    text = "\n".join(["#include <stdio.h>", "int main(void) {", *lines, "return 0; }"])
    assert run(sandbox, text, validate=False).stdout == ""


def test_the_include_tree_holds_no_more_than_the_allowed_headers_need(sandbox):
    files = [name for name, _ in image_files(sandbox) if name.startswith(TREE)]
    assert len(ALLOWED) < len(files) < 200


def test_what_the_allowed_headers_include_is_refused_by_its_own_name(sandbox):
    files = [name.partition(TREE)[2] for name, _ in image_files(sandbox) if name.startswith(TREE)]
    names = {name.partition("/")[2] for name in files} - {*ALLOWED}
    spellings = [f'"{before}{name}"' for name in names for before in ("", "./")]
    passed = [one for one in spellings if not refusals(sandbox, f"#include {one}\n")]
    assert (passed, bool(names)) == ([], True)


def test_the_image_holds_nothing_set_uid_and_nothing_that_interprets(sandbox):
    files = image_files(sandbox)
    assert not [name for name, mode in files if mode & 0o6000]
    tools = {"sh", "bash", "dash", "busybox", "perl", "python3", "apt", "dpkg", "curl", "nc", "gdb"}
    assert not tools & {name.rpartition("/")[2] for name, _ in files}


def refusals(sandbox, source):
    found = sandbox.policy.violations({"main.c": source.encode()}, "main.c", sandbox.config.limits)
    return [violation.rule for violation in found]


def image_files(sandbox):
    """Names and modes of the files in the image."""
    client = sandbox.pool.engine.client
    container = client.create_container(sandbox.config.image)
    try:
        archive = b"".join(client.export(container))
    finally:
        client.remove_container(container)
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        return [(member.name, member.mode) for member in members if member.isfile()]


@pytest.mark.parametrize(
    "line",
    ["\tint x = missing;", "\t\tint x = missing;", '  const char *s = "äöü"; int x = missing;',
     "/* 🙂🙂 */ int x = missing;", "/* e\u0301 */\tint x = missing;"],
)  # fmt: skip
def test_a_column_counts_characters_whatever_stands_before_it(sandbox, line):
    outcome = run(sandbox, f"int main(void)\n{{\n{line}\n}}\n")
    found = next(item for item in outcome.diagnostics if "missing" in item.message)
    assert (found.line, found.column) == (3, line.index("missing") + 1)


def test_a_message_about_another_file_names_that_file(sandbox):
    files = {"main.c": '#include "a.h"\nint main(void) { return 0; }\n', "a.h": "\n\nint x = y;\n"}
    outcome = sandbox.execute(Submission.from_files(files, "main.c"))
    assert (outcome.diagnostics[0].file, outcome.diagnostics[0].line) == ("a.h", 3)


def test_all_c_files_of_a_project_are_one_program(sandbox):
    files = {
        "main.c": '#include "twice.h"\nint main(void) { return twice(21); }\n',
        "twice.h": "int twice(int);\n",
        "lib/twice.c": '#include "../twice.h"\nint twice(int n) { return 2 * n; }\n',
    }
    assert sandbox.execute(Submission.from_files(files, "main.c")).exit_code == 42


INNER_PATHS = ("/build", "/usr/lib", "/work", "Scrt1.o", "prelude")
WRONG = {
    "undefined": {"main.c": "int gone(void);\nint main(void) { return gone(); }\n"},
    "variable defined twice": {
        "main.c": "int a = 1;\nint main(void) { return a; }\n",
        "b.c": "int a = 1;\n",
    },
    "function defined twice": {
        "main.c": "int f(void) { return 1; }\nint main(void) { return f(); }\n",
        "b.c": "int f(void) { return 2; }\n",
    },
    "no main": {"main.c": "int f(void) { return 1; }\n"},
    "too long for its array": {
        "main.c": "#include <stdio.h>\nchar small[4], large[99];\n"
        'int main(void) { return sprintf(small, "%s", large); }\n'
    },
    "header missing": {"main.c": '#include "gone.h"\nint main(void) { return 0; }\n'},
}  # fmt: skip


@pytest.mark.parametrize("files", WRONG.values(), ids=WRONG)
def test_a_message_shows_no_path_of_the_sandbox(sandbox, files):
    outcome = sandbox.execute(Submission.from_files(files, "main.c"))
    assert outcome.status in (Status.COMPILE_ERROR, Status.SUCCESS)
    assert not [path for path in INNER_PATHS if path in outcome.compiler_output]


def test_a_flood_of_messages_is_cut_and_does_not_stop_the_compiler(hasty_unvalidated_sandbox):
    pragma = f'#pragma message "{"x" * 1000}"\n'
    source = pragma * 200 + '#include <stdio.h>\nint main(void) { puts("ran"); return 0; }\n'
    outcome = run(hasty_unvalidated_sandbox, source, validate=False)
    assert (outcome.status, outcome.stdout) == (Status.SUCCESS, "ran\n")
    limit = hasty_unvalidated_sandbox.config.limits.compiler_output_bytes
    assert len(outcome.compiler_output.encode()) <= limit


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/proc/self/environ", "/proc/1/environ", "/supervisor"]
)
@pytest.mark.parametrize(
    "way", ['#line 1 "{}"\nint x = y;', '#include "{}"', '# 1 "{}" 3\nint x = ;']
)
def test_no_message_shows_a_line_of_a_file_of_the_machine(sandbox, way, path):
    outcome = run(sandbox, way.format(path) + "\n", validate=False)
    assert outcome.status is Status.COMPILE_ERROR
    for secret in ("root:", "PATH=", "HOSTNAME=", "\x7fELF"):
        assert secret not in outcome.compiler_output


def test_a_call_that_the_compiler_may_not_make_is_told_as_the_compilers(sandbox):
    source = '__asm__(".incbin \\"/dev/stdin\\"");\nint main(void) { return 0; }\n'
    outcome = run(sandbox, source)
    assert outcome.status is Status.BLOCKED
    assert {violation.severity for violation in outcome.violations} == {Severity.CRITICAL}


@pytest.mark.parametrize(
    ("header", "type_name"), [("fann", "float"), ("floatfann", "float"), ("doublefann", "double"),
                              ("fixedfann", "int")],
)  # fmt: skip
def test_a_program_is_linked_with_the_library_of_its_fann_header(sandbox, header, type_name):
    source = f"""#include <stdio.h>
    #include "{header}.h"
    int main(void) {{
        struct fann *ann = fann_create_standard(2, 1, 1);
        fann_type input[1] = {{0}}, *output = fann_run(ann, input);
        printf("%d %zu %zu", output != NULL, sizeof(fann_type), sizeof({type_name}));
        fann_save(ann, "a.net");
        return 0; }}
    """
    outcome = run(sandbox, source)
    works, size, expected = outcome.stdout.split()
    assert (works, size) == ("1", expected)
    assert len(outcome.files) == 1
