"""Which C files belong to the program that is run."""

import pytest

from workspace.submissions import one_program

MAIN = "int main(void) { return 0; }\n"


def linked(main, **others):
    files = {"main.c": main} | {f"{name}.c": text for name, text in others.items()}
    return set(one_program(files, "main.c")) - {"main.c"}


@pytest.mark.parametrize(
    "other",
    [
        MAIN,
        "void main() {}",
        "main(){}",
        "int\nmain (int argc, char *argv[])\n{\n}\n",
        "#include <stdio.h>\n#if 1\n#endif\nint main(int c, char **v) /* here */ {}\n",
        '/* " */ int main(void) {}',
        "char c = '\"'; int main(void) {} //\"",
    ],
)
def test_another_program_is_left_out(other):
    assert linked(MAIN, other=other) == set()


@pytest.mark.parametrize(
    "other",
    [
        "int half(int x) { return x / 2; }\n",
        "// int main(void) {}\n",
        "/* int main(void) {} */\n",
        'const char *text = "int main(void) {}";\n',
        "#ifdef TEST\nint main(void) { return 0; }\n#endif\n",
        "#if 0\n# if 1\n# endif\nint main(void) {}\n#endif\n",
        "int domain(void) { return 1; }\n",
        "int main_loop(void) { return 1; }\n",
        "int main(void);\n",
        "/* never closed int main(void) {}",
    ],
)
def test_a_part_of_the_program_is_linked(other):
    assert linked(MAIN, other=other) == {"other.c"}


def test_where_the_main_file_has_no_main_everything_is_linked():
    assert linked("#include <stdio.h>\n", other=MAIN) == {"other.c"}


def test_headers_and_data_always_come_along():
    files = {"main.c": MAIN, "net.h": MAIN, "x.data": MAIN}
    assert one_program(files, "main.c") == files


def test_a_hostile_source_is_read_in_one_go():
    source = ("'a\\" * 50_000 + "/*" * 50_000 + "main (" * 50_000) + '"\\' * 50_000
    assert linked(MAIN, other=source) == {"other.c"}
