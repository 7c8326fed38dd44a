"""No spelling hides what a program asks for."""

import pytest

CALLS = {
    "plain": 'system("ls");',
    "space before the bracket": 'system ("ls");',
    "comment before the bracket": 'system/* ) */("ls");',
    "next line": 'system\n\n("ls");',
    "splice in the name": 'sys\\\ntem("ls");',
    "splice with trailing blanks": 'sys\\ \t\ntem("ls");',
    "splice before CR": 'sys\\\rtem("ls");',
    "splice before CRLF": 'sys\\\r\ntem("ls");',
    "two splices": 'sys\\\n\\\ntem("ls");',
    "universal character name": '\\u0073ystem("ls");',
    "long universal character name": '\\U00000073ystem("ls");',
    "in brackets": '(system)("ls");',
    "address taken": "int (*f)(const char *) = &system;",
    "taken as a value": "run = system;",
    "handed to a function": "apply(system);",
    "in an initialiser": "handler table[] = {system, 0};",
    "second in an initialiser": "handler table[] = {first, system, last};",
    "returned": "return system;",
    "called through a star": '(*system)("ls");',
    "macro body": "#define run system\n",
    "function-like macro body": "#define run(x) system(x)\n",
    "digraph directive": "%:define run system\n",
    "directive name spliced": "#def\\\nine run system\n",
    "comment inside the directive": "#/* */define run /* \n */ system\n",
    "brackets that are no parameters": "#define run (system)\n",
    "declared by hand": "int system(const char *);",
    "declared extern": "extern int system(const char *command);",
    "the compiler's own spelling": '__builtin_execl("a", "b");',
    "after a comment that a bare CR ends": '// harmless\rsystem("ls");',
    "after a comment start in a header name": '#include <a/*b>\nsystem("ls"); /* */',
    "after a backslash in a header name": '#include "a\\"\nsystem("ls"); //"',
    "after an unterminated character": '#error don\'t /*\nsystem("ls"); /* */',
    "after a string that ends in a backslash pair": 'puts("\\\\"); system("ls"); //"',
    "after a comment that only looks nested": '/* /* */ system("ls"); /* */',
    "after trigraph that is none to gcc": '// ??/\nsystem("ls");',
    "in a false branch that is not literal": '#ifdef NEVER\nsystem("ls");\n#endif\n',
    "after a false group": '#if 0\nit\'s "x\n#endif\nsystem("ls");',
    "in the else of a false group": '#if 0\n#else\nsystem("ls");\n#endif\n',
    "in the elif of a false group": '#if 0\n#elif 1\nsystem("ls");\n#endif\n',
    "after nested false groups": '#if 0\n#if 1\n#endif\n#endif\nsystem("ls");',
    "file starts with a byte order mark": "\ufeff#define run system\n",
    "another function's variable of that name": (
        'int f(void) { int system = 1; return system; }\nint g(void) { return system("ls"); }'
    ),
}


@pytest.mark.parametrize("source", CALLS.values(), ids=CALLS.keys())
def test_a_call_is_seen_in_every_spelling(rules, source):
    assert "system-call" in rules(source)


PATHS = {
    "plain": '"/proc/version"',
    "adjacent literals": '"/pr" "oc/version"',
    "adjacent over lines and comments": '"/pr" /* "x" */\n  "oc" // "\n "/version"',
    "adjacent over a directive": '"/pr"\n#define nothing\n"oc/version"',
    "hexadecimal escape": '"\\x2fproc/version"',
    "octal escape": '"\\057proc/version"',
    "universal character name": '"\\u002fproc/version"',
    "long universal character name": '"\\U0000002fproc"',
    "splice": '"/pr\\\noc/version"',
    "wide": 'L"/proc/version"',
    "utf-8": 'u8"/proc/version"',
    "raw": 'R"(/proc/version)"',
    "doubled slashes": '"//proc//version"',
    "dot": '"/./proc/version"',
    "through another folder": '"/x/../proc/version"',
    "format string": '"/proc/%d/status"',
    "after a NUL": '"data\\0/proc/version"',
    "out of the project": '"../../../proc/version"',
    "sys": '"/sys/kernel"',
    "dev": '"/dev/mem"',
    "folder alone": '"/proc"',
}


