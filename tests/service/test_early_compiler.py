"""A compiler that was started early says and makes exactly what a fresh one does."""

import pytest

from executor import frames
from executor.code_executor import CodeExecutor
from executor.container import Engine, SandboxConfig
from executor.pool import Pool
from executor.runner import Runner
from executor.submission import BadSubmission, Submission
from tests.service.alike import same

pytestmark = pytest.mark.docker

MAIN = "int main(void) { return 0; }\n"
IN_SILENCE = {
    "hello": '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n',
    "no include at all": MAIN,
    "FANN in quotes": '#include "floatfann.h"\nint main(void) { return FANN_SIGMOID == 0; }\n',
    "both spellings, a comment before and between": (
        '/* one\n   two */\n// three\n#include <stdio.h>\n\n/* four */ # include "math.h" // five\n'
        'int main(void) { printf("%.3f\\n", sqrt(2)); return 0; }\n'
    ),
    "place": (
        "#include <stdio.h>\n#include <stdlib.h>\nint main(void)\n{\n"
        '    printf("%s:%d %s\\n", __FILE__, __LINE__, __func__);\n    return 0;\n}\n'
    ),
    "a macro of the same name": (
        '#include <stdio.h>\n#define puts(text) printf("<%s>", text)\n'
        'int main(void) { puts("x"); return 0; }\n'
    ),
    "carriage returns": '#include <stdio.h>\r\nint main(void)\r\n{ puts("x"); return 0; }\r\n',
    "no newline at the end": "#include <stdio.h>\n" + MAIN.strip(),
    "counting": (
        "#include <stdio.h>\nint main(void) "
        '{ printf("%d %d\\n", __COUNTER__, __COUNTER__); return 0; }\n'
    ),
    "a header that is not precompiled": (
        "#include <stdio.h>\n#include <errno.h>\n"
        'int main(void) { printf("%d\\n", ERANGE); return 0; }\n'
    ),
}
WITH_WORDS = {
    "missing include": 'int main(void) { printf("x"); return 0; }\n',
    "include that comes too late": (
        '#include <stdio.h>\nint main(void) { char *a = strchr("a", 97); return !a; }\n'
        "#include <string.h>\n"
    ),
    "conflict with a header": "#include <stdio.h>\nint printf;\n" + MAIN,
    "warning": "#include <stdio.h>\nint main(void) { int unused; return 0; }\n",
    "unused constant": "static const int unused = 3;\n" + MAIN,
    "wrong format": '#include <stdio.h>\nint main(void) { printf("%d", "x"); return 0; }\n',
    "syntax": "#include <stdio.h>\nint main(void) { return 0 }\n",
    "in a macro": "#include <stdio.h>\n#define F(x) x +\nint main(void) { return F(1); }\n",
    "error directive": '#include <math.h>\n#error "no"\n' + MAIN,
    "redefined macro": "#include <stdio.h>\n#define EOF 7\n" + MAIN,
    "unfinished comment": "#include <stdio.h>\n" + MAIN + "/* ...\n",
    "pragma once in the main file": "#pragma once\n" + MAIN,
    "wrong call of FANN": "#include <fann.h>\nint main(void) { fann_run(1); return 0; }\n",
}
TELLING_MACROS = ["__BASE_FILE__", "__FILE_NAME__"]


@pytest.mark.parametrize("source", IN_SILENCE.values(), ids=IN_SILENCE)
def test_what_compiles_in_silence_is_compiled_early_and_does_the_same(compiled, source):
    early, plain = compiled(source)
    same(early, plain)
    assert early.status == "success", early.compiler_output
    assert early.compiled_early
    assert not plain.compiled_early


@pytest.mark.parametrize("source", WITH_WORDS.values(), ids=WITH_WORDS)
def test_what_the_compiler_says_is_said_in_the_same_words(compiled, source):
    early, plain = compiled(source)
    same(early, plain)
    assert early.compiler_output
    assert not early.compiled_early


@pytest.mark.parametrize("macro", TELLING_MACROS)
def test_a_source_cannot_see_how_it_came_to_the_compiler(compiled, macro):
    source = f"#include <stdio.h>\nint main(void) {{ puts({macro}); return 0; }}\n"
    early, plain = compiled(source)
    same(early, plain)
    assert early.stdout == "main.c\n"


