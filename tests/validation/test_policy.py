"""What the policy promises beside its rules: places, messages, versions, symbols."""

import re
import shutil
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import executor.policy
from executor.limits import Limits
from executor.outcome import Category, Severity
from executor.policy import MOST_FOLLOWED, MOST_PER_RULE, Policy

EXECUTOR = Path(executor.policy.__file__).parent
TOML = EXECUTOR / "policy.toml"
BLOCKED = """\
#include <stdio.h>
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
SAFE = """\
#include <stdio.h>
#include <math.h>
#include <fann.h>

int main() {
    double result = sqrt(16.0);
    printf("sqrt(16) = %.2f\\n", result);
    struct fann *ann = fann_create_standard(3, 2, 3, 1);
    if (ann) {
        fann_destroy(ann);
    }
    return 0;
}
"""


def violations(policy, source, limits=None, **files):
    encoded = {name: text.encode() for name, text in {"main.c": source, **files}.items()}
    return policy.violations(encoded, "main.c", limits or Limits())


def test_the_blocked_example_is_told_everything_at_once(policy):
    found = {(v.rule, v.line, v.column, v.end_column) for v in violations(policy, BLOCKED)}
    assert found >= {
        ("dangerous-header", 3, 10, 20),
        ("system-call", 5, 5, 11),
        ("system-call", 6, 5, 9),
        ("system-call", 7, 5, 9),
        ("system-path", 8, 22, 37),
        ("inline-assembly", 9, 5, 12),
    }


def test_the_safe_example_passes(policy):
    assert violations(policy, SAFE) == []


def test_violations_come_in_order_with_names_and_advice(policy):
    found = violations(policy, BLOCKED, **{"a.h": "int a; /* fine */\nint b = fork();"})
    assert [v.file for v in found][:1] == ["a.h"]
    assert [v.line for v in found[1:]] == sorted(v.line for v in found[1:])
    assert all(v.message.endswith(".") and v.suggestion for v in found)
    assert "“system”" in next(v for v in found if v.line == 5 and v.file == "main.c").message


def test_too_much_code_is_told_with_size_and_limit(policy):
    found = violations(policy, "x" * 60, Limits(source_bytes=100), **{"b.h": "y" * 1000})
    assert [(v.rule, v.category) for v in found] == [("code-size", Category.RESOURCE_LIMIT)]
    assert "1,060" in found[0].message
    assert "100 bytes" in found[0].message


def test_an_included_data_file_counts_as_code(policy):
    source = '#include "table.txt"\n'
    assert violations(policy, "", Limits(source_bytes=100), **{"table.txt": "1," * 100}) == []
    found = violations(policy, source, Limits(source_bytes=100), **{"table.txt": "1," * 100})
    assert [v.rule for v in found] == ["code-size"]


def test_a_flood_of_one_rule_hides_no_other(policy):
    found = violations(policy, "fork();" * 1000 + "asm")
    assert [v.rule for v in found] == ["system-call"] * MOST_PER_RULE + ["inline-assembly"]


@pytest.mark.parametrize(
    "fragment",
    [
        *("fork,", "int fork;", "enum{fork,", "(*fork)(", "fork(", "fork(){", "asm ", '"../",'),
        *("#define fork fork\n", '#define a "/" a\n', "#include <a>\n", "#pragma a\n", "gnu::"),
        *("__attribute__((packed ", '_Pragma("once")', '"/x"', "#if __has_include(a\n"),
    ],
)
def test_a_mebibyte_of_any_attempt_is_judged_without_stalling(policy, fragment):
    # A quadratic rule needs hours here, so that the suite's own time limit would show it.
    found = violations(policy, fragment * ((1 << 20) // len(fragment)))
    assert all(count <= MOST_PER_RULE for count in Counter(one.rule for one in found).values())


def test_a_path_in_a_macro_is_told_as_it_is_written_and_where(policy):
    (found,) = violations(policy, '#define SHADOW "/etc/shadow"\n')
    assert (found.rule, found.column) == ("path-traversal", 16)
    assert found.message.startswith("“/etc/shadow”")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("#pragma weak f(1)", "weak f(1)"),
        ('#  pragma   GCC\tdiagnostic  ignored "-Wall"', 'GCC diagnostic ignored "-Wall"'),
        ('_Pragma("weak (f)")', "weak (f)"),
        ("#pragma weak " + "x" * 100, "weak " + "x" * 75 + "…"),
    ],
)
def test_a_refused_pragma_is_named_as_it_is_written(policy, line, name):
    (found,) = violations(policy, line + "\n")
    assert found.message == f"The pragma “{name}” is not allowed."


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (
            'fopen("/dev/sda", "w")',
            'Write to a file of the project instead: fopen("result.txt", "w").',
        ),
        (
            'fopen("/etc/x", "rb+")',
            'Write to a file of the project instead: fopen("result.txt", "w").',
        ),
        (
            'fopen("/dev/sda", "r")',
            'Read the file you uploaded with fopen("data.txt", "r") instead.',
        ),
        ('remove("/etc/x")', 'Name a file of the project instead, such as "data.txt".'),
        ('rename("/dev/x", "y")', 'Name a file of the project instead, such as "data.txt".'),
    ],
)
def test_advice_about_a_path_fits_what_the_call_does(policy, call, advice):
    (found,) = violations(policy, f"void f(void) {{ {call}; }}\n")
    assert found.suggestion == advice


def test_macros_that_double_each_other_stay_small(policy):
    chain = "".join(f"#define a{i} a{i + 1} a{i + 1}\n" for i in range(5000))
    assert violations(policy, chain + '#define a5000 "x"\nchar *p = a0 "/y";\n') == []


@pytest.mark.parametrize(
    ("include", "advice"),
    [
        ("<ctype.h>", "<ctype.h> is part of the extended profile, which is off here."),
        ("<dirent.h>", "open each file by its name"),
        ("<sched.h>", "use the functions of the standard C headers"),
        ("<stdarg.h>", "extended profile"),
        ("<strings.h>", "<string.h>"),
        ('"strings.h"', "<string.h>"),
        ("<stdoi.h>", "Did you mean <stdio.h>?"),
        ("<mine.h>", '#include "mine.h"'),
        ("<pthread.h>", "Threads are not available"),
        ("<curses.h>", "stdio.h"),
    ],
)
def test_a_refused_header_comes_with_what_to_write(policy, include, advice):
    found = violations(policy, f"#include {include}\n", **{"mine.h": ""})
    assert advice in found[0].suggestion


def test_the_extended_profile_adds_headers_and_their_functions():
    extended = Policy.load(profile="extended")
    assert violations(extended, "#include <ctype.h>\n#include <stdarg.h>\n") == []
    assert {"__ctype_b_loc", "longjmp", "printf"} <= extended.link_symbols
    assert "dangerous-header" in {v.rule for v in violations(extended, "#include <unistd.h>\n")}


def test_an_unknown_profile_is_an_error():
    with pytest.raises(ValueError, match="not one of: default, extended"):
        Policy.load(profile="generous")


def test_the_version_changes_with_content_and_profile(tmp_path, policy):
    changed = tmp_path / "policy.toml"
    changed.write_bytes(TOML.read_bytes() + b"\n")
    versions = {policy.version, Policy.load(changed).version, Policy.load(None, "extended").version}
    assert len(versions) == 3
    assert Policy.load().version == policy.version


def test_names_in_messages_cannot_draw_on_the_screen(policy):
    found = violations(policy, '#include "/\x1b[31m\u202e.h"\n')
    assert all(v.message.isprintable() for v in found)
    long = violations(policy, f'char *p = "/proc/{"x" * 5000}";')
    assert len(long[0].message) < 300


@pytest.mark.parametrize(
    ("headers", "library"),
    [
        ({"main.c": "#include <fann.h>"}, "fann"),
        ({"main.c": '#include "floatfann.h"'}, "floatfann"),
        ({"main.c": '#include "doublefann.h"\n#include "fann.h"'}, "doublefann"),
        ({"main.c": '#include "fixedfann.h"', "net.h": '#include "fann.h"'}, "fixedfann"),
        ({"main.c": '#include "net.h"', "net.h": "#include <floatfann.h>"}, "floatfann"),
        ({"main.c": '#include "./doublefann.h"'}, "doublefann"),
        ({"main.c": "// #include <fann.h>"}, None),
    ],
)
def test_the_header_chooses_the_fann_library(policy, headers, library):
    files = {name: text.encode() for name, text in headers.items()}
    assert policy.fann_library(files) == library
    assert policy.violations(files, "main.c", Limits()) == []


DOUBLE_OR_FLOAT = '{0}\n{1}\n#include "doublefann.h"\n#else\n#include "floatfann.h"\n#endif\n'


@pytest.mark.parametrize(
    ("before", "condition", "library"),
    [
        ("", "#ifdef DOUBLE", "floatfann"),
        ("#define DOUBLE", "#ifdef DOUBLE", "doublefann"),
        ("#define DOUBLE", "#ifndef DOUBLE", "floatfann"),
        ("", "#if defined(DOUBLE)", "floatfann"),
        ("", "#if !defined DOUBLE", "doublefann"),
        ("#define DOUBLE 0", "#if DOUBLE", "floatfann"),
        ("#define DOUBLE 1", "#if DOUBLE", "doublefann"),
        ("#ifndef A\n#define DOUBLE 1\n#endif", "#if DOUBLE", "doublefann"),
        ("#ifdef A\n#elif B\n#define DOUBLE\n#else\n#endif", "#ifdef DOUBLE", "floatfann"),
        ("", "#if 1", "doublefann"),
        ("", "#if 0", "floatfann"),
        ("#define definedX 0", "#if definedX", "floatfann"),
    ],
)
def test_conditions_choose_the_fann_library_as_they_choose_the_header(
    policy, before, condition, library
):
    files = {"main.c": DOUBLE_OR_FLOAT.format(before, condition).encode()}
    assert policy.review(files, "main.c", Limits()) == ([], library)


@pytest.mark.parametrize(
    "condition",
    [
        "#if A > 1",
        "#ifdef __linux__",
        "#ifdef linux",
        "#ifdef FROM_B",
        "#ifdef DROPPED",
        "#if A\n#endif\n#if A + 1",
    ],
)
def test_where_it_is_not_known_which_fann_header_is_read_the_source_is_refused(policy, condition):
    source = DOUBLE_OR_FLOAT.format('#include "b.h"\n#define DROPPED', condition)
    header = "#define FROM_B\n#undef DROPPED\n"
    assert [v.rule for v in violations(policy, source, **{"b.h": header})] == ["fann-mixed"]


def test_a_flood_of_conditions_is_not_followed(policy):
    source = DOUBLE_OR_FLOAT.format("#if A\n#endif\n" * MOST_FOLLOWED, "#ifdef B")
    assert [v.rule for v in violations(policy, source)] == ["fann-mixed"]


def test_a_refused_symbol_is_named_where_it_stands(policy):
    (found,) = policy.link_violations(
        ["system"], {"main.c": b"int a;\n// system\n int b = system;"}
    )
    assert (found.rule, found.category) == ("system-call", Category.BLOCKED_PATTERN)
    assert (found.file, found.line, found.column) == ("main.c", 3, 10)


def test_a_refused_symbol_is_named_in_the_macro_that_spells_it(policy):
    sources = {"a.c": b"int a;", "b.h": b"int b;\n#define RUN sys\\\ntem\n"}
    (found,) = policy.link_violations(["system"], sources)
    assert (found.file, found.line, found.column) == ("b.h", 2, 13)


def test_a_pasted_symbol_is_named_without_a_place(policy):
    (found,) = policy.link_violations(["setenv"], {"main.c": b"GLUE(set, env)"})
    assert (found.rule, found.file, found.line) == ("link-symbol", None, None)
    assert "“setenv”" in found.message


def test_objects_may_ask_for_what_the_headers_declare_less_what_is_refused(policy):
    assert {"printf", "__printf_chk", "__isoc99_scanf", "sqrtf", "stdin"} <= policy.link_symbols
    assert {"fann_run", "fann_train_on_file", "__errno_location"} <= policy.link_symbols
    refused = {"system", "popen", "mkstemp", "setenv", "timer_create", "realpath", "fdopen"}
    refused |= {"fork", "execve", "mmap", "dlopen", "syscall", "socket", "signal", "__ctype_b_loc"}
    assert not refused & policy.link_symbols


@pytest.mark.skipif(not shutil.which("gcc"), reason="needs gcc on this machine")
def test_a_hardened_object_of_an_honest_program_asks_for_nothing_else(policy, tmp_path):
    source = tmp_path / "main.c"
    source.write_text(HONEST)
    command = ["gcc", "-std=gnu17", "-O2", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-fPIE"]
    command += ["-fstack-protector-strong", "-w", "-c", str(source), "-o", str(tmp_path / "main.o")]
    subprocess.run(command, check=True)
    listing = subprocess.run(
        ["nm", "-u", tmp_path / "main.o"], check=True, capture_output=True, text=True
    )
    assert set(listing.stdout.split()) - {"U"} <= policy.link_symbols


HONEST = """
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
static int by_value(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(int argc, char **argv)
{
    char line[80], copy[80], *end;
    int values[8] = {argc}, n = 0;
    double x;
    srand((unsigned)time(NULL));
    while (fgets(line, sizeof line, stdin) && sscanf(line, "%lf", &x) == 1) {
        strncpy(copy, line, sizeof copy - 1);
        strcat(copy, argv[0]);
        stpcpy(copy, argv[1]);
        memmove(copy, line, (size_t)argc);
        memset(line, argc, (size_t)argc);
        values[n++ % 8] = (int)lround(pow(x, 2) + sin(x) + cos(x) + fabs(x) + fmod(x, 3));
        sprintf(copy, "%d %g", rand(), strtod(line, &end));
        snprintf(copy, sizeof copy, "%s", strerror(errno));
        fprintf(stderr, "%s %d %d\\n", copy, isnan(x), isinf(x));
    }
    qsort(values, 8, sizeof values[0], by_value);
    scanf("%d", &n);
    puts(strtok(copy, " "));
    fread(line, 1, (size_t)n, stdin);
    strftime(line, sizeof line, "%c", localtime(&(time_t){0}));
    printf("%Lf %f\\n", sqrtl(x), sqrtf((float)x));
    __int128 wide = (__int128)values[0] * n / argc;
    return atexit(abort) + (int)wide + fclose(stdout);
}
"""


def test_every_rule_that_is_applied_is_described_and_every_described_one_applied():
    data = tomllib.loads(TOML.read_text())
    described = set(data["rules"])
    by_data = set(data["words"].values()) | set(data["directives"]["refused"].values())
    by_data |= {name for name, rule in data["rules"].items() if "names" in rule}
    code = "".join(
        (EXECUTOR / f"{name}.py").read_text()
        for name in ("policy", "word_rules", "include_rules", "path_rules")
    )
    applied = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', code)) | by_data
    # The few rules of one word cannot be told from other words of the code.
    assert {rule for rule in applied if "-" in rule} == {rule for rule in described if "-" in rule}


def test_every_rule_says_why_and_fills_its_message():
    for rule in tomllib.loads(TOML.read_text())["rules"].values():
        assert Category(rule["category"])
        assert Severity(rule["severity"])
        assert rule["why"].endswith(".")
        assert rule["suggestion"].endswith(".")
        assert set(re.findall(r"{(\w+)}", rule["message"])) <= {"name", "size", "limit", "first"}
        assert set(re.findall(r"{(\w+)}", rule["suggestion"])) <= {"profile"}