@pytest.mark.parametrize("literal", PATHS.values(), ids=PATHS.keys())
def test_a_system_path_is_seen_in_every_spelling(rules, literal):
    assert "system-path" in rules(f"const char *path = {literal};")


def test_a_path_that_macros_put_together_is_seen(rules):
    assert rules('#define A "/pr"\n#define B A "oc"\nchar *p = B "/version";\n') == [
        "system-path",
        "system-path",
    ]
    assert rules('#define A "/pr"\n#define B A\nchar *p = B "oc";\n') == ["system-path"]


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ('__asm__("nop");', "inline-assembly"),
        ('asm volatile ("nop");', "inline-assembly"),
        ('__asm("nop");', "inline-assembly"),
        ('__a\\\nsm__("nop");', "inline-assembly"),
        ("#define A __asm__\n", "inline-assembly"),
        ('int f(void) __asm__("system");', "inline-assembly"),
        ("#asm\n#endasm\n", "inline-assembly"),
        ("void *p = mmap(0, 4096, 7, 34, -1, 0);", "low-level"),
        ('dlopen("x", 1);', "low-level"),
        ("ptrace(0);", "low-level"),
        ("syscall(39);", "low-level"),
        ("if (!fork()) { }", "system-call"),
        ("else fork();", "system-call"),
        ("clone(f, stack, 17, 0);", "system-call"),
        ("posix_spawnp(&pid, name, 0, 0, argv, envp);", "system-call"),
        ("#include HEADER\n", "computed-include"),
        ("#include\n", "computed-include"),
        ("#include <stdio.h\n", "computed-include"),
        ("#include_next <stdio.h>\n", "include-next"),
        ('#embed "x"\n', "embed"),
        ('#import "x.h"\n', "import-directive"),
        ('#include "/etc/passwd"\n', "absolute-include"),
        ("#include </etc/passwd>\n", "absolute-include"),
        ('#include "../../secret.h"\n', "include-outside-project"),
        ("#include <../secret.h>\n", "include-outside-project"),
        ("%:include <unistd.h>\n", "dangerous-header"),
        ("#inc\\\nlude <unistd.h>\n", "dangerous-header"),
        ("# /* a */ include /* b */ <unistd.h>\n", "dangerous-header"),
        ('#include "unistd.h"\n', "dangerous-header"),
        ("#include <sys/socket.h>\n", "dangerous-header"),
        ("#include <netinet/in.h>\n", "dangerous-header"),
        ("#include <ctype.h>\n", "header-not-allowed"),
        ('#include "ctype.h"\n', "header-not-allowed"),
        ('#include "./ctype.h"\n', "header-not-allowed"),
        ('#include "fann_data.h"\n', "header-not-allowed"),
        ('#include "./sys/types.h"\n', "dangerous-header"),
        ("#include <nowhere.h>\n", "header-not-allowed"),
        ('#line 1 "/etc/passwd"\n', "line-directive"),
        ('# 1 "x.h" 1 3\n', "line-directive"),
        ('#ident "x"\n', "ident-directive"),
        ('#sccs "x"\n', "ident-directive"),
        ("#assert machine(x)\n", "assert-directive"),
        ("#unheard of\n", "unknown-directive"),
        ('#pragma GCC diagnostic ignored "-Wall"\n', "pragma"),
        ('#pragma GCC optimize "O0"\n', "pragma"),
        ("#pragma GCC system_header\n", "pragma"),
        ("#pragma redefine_extname f system\n", "pragma"),
        ("#pragma weak f\n", "pragma"),
        ("#pragma GCC poison printf\n", "pragma"),
        ('_Pragma("weak f")', "pragma"),
        ('_Pragma("GCC diag\\\nnostic ignored \\"-Wall\\"")', "pragma"),
        ('#pragma GCC diagnostic warning "-Wunused"\n', "pragma"),
        ('#pragma GCC diagnostic warning "-W" "unused"\n', "pragma"),
        ('#pragma GCC diagnostic warning "-Wshadow" "-Wall"\n', "pragma"),
        ('#pragma push_macro("__USE_FORTIFY_LEVEL")\n', "pragma"),
        ('#pragma pop_macro("\\x5f_USE_FORTIFY_LEVEL")\n', "pragma"),
        ('_Pragma("push_macro(\\"__REDIRECT\\")")\n', "pragma"),
        ("#pragma push_macro(NAME)\n", "pragma"),
        ("#define __has_builtin(x) 0\n", "guard-macro"),
        ("#ifndef __has_builtin\n#undef __has_builtin\n#endif\n", "guard-macro"),
        ("#ifndef A\n#define __has_builtin(x) 0\n#endif\n", "guard-macro"),
        ("#ifndef __USE_MISC\n#define __USE_MISC\n#endif\n", "guard-macro"),
        ("#define P(x) _Pragma(#x)\n", "pragma"),
        ("#undef _FORTIFY_SOURCE\n", "guard-macro"),
        ("#define _FORTIFY_SOURCE 0\n", "guard-macro"),
        ("#undef __OPTIMIZE__\n", "guard-macro"),
        ("void __stack_chk_fail(void) { }", "reserved-name"),
        ('int x __attribute__((section(".text"))) = 1;', "attribute"),
        ('void f(void) __attribute__((__alias__("g")));', "attribute"),
        ("__attribute__((constructor)) void f(void) { }", "attribute"),
        ("__attribute__((unused, constructor)) void f(void) { }", "attribute"),
        ('__attribute__((optimize("no-stack-protector"))) void f(void) { }', "attribute"),
        ('static int f() __attribute__((weakref("system")));', "attribute"),
        ("int a __attribute__((aligned(1<<28)));", "attribute"),
        ("int a __attribute__((aligned(268435456)));", "attribute"),
        ("#define A __attribute__\n", "attribute"),
        ("[[gnu::constructor]] void f(void) { }", "attribute"),
        ("<:<:gnu::constructor:>:> void f(void) { }", "attribute"),
        ("#if __has_include(</etc/passwd>)\n#endif\n", "has-include"),
        ("#define H __has_include\n", "has-include"),
        ("??=define run\n", "trigraph"),
        ("int a??(3??);", "trigraph"),
        ("/* \u202e */ int a;", "bidi-control"),
        ("int a; /* \0 */", "nul-byte"),
        ('puts(R"(text)");', "raw-string"),
        ('u8R"x(text)x"', "raw-string"),
        ('#if 0\nR"(\n#endif\n/* )"\n#endif\nsystem("ls"); /* */', "raw-string"),
        ('#ifdef NO\n#error R"( " )" /*\n#endif\n" */ system("ls"); //"', "raw-string"),
        ("#if 0\n#embed <a/*>\n#endif\nfork(); /* */", "embed"),
        ('FILE *f = fopen("/data/x", "r");', "path-traversal"),
        ('char *p = "/etc/passwd";', "path-traversal"),
        ('char *p = "/bin/sh";', "path-traversal"),
        ('char *p = "../secret";', "path-traversal"),
        ('char *p = "a/../../secret";', "path-traversal"),
    ],
)
def test_each_trick_has_its_rule(rules, source, rule):
    assert rule in rules(source)


def test_code_in_an_included_file_of_any_name_is_read(rules):
    assert rules({"main.c": '#include "table.txt"\n', "table.txt": 'int a = system("x");'}) == [
        "system-call"
    ]


def test_a_file_that_nobody_includes_is_data(rules):
    assert rules({"main.c": "int main(void) { return 0; }", "notes.txt": "system() fork()"}) == []


def test_headers_of_the_project_are_read(rules):
    assert rules({"main.c": '#include "a.h"\n', "a.h": "#define run fork\n"}) == ["system-call"]


def test_fann_headers_of_different_number_types_do_not_mix(rules):
    files = {"main.c": "#include <floatfann.h>\n", "net.c": "#include <doublefann.h>\n"}
    assert rules(files) == ["fann-mixed"]
