"""Hostile shapes: sources as large as the limit allows, made to cost the validator most.

Each is a whole project. What it repeats, and how, is chosen so that some step of the
validator (cutting, placing, joining, looking around, comparing, describing) has the most to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count

MEGABYTE = 1 << 20
_REFUSED = b"system fork execve popen mmap dlopen ptrace syscall clone vfork "


def _fill(piece: bytes, size: int, before: bytes = b"", after: bytes = b"") -> bytes:
    room = size - len(before) - len(after)
    return before + piece * (room // len(piece)) + after


def _numbered(piece: bytes, size: int, before: bytes = b"", after: bytes = b"") -> bytes:
    """Pieces that differ in a number, in place of each ``%d``."""
    parts, left = [before], size - len(before) - len(after)
    for number in count():
        part = piece.replace(b"%d", b"%d" % number)
        left -= len(part)
        if left < 0:
            return b"".join([*parts, after])
        parts.append(part)
    raise AssertionError


def _one(make: Callable[[int], bytes]) -> Callable[[int], dict[str, bytes]]:
    return lambda size: {"main.c": make(size)}


def _spread(words: int) -> Callable[[int], bytes]:
    """One #define with so many refused words, far from one another."""

    def make(size: int) -> bytes:
        gap = b"x + " * max(1, (size // words - 12) // 4)
        return _fill(b"system(1) " + gap, size, b"#define A ")

    return make


def _files(name: str, content: bytes, count: int = 200) -> Callable[[int], dict[str, bytes]]:
    def make(size: int) -> dict[str, bytes]:
        one = _fill(content, size // (count + 1))
        return {"main.c": b"int main(void) { return 0; }\n"} | {
            name % number: one for number in range(count)
        }

    return make


def _including(size: int) -> dict[str, bytes]:
    """Files that include one another all, by names of many forms."""
    names = [f"d{number}/h{number}.h" for number in range(100)]
    lines = b"".join(b'#include "../%s"\n' % name.encode() for name in names)
    return {"main.c": lines} | {name: _fill(lines, size // 101) for name in names}


SHAPES: Mapping[str, Callable[[int], Mapping[str, bytes]]] = {
    # One directive, and many things in it that have a place.
    "define of refused words": _one(lambda size: _fill(_REFUSED, size, b"#define A ")),
    "define of refused words, spread": _one(_spread(200)),
    "define of paths": _one(lambda size: _fill(b'x "/proc/self" ', size, b"#define A ")),
    "define of 60 paths": _one(
        lambda size: _fill(b'"/proc/self/maps" ' + b"x + " * (size // 240), size, b"#define A ")
    ),
    "define of guard words": _one(lambda size: _fill(b"__stack_chk_x ", size, b"#define A ")),
    "define of assembly": _one(lambda size: _fill(b'__asm__("") ', size, b"#define A ")),
    "define of attributes": _one(
        lambda size: _fill(b"__attribute__((section(1))) ", size, b"#define A ")
    ),
    "define of open attributes": _one(lambda size: _fill(b"__attribute__((", size, b"#define A ")),
    "define of pragmas": _one(lambda size: _fill(b'_Pragma("x y") ', size, b"#define A ")),
    "define of variadics": _one(
        lambda size: _fill(b"__VA_ARGS__ ", size, b"#define A(...) system(")
    ),
    "define of parameters": _one(lambda size: _numbered(b"a%d,", size, b"#define A(", b"z) fork")),
    "define of splices": _one(lambda size: _fill(b"system \\\n", size, b"#define A ")),
    "define of wide splices": _one(lambda size: _fill(b"fork \\   \t \n", size, b"#define A ")),
    "define of UCNs": _one(lambda size: _fill(b"sys\\u0074em ", size, b"#define A ")),
    "define of digraphs": _one(lambda size: _fill(b"<: system :> %: ", size, b"#define A ")),
    "define of comments": _one(lambda size: _fill(b"/**/system/* */", size, b"#define A ")),
    "define of strings": _one(lambda size: _fill(b'"a" ', size, b"#define A ")),
    "define of one string": _one(lambda size: _fill(b"/..", size, b'#define A "', b'"')),
    "if of has_include": _one(
        lambda size: _fill(
            b"|| __has_include(<x>) " + b"|| 1 " * (size // 180), size, b"#if 0 ", b"\n#endif\n"
        )
    ),
    "if of many has_include": _one(
        lambda size: _fill(b"|| __has_include(<x>) ", size, b"#if 0 ", b"\n#endif\n")
    ),
    "pragma of words": _one(lambda size: _fill(b"x ", size, b"#pragma ")),
    "include of names": _one(lambda size: _fill(b'"a" ', size, b"#include ")),
    "include of quotes": _one(lambda size: _fill(b'"', size, b"#include ")),
    "include of angles": _one(lambda size: _fill(b"<", size, b"#include ")),
    "unknown directive": _one(lambda size: _fill(b"x ", size, b"#frob ")),
    # Many directives.
    "defines": _one(lambda size: _numbered(b"#define a%d system\n", size)),
    "defines of text": _one(lambda size: _numbered(b'#define a%d "/proc"\n', size)),
    "defines of one another": _one(lambda size: _numbered(b"#define a%d a%d b%d\n", size)),
    "defines in a chain": _one(lambda size: _chain(size, 1)),
    "defines that double": _one(lambda size: _chain(size, 16)),
    "defines of a refused name": _one(lambda size: _fill(b"#define system(x) x\n", size)),
    "undefs": _one(lambda size: _fill(b"#undef __has_x\n", size)),
    "pragmas": _one(lambda size: _fill(b"#pragma weak x\n", size)),
    "inert pragmas": _one(lambda size: _fill(b"#pragma omp\n", size)),
    "pragma operators": _one(lambda size: _fill(b'_Pragma("weak x")\n', size)),
    "includes": _one(lambda size: _numbered(b"#include <x%d.h>\n", size)),
    "includes like allowed ones": _one(lambda size: _numbered(b"#include <stdioo%d.h>\n", size)),
    "includes of long names": _one(
        lambda size: _numbered(b"#include <" + b"stdio.h" * 200 + b"%d>\n", size)
    ),
    "includes of long quoted names": _one(
        lambda size: _numbered(b'#include "' + b"../a/" * 200 + b'%d"\n', size)
    ),
    "include of one long name": _one(lambda size: _fill(b"a/../", size, b'#include "', b'"\n')),
    "computed includes": _one(lambda size: _fill(b"#include A\n", size)),
    "absolute includes": _one(lambda size: _numbered(b'#include "/etc/p%d"\n', size)),
    "FANN headers": _one(lambda size: _fill(b'#include "fann.h"\n#include <floatfann.h>\n', size)),
    "conditions around FANN headers": _one(
        lambda size: _numbered(
            b"#ifdef A%d\n#include <fann.h>\n#else\n#include <floatfann.h>\n#endif\n", size
        )
    ),
    "few conditions of many words": _one(
        lambda size: _fill(
            b"#if "
            + b"( 1 ) " * 8000
            + b"\n#include <fann.h>\n#else\n#include <floatfann.h>\n#endif\n",
            size,
        )
    ),
    "ifs": _one(lambda size: _fill(b"#if 1\n", size)),
    "dead ifs": _one(lambda size: _fill(b"#if 0\n", size)),
    "dead groups": _one(lambda size: _fill(b"#if 0\nsystem()\n#elif 0\n#endif\n", size)),
    "line markers": _one(lambda size: _fill(b"# 1\n", size)),
    "null directives": _one(lambda size: _fill(b"#\n", size)),
    "hashes": _one(lambda size: _fill(b"#", size)),
    "spliced hashes": _one(lambda size: _fill(b"\\\n#\\\n", size)),
    # Code.
    "refused words": _one(lambda size: _fill(b"system ", size)),
    "refused calls": _one(lambda size: _fill(b"system(a);\n", size)),
    "refused values": _one(lambda size: _fill(b"clone,", size, b"int ")),
    "refused pointers": _one(lambda size: _fill(b"* clone ,", size, b"int ")),
    "refused names in brackets": _one(lambda size: _fill(b"int clone(((", size)),
    "refused definitions": _one(lambda size: _fill(b"int clone(" + b"(a)" * 60 + b")", size)),
    "refused values, late": _one(
        lambda size: _fill(b"* fork,", size, b"system, " * 2000 + b";int ")
    ),
    "refused members": _one(lambda size: _fill(b"a.system ", size)),
    "refused labels": _one(lambda size: _fill(b";system:", size)),
    "assembly": _one(lambda size: _fill(b"asm(", size)),
    "attributes": _one(lambda size: _fill(b"__attribute__((section))", size)),
    "open attributes": _one(lambda size: _fill(b"__attribute__((", size)),
    "attributes of many names": _one(
        lambda size: _fill(b"__attribute__((" + b"a," * 90 + b"b))", size)
    ),
    "attributes in attributes": _one(
        lambda size: _fill(b"__attribute__((aligned(" * 20 + b"))" * 20 + b";\n", size)
    ),
    "bracketed attributes": _one(lambda size: _fill(b"[[gnu::section]]", size)),
    "alignments": _one(lambda size: _fill(b"__attribute__((aligned(9999)))", size)),
    "reserved names": _one(lambda size: _numbered(b"__stack_chk%d ", size)),
    "names with underscores": _one(lambda size: _numbered(b"_%d ", size)),
    "trigraphs": _one(lambda size: _fill(b"??=", size)),
    "question marks": _one(lambda size: _fill(b"?", size)),
    "brackets": _one(lambda size: _fill(b"(", size)),
    "braces": _one(lambda size: _fill(b"{", size)),
    "nested brackets": _one(lambda size: b"(" * (size // 2) + b")" * (size // 2)),
    "digraphs": _one(lambda size: _fill(b"<:<%%>:>", size)),
    "digraph hashes": _one(lambda size: _fill(b"%:%:", size)),
    "names": _one(lambda size: _numbered(b"a%d ", size)),
    "one name": _one(lambda size: _fill(b"a", size)),
    "UCNs": _one(lambda size: _fill(b"\\u0041", size)),
    "broken UCNs": _one(lambda size: _fill(b"\\u00", size)),
    "high bytes": _one(lambda size: _fill(b"\xff", size)),
    "astral characters": _one(lambda size: _fill("\U0001f600".encode(), size)),
    "numbers": _one(lambda size: _fill(b"1e+", size)),
    "dots": _one(lambda size: _fill(b".", size)),
    "backslashes": _one(lambda size: _fill(b"\\", size)),
    "splices": _one(lambda size: _fill(b"\\\n", size)),
    "wide splices": _one(lambda size: _fill(b"\\ \t", size)),
    "spliced words": _one(lambda size: _fill(b"sys\\\ntem(1);\n", size)),
    "spliced blanks": _one(lambda size: b"\\" + b" " * (size - 2) + b"x"),
    "blanks": _one(lambda size: _fill(b" ", size, b"", b"x")),
    "lines": _one(lambda size: _fill(b"\n", size)),
    "carriage returns": _one(lambda size: _fill(b"\r", size)),
    "NULs": _one(lambda size: _fill(b"\0", size)),
    "direction characters": _one(lambda size: _fill("\u202e".encode(), size)),
    "comments": _one(lambda size: _fill(b"/**/", size)),
    "open comments": _one(lambda size: _fill(b"/*", size)),
    "slashes": _one(lambda size: _fill(b"/", size)),
    "stars": _one(lambda size: _fill(b"*", size, b"/*")),
    "lines of comments": _one(lambda size: _fill(b"\n/**/ /**/", size)),
    "lines of open comments": _one(lambda size: _fill(b"\n/*", size)),
    "quotes": _one(lambda size: _fill(b'"', size)),
    "apostrophes": _one(lambda size: _fill(b"'", size)),
    "open literals": _one(lambda size: _fill(b'"a\n', size)),
    "escaped quotes": _one(lambda size: _fill(b'\\"', size)),
    "raw strings": _one(lambda size: _fill(b'R"(a)" ', size)),
    "raw strings in directives": _one(lambda size: _fill(b'#define A xR"(a)"\n', size)),
    "almost raw strings": _one(lambda size: _fill(b'"R" ', size)),
    "almost raw strings in one directive": _one(lambda size: _fill(b'"R" ', size, b"#define A ")),
    "prefixes": _one(lambda size: _fill(b"u8R", size)),
    # Literals that are paths.
    "paths": _one(lambda size: _fill(b'f("/proc/self");\n', size)),
    "opened paths": _one(lambda size: _fill(b'fopen("/x", 0);\n', size)),
    "literals joined": _one(lambda size: _fill(b'"/.." ', size)),
    "one path": _one(lambda size: _fill(b"../", size, b'"', b'"')),
    "one path down and up": _one(lambda size: _fill(b"a/../", size, b'"', b'"')),
    "paths between NULs": _one(lambda size: _fill(b"/a\\0", size, b'"', b'"')),
    "escapes": _one(lambda size: _fill(b"\\x2f", size, b'"/', b'"')),
    "one escape": _one(lambda size: _fill(b"2f", size, b'"/\\x', b'"')),
    "macros joined": _one(lambda size: _fill(b"A B ", size, b'#define A "/"\n#define B ".."\n')),
    "long macros joined": _one(
        lambda size: _fill(b"A ", size, b'#define A "' + b"/.." * 1300 + b'"\n')
    ),
    "long macros joined, apart": _one(
        lambda size: _fill(b"A A;", size, b'#define A "' + b"/.." * 1300 + b'"\n')
    ),
    "a huge macro, again and again": _one(
        lambda size: _fill(b"A A;", size, b'#define A "' + b"/.." * (size // 8) + b'"\n')
    ),
    # Many files.
    "many files": _files("f%d.c", b"system(1);\n"),
    "many headers": _files("deep/er/still/f%d.h", b'#include "f1.h"\n'),
    "many tiny files": lambda size: (
        {"main.c": b""} | {f"f{number}.h": b"fork();" for number in range(size // 512)}
    ),
    "deep names": lambda size: (
        {"main.c": b""}
        | {
            "/".join(["d"] * 90) + f"/f{number}.h": b'#include "../x.h"\n' * 20
            for number in range(size // 4096)
        }
    ),
    "includes from a deep folder": lambda size: {
        "main.c": b"",
        "/".join(["d"] * 90) + "/a.h": _numbered(b'#include "%d"\n', size),
    },
    "refused words in many files": _files("f%d.c", b"int clone((((;\n"),
    "including one another": _including,
}


def _chain(size: int, times: int) -> bytes:
    parts, left = [b'#define a0 "/.."\n'], size
    for number in count(1):
        part = b"#define a%d" % number + b" a%d" % (number - 1) * times + b"\n"
        left -= len(part)
        if left < 0:
            break
        parts.append(part)
    return b"".join(parts)
