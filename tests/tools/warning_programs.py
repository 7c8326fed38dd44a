"""Generated programs with gcc diagnostics: each kind of warning in each shape.

A shape changes nothing about what is wrong, only how the source comes to it: which headers it
begins with, how its lines are indented and ended, how long it is.
"""

# Each kind of warning: the headers that the code needs, and the code. Most are of -Wall, some are
# on by default; a few are errors of C17.
KINDS = {
    "address": ((), "int f(void);\nint g(void) { if (f) return 1; return 0; }"),
    "array-bounds": ((), "int a[4];\nint g(void) { return a[7]; }"),
    "array-compare": ((), "int a[4], b[4];\nint g(void) { return a == b; }"),
    "array-parameter": ((), "int f(int a[3]);\nint f(int a[5]) { return a[0]; }"),
    "bool-compare": ((), "int g(int a) { return (a > 1) == 3; }"),
    "bool-operation": ((), "int g(int a) { return ~(a > 1); }"),
    "builtin-declaration-mismatch": ((), "int strlen(int a);\nint g(void) { return strlen(1); }"),
    "char-subscripts": ((), "int t[256];\nint g(char c) { return t[c]; }"),
    "comment": ((), "/* one /* two */\nint g(void) { return 0; }"),
    "cpp": ((), '#warning "look here"\nint g(void) { return 0; }'),
    "dangling-pointer": ((), "int g(void) { int *p; { int a = 1; p = &a; } return *p; }"),
    "discarded-qualifiers": ((), "const int c = 1;\nint *g(void) { return &c; }"),
    "div-by-zero": ((), "int g(int a) { return a / 0; }"),
    "duplicate-decl-specifier": ((), "const const int c = 1;\nint g(void) { return c; }"),
    "endif-labels": ((), "#if 1\nint g(void) { return 0; }\n#endif of it"),
    "enum-compare": (
        (),
        "enum a { A }; enum b { B };\nint g(enum a x, enum b y) { return x == y; }",
    ),
    "error-conflict": (("stdio",), "int printf;\nint g(void) { return 0; }"),
    "error-syntax": ((), "int g(void) { return 0 }"),
    "error-type": ((), "struct s { int a; };\nint g(struct s x) { return x + 1; }"),
    "error-undeclared": ((), "int g(void) { return nowhere; }"),
    "format": (("stdio",), 'int g(long a) { return printf("%d\\n", a); }'),
    "format-contains-nul": (("stdio",), 'int g(void) { return printf("a\\0%d", 1); }'),
    "format-extra-args": (("stdio",), 'int g(void) { return printf("a\\n", 1); }'),
    "format-of-scanf": (("stdio",), 'int g(void) { int a; return scanf("%d", a); }'),
    "format-overflow": (
        ("stdio",),
        'int g(void) { char b[4]; sprintf(b, "%d", 123456); return b[0]; }',
    ),
    "format-truncation": (
        ("stdio",),
        'int g(void) { char b[4]; snprintf(b, sizeof b, "%d", 123456); return b[0]; }',
    ),
    "format-zero-length": (("stdio",), 'int g(void) { return printf(""); }'),
    "free-nonheap-object": (("stdlib",), "int g(void) { int a = 1; free(&a); return 0; }"),
    "implicit-function-declaration": ((), "int g(void) { return later(1); }"),
    "implicit-int": ((), "static c = 1;\nint g(void) { return c; }"),
    "incompatible-pointer-types": ((), "int g(double *d) { int *p = d; return *p; }"),
    "infinite-recursion": ((), "int g(int a) { return g(a + 1) + 1; }"),
    "int-conversion": ((), "int g(int *p) { int a = p; return a; }"),
    "int-in-bool-context": ((), "int g(int a) { if (a << 3) return 1; return 0; }"),
    "int-to-pointer-cast": ((), "int *g(int a) { return (int *)a; }"),
    "logical-not-parentheses": ((), "int g(int a, int b) { return !a > b; }"),
    "main": ((), "void main(void) { }"),
    "maybe-uninitialized": ((), "int f(void);\nint g(int a) { int b; if (a) b = f(); return b; }"),
    "memset-elt-size": (("string",), "int a[9];\nvoid g(void) { memset(a, 0, 9); }"),
    "memset-transposed-args": (("string",), "int a[9];\nvoid g(void) { memset(a, sizeof a, 0); }"),
    "misleading-indentation": (
        (),
        "int f(int);\nint g(int a)\n{\n    if (a)\n        f(1);\n        f(2);\n    return 0;\n}",
    ),
    "misleading-indentation-else": (
        (),
        "int f(int);\nint g(int a)\n{\n    if (a)\n        f(1);\n    else\n        f(2);\n"
        "        f(3);\n    return 0;\n}",
    ),
    "misleading-indentation-for": (
        (),
        "int f(int);\nint g(int a)\n{\n    for (int i = 0; i < a; i++)\n        f(i);\n"
        "        f(a);\n    return 0;\n}",
    ),
    "misleading-indentation-while": (
        (),
        "int f(int);\nint g(int a)\n{\n    while (a--)\n        f(a);\n        f(0);\n"
        "    return 0;\n}",
    ),
    "misleading-indentation-macro": (
        (),
        "#define EACH(i, n) for (int i = 0; i < n; i++)\nint f(int);\nint g(int a)\n{\n"
        "    EACH(i, a)\n        f(i);\n        f(a);\n    return 0;\n}",
    ),
    "mismatched-dealloc": (
        ("stdio", "stdlib"),
        'int g(void) { FILE *f = fopen("a", "r"); free(f); return 0; }',
    ),
    "missing-braces": ((), "int a[2][2] = {1, 2, 3, 4};\nint g(void) { return a[1][1]; }"),
    "multichar": ((), "int g(void) { return 'ab'; }"),
    "multistatement-macros": (
        (),
        "#define BOTH(a) f(a); f(a + 1)\nint f(int);\n"
        "int g(int a) { if (a)\n        BOTH(a);\n    return 0; }",
    ),
    "nonnull": (("string",), "int g(void) { return (int)strlen(0); }"),
    "overflow": ((), "signed char c = 1000;\nint g(void) { return c; }"),
    "parentheses": ((), "int g(int a, int b) { if (a = b) return 1; return 0; }"),
    "parentheses-and": ((), "int g(int a, int b, int c) { return a && b || c; }"),
    "parentheses-shift": ((), "int g(int a, int b) { return a << b + 1; }"),
    "dangling-else": (
        (),
        "int f(int);\nint g(int a, int b)\n{\n    if (a)\n        if (b)\n            f(1);\n"
        "    else\n        f(2);\n    return 0;\n}",
    ),
    "pointer-sign": ((), "int f(unsigned *p);\nint g(int *p) { return f(p); }"),
    "pointer-to-int-cast": ((), "int g(int *p) { return (int)p; }"),
    "restrict": (("string",), "char b[9];\nvoid g(void) { strcpy(b, b); }"),
    "return-local-addr": ((), "int *g(void) { int a = 1; return &a; }"),
    "return-type": ((), "int g(int a) { if (a) return 1; }"),
    "return-type-void": ((), "int g(void) { return; }"),
    "sequence-point": ((), "int g(int a) { a = a++ + 1; return a; }"),
    "shift-count-negative": ((), "int g(int a) { return a << -1; }"),
    "shift-count-overflow": ((), "int g(int a) { return a << 40; }"),
    "sizeof-array-div": ((), "int a[9];\nint g(void) { return sizeof a / sizeof(short); }"),
    "sizeof-pointer-div": ((), "int g(int *p) { return sizeof p / sizeof *p; }"),
    "sizeof-pointer-memaccess": (("string",), "void g(int *p) { memset(p, 0, sizeof p); }"),
    "sizeof-array-argument": ((), "int g(int a[9]) { return sizeof a; }"),
    "stringop-overflow": (
        ("string",),
        'int g(void) { char b[4]; strcpy(b, "longer"); return b[0]; }',
    ),
    "stringop-overread": (
        ("string",),
        "char a[4], b[9];\nvoid g(void) { memcpy(b, a, 9); }",
    ),
    "switch": (
        (),
        "enum e { A, B };\nint g(enum e x) { switch (x) { case A: return 1; } return 0; }",
    ),
    "switch-bool": ((), "int g(int a) { switch (a > 1) { case 3: return 1; } return 0; }"),
    "switch-unreachable": (
        (),
        "int g(int a) { switch (a) { a = 1; case 3: return a; } return 0; }",
    ),
    "tautological-compare": ((), "int g(int a) { return a == a; }"),
    "uninitialized": ((), "int g(void) { int a; return a; }"),
    "unused-but-set-variable": ((), "int g(void) { int a; a = 1; return 0; }"),
    "unused-const-variable": ((), "static const int c = 1;\nint g(void) { return 0; }"),
    "unused-function": ((), "static int h(void) { return 1; }\nint g(void) { return 0; }"),
    "unused-label": ((), "int g(void) {\nhere:\n    return 0; }"),
    "unused-local-typedefs": ((), "int g(void) { typedef int t; return 0; }"),
    "unused-value": ((), "int g(int a) { a + 1; return 0; }"),
    "unused-variable": ((), "int g(void) { int a; return 0; }"),
    "use-after-free": (("stdlib",), "int g(int *p) { free(p); return *p; }"),
    "format-too-few": (
        ("stdio",),
        'int g(const char *s) { return printf("%s %s\\n", s); }',
    ),
    "volatile-register-var": ((), "int g(void) { volatile register int a = 1; return a; }"),
    "zero-length-bounds": ((), "struct s { int n, a[0], b; } s;\nint g(void) { return s.a[0]; }"),
}  # fmt: skip

