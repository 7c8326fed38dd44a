"""No honest program trips a rule."""

from pathlib import Path

import pytest

PROGRAMS = sorted(Path(__file__).parent.glob("benign/*.c"))

SNIPPETS = {
    "comment about system": '/* never call system("ls") or fork() */ // exec(), asm',
    "comment that goes on after a splice": '// no \\\n system("ls")\nint a;',
    "string about system": 'puts("system(1); fork(); __asm__");',
    "longer identifier": "int my_system(void); int fork_count = 0; int asm_lines, execute;",
    "identifier with a prefix": "int subsystem = 1; int ecosystem(int a);",
    "product": 'puts("/product/list");',
    "slash": 'puts("/"); puts(" / "); printf("%d / %d", 1, 2);',
    "comment in a string": 'puts("/* no comment */ //");',
    "proc in prose": 'puts("50% of /proc is text");',
    "proc at the start of prose": 'puts("/proc is a folder of Linux");',
    "process": 'puts("/process"); puts("/developer/tools"); puts("/system");',
    "up and down inside the project": 'fopen("data/../xor.data", "r");',
    "dots in prose": 'puts("wait .. / .. done"); puts("a/..b");',
    "two dots alone": 'puts(".."); puts("...");',
    "dots after prose": 'puts("Enter ../ to go up");',
    "member named exec": "struct op { int exec; void (*clone)(int); };\n"
    "int f(struct op *o) { return o->exec; }",
    "member called": "void f(struct vm *vm) { vm->exec(1); vm->ops.clone(2); }",
    "designated initialiser": "struct op o = { .exec = run, .fork = 3 };",
    "struct tag": "struct fork { int prongs; }; struct fork left; enum clone { one };",
    "table of functions": "int (*exec[2])(int) = {add, sub};\nint f(void) { return exec[1](2); }",
    "macro of one's own": "#define clone(x) copy_of(x)\nNode *f(Node *n) { return clone(n); }",
    "user's clone": "typedef struct n Node;\nNode *clone(Node *n) { return n; }\n"
    "Node *f(Node *n) { return clone(n); }",
    "user's exec": "static void exec(Vm *vm) { vm->pc++; } int main(void) { exec(&machine); }",
    "user's function with splices": "static int ex\\\nec(int a) { return a; } int b = exec(1);",
    "label": "int f(void) { goto fork; fork: return 0; }",
    "local variable": 'int main(void) { int fork = 3; fork++; printf("%d", fork); return fork; }',
    "local of a type of one's own": "Fork clone = make(); use(clone); if (clone) return 1;",
    "second in a list": "int main(void) { int knife = 1, fork = 2, spoon; return fork + knife; }",
    "parameter": "int eat(int knife, int fork) { return knife + fork; }",
    "pointer parameter": "int eat(struct s *fork) { return fork->n; }",
    "pointer variable": "struct s *clone = 0; void f(void) { clone = g(); h(clone, 1); }",
    "array": "int fork[5]; int f(int i) { return fork[i]; }",
    "enumerators": "enum op { push, exec, fork, halt }; int f(enum op o) { return o == exec; }",
    "enumerator as a case": "enum { exec };\n"
    "int f(int a) { switch (a) { case exec: return 1; } return 0; }",
    "function pointer": "int run(int (*exec)(int), int a) { return exec(a); }",
    "macro parameter": "#define RUN(exec, a) ((exec)(a))\n",
    "macro of that name is asked for": "#ifdef fork\n#undef fork\n#endif\n",
    "false group": '#if 0\nsystem("ls"); it\'s fine, __asm__\n#include <unistd.h>\n#endif\n',
    "include guard": "#ifndef _XOR_H_\n#define _XOR_H_\n#define __XOR_H__ 1\n#endif\n",
    "feature macro": "#define _GNU_SOURCE\n#define _USE_MATH_DEFINES\n#include <math.h>\n",
    "allowed attributes": "struct __attribute__((packed, aligned(8))) s { char c; };\n"
    "static int a __attribute__((unused));",
    "attribute with underscores": "void f(const char *s, ...)\n"
    "__attribute__ ((__format__(__printf__, 1, 2)));",
    "standard attributes": "[[noreturn]] void f(void); int a[3]; int b = a[a[0]];",
    "allowed pragmas": "#pragma once\n#pragma pack(push, 1)\n"
    '#pragma STDC FP_CONTRACT ON\n_Pragma("once")\n',
    "pragmas of other compilers": "#pragma omp parallel for num_threads(4)\n#pragma region main\n"
    "#pragma endregion\n#pragma mark - Part\n#pragma warning(disable: 4996)\n"
    "#pragma clang diagnostic push\n",
    "pragmas that change nothing here": '#pragma message("building")\n#pragma push_macro("MAX")\n'
    '#undef MAX\n#pragma pop_macro("MAX")\n_Pragma("omp simd")\n_Pragma("message(\\"x\\")")\n',
    "more warnings": '#pragma GCC diagnostic push\n#pragma GCC diagnostic error "-Wall"\n'
    '#pragma GCC diagnostic warning "-Wextra"\n#pragma GCC diagnostic pop\n'
    '_Pragma("GCC diagnostic warning \\"-Wshadow\\"")\n',
    "harmless attributes": "typedef int word __attribute__((mode(DI)));\n"
    "int __attribute__((stdcall)) f(void);\nint __attribute__((__noclone__, cdecl)) g(void);\n",
    "fallbacks for older compilers": "#ifndef __has_builtin\n#define __has_builtin(x) 0\n#endif\n"
    "#if !defined(__has_attribute)\n#define __has_attribute(x) 0\n#endif\n"
    "#ifdef __has_include\n#endif\n",
    "unrolled": "void f(void) {\n#pragma GCC unroll 4\nfor (;;) ;\n}\n",
    "null directive": "#\n# \n#/* */\n",
    "error and warning": "#ifdef X\n#error don't build\n#endif\n",
    "digraphs": "%:include <stdio.h>\nint main(void) <% int a<:3:> = <%1%>; return a<:0:>; %>\n",
    "conditional operator": "int f(int a) { return a ? ((a)) : -1; }",
    "question marks in a string": 'puts("what??"); puts("really??!"); /* ??= */',
    "octal and hexadecimal escapes": 'puts("\\x41\\101\\u00e9\\n\\t\\\\ \\"");',
    "characters": "char a = '\\'', b = '\"', c = '/', d = '\\\\';",
    "colours": '#define RED "\\x1b[31m"\n#define OFF "\\x1b[0m"\nputs(RED "text" OFF);\n',
    "accents": 'puts("Größe: é ✓"); /* naïve */ int größe = 1;',
    "latin-1": 'puts("caf\udce9");',
    "CRLF": "#include <stdio.h>\r\nint main(void) {\r\n  return 0;\r\n}\r\n",
    "quoted library header": '#include "stdio.h"\n#include "fann.h"\n',
    "missing project header": '#include "mine.h"\n',
    "stringising": "#define STR(x) #x\n#define GLUE(a, b) a##b\nputs(STR(hello));\n",
    "a letter before a quote": '#define BOLD "R" "x"\nputs("colour R"); // R"(\n',
    "empty": "",
    "no newline at the end": "int a;",
}