def test_nor_by_a_name_that_is_put_together(compiled):
    early, plain = compiled(
        "#include <stdio.h>\n#define JOIN(a, b) a##b\n"
        "int main(void) { puts(JOIN(__BASE_FI, LE__)); return 0; }\n"
    )
    same(early, plain)
    assert early.stdout == "main.c\n"


def test_a_byte_order_mark_is_taken_in_the_usual_way(compiled):
    early, plain = compiled("\ufeff#include <stdio.h>\n" + MAIN)
    same(early, plain)
    assert early.status == "success"


def test_a_header_of_the_project_comes_before_the_library_s(compiled):
    files = {
        "main.c": (
            '#include "math.h"\n#include <stdio.h>\nint main(void) { puts(MINE); return 0; }\n'
        ),
        "math.h": '#define MINE "mine"\n',
    }
    early, plain = compiled(Submission.from_files(files, "main.c"))
    same(early, plain)
    assert early.stdout == "mine\n"


def test_the_first_of_several_files_is_compiled_early_in_any_folder(compiled):
    files = {"src/main.c": "int f(void);\nint main(void) { return f(); }\n",
             "src/f.c": "int f(void) { return 3; }\n"}  # fmt: skip
    early, plain = compiled(Submission.from_files(files, "src/main.c"))
    same(early, plain)
    assert early.exit_code == 3
    assert early.compiled_early


def test_a_file_beside_the_source_comes_before_the_library_s_in_any_folder(compiled):
    files = {
        "src/main.c": '#include "math.h"\nint main(void) { return MINE; }\n',
        "src/math.h": "#define MINE 5\n",
    }
    early, plain = compiled(Submission.from_files(files, "src/main.c"))
    same(early, plain)
    assert early.exit_code == 5
    assert early.compiled_early


@pytest.mark.parametrize("name", ["two words.c", 'it\'s \\ "quoted".c', "größe.c", "a@b.c"])
def test_any_name_of_a_file_reaches_an_early_compiler_as_it_is(compiled, name):
    try:
        submission = Submission.from_files({name: "int main(void) { return 3; }\n"}, name)
    except BadSubmission:
        pytest.skip("no file may have this name")
    early, plain = compiled(submission)
    same(early, plain)
    assert (early.exit_code, early.compiled_early) == (3, True)


def test_misleading_indentation_is_an_error_on_both_paths(compiled):
    source = (
        "#include <stdio.h>\nint main(int count, char **words)\n{\n    (void)words;\n"
        '    if (count)\n        puts("a");\n        puts("b");\n    return 0;\n}\n'
    )
    early, plain = compiled(source)
    same(early, plain)
    assert "misleading-indentation" in early.diagnostics[0].message


def test_a_refused_call_has_its_line(compiled):
    source = (
        "#include <stdio.h>\nint getppid(void);\n\nint main(void)\n{\n    return getppid();\n}\n"
    )
    submission = Submission.from_source(source, validate=False)
    for outcome in compiled(submission):
        [violation] = [one for one in outcome.violations if one.line]
        assert (violation.file, violation.line) == ("main.c", 6)


def test_another_limit_than_the_compiler_was_started_with_is_kept(compiled):
    config = SandboxConfig()
    other = config.limits.with_overrides({"open_files": 20})
    greeting = frames.prepare(other, extended_headers=False)
    with CodeExecutor() as executor:
        executor._pool = Pool(Engine(config), 0, greeting=greeting)
        executor._runner = Runner(executor._pool, executor.policy, config.limits)
        outcome = executor.execute(Submission.from_source(IN_SILENCE["hello"]))
    assert outcome.status == "success"
    assert not outcome.compiled_early


def test_a_slow_source_with_a_warning_is_not_compiled_to_its_end_twice(compiled):
    slow = "b += a * b; if (b % 7) b -= 3; " * 250
    source = (
        "int f(int a);\nint main(void) { int unused; return f(1); }\n"
        f"int f(int a) {{ int b = a; {slow} return b; }}\n"
    )
    early, plain = compiled(source)
    assert early.diagnostics[0].message.startswith("unused variable")
    same(early, plain)
    assert early.compile_ms < 1.5 * plain.compile_ms