# What the sanitizers' code makes the optimiser see otherwise: 0041.
NOT_WITH_SANITIZERS = {
    "array-bounds", "dangling-pointer", "error-conflict", "format-overflow", "format-truncation",
    "free-nonheap-object", "infinite-recursion", "int-in-bool-context", "maybe-uninitialized",
    "mismatched-dealloc", "nonnull", "restrict", "return-local-addr", "stringop-overflow",
    "stringop-overread", "uninitialized", "use-after-free", "zero-length-bounds",
}  # fmt: skip

MAIN = "\nint main(void) { return 0; }\n"


def _includes(headers):
    return "".join(f"#include <{name}.h>\n" for name in headers)


def _with(*more):
    def shaped(headers, code):
        return _includes(dict.fromkeys((*more, *headers))) + code

    return shaped


def _tabs(headers, code):
    return _includes(("stdio", *headers)) + code.replace("    ", "\t")


def _carriage_returns(headers, code):
    return (_includes(("stdio", *headers)) + code).replace("\n", "\r\n")


def _long(headers, code):
    filler = "".join(f"int unlike_{n}(int a) {{ return a * {n}; }}\n" for n in range(60))
    return _includes(("stdio", "stdlib", *headers)) + filler + code


# Precompiled headers: none, one of several, none because of the text before.
SHAPES = {
    "as-it-is": _with(),
    "stdio": _with("stdio"),
    "fann": _with("fann"),
    "unusual": _with("errno", "time", "stdio"),
    "late": lambda headers, code: "#define EARLY 1\n" + _includes(headers) + code,
    "tabs": _tabs,
    "crlf": _carriage_returns,
    "long": _long,
}


SHAPES_OF_A_KIND = 5


def program(kind, shape):
    """The source of one kind of warning in one shape."""
    headers, code = KINDS[kind]
    return SHAPES[shape](headers, code) + ("" if kind == "main" else MAIN)


def programs():
    """The sources by name: every kind in five shapes, and every shape with most kinds."""
    shapes = list(SHAPES)
    return {
        f"{kind}_{shape}".replace("-", "_") + ".c": program(kind, shape)
        for number, kind in enumerate(KINDS)
        for shape in (shapes[(number + more) % len(shapes)] for more in range(SHAPES_OF_A_KIND))
    }