@pytest.mark.parametrize("source", SNIPPETS.values(), ids=SNIPPETS.keys())
def test_an_honest_line_passes(rules, source):
    assert rules(source.encode("utf-8", "surrogateescape")) == []


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_an_honest_program_passes(rules, program):
    assert rules(program.read_bytes()) == []


def test_a_path_is_resolved_from_the_main_file_s_folder(rules):
    source = 'fann_read_train_from_file("../datasets/xor.data");'
    assert rules({"examples/xor.c": source}, main="examples/xor.c") == []
    assert rules({"xor.c": source}, main="xor.c") == ["path-traversal"]


def test_a_path_that_a_macro_begins_is_resolved_as_well(rules):
    source = '#define UP "../"\nputs(UP "datasets/xor.data");\n'
    assert rules({"examples/xor.c": source}, main="examples/xor.c") == []
    assert rules({"xor.c": source}, main="xor.c") == ["path-traversal"] * 2


def test_project_headers_are_found_from_the_file_that_includes_them(rules):
    files = {
        "src/main.c": '#include "net/a.h"\n#include "../common.h"\n',
        "src/net/a.h": '#include "b.h"\n',
        "src/net/b.h": "int b;\n",
        "common.h": "int c;\n",
    }
    assert rules(files, main="src/main.c") == []


def test_a_function_that_another_file_defines_is_the_project_s_own(rules):
    files = {
        "main.c": '#include "vm.h"\nint main(void) { return exec(1); }\n',
        "vm.h": "int exec(int a);\n",
        "vm.c": "int exec(int a) {\n  return a;\n}\n",
    }
    assert rules(files) == []
