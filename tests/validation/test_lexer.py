"""The lexer sees what gcc sees, knows where it stands, and never stalls."""

import random
import shutil
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from executor.lexer import Kind, Source, tokens

MEBIBYTE = 1 << 20
FRAGMENTS = [
    *("system", "a1", " ", "\t", "\f", "\n", "\r", "\r\n", ";", "(", ")", "{", "}", ".", "->"),
    *("/", "*", "/*", "*/", "//", '"', "'", "\\", "\\\n", "\\ \n", "\\\r\n", '"a"', "'a'"),
    *('u8"', 'L"', 'R"(', ')"', "#", "##", "%:", "%:%:", "<:", ":>", "<%", "%>", "??=", "??/"),
    *("1e+", ".5", "0x", "\\u00e9", "\\U000000e9", "é", "…", "\0", "\x80", "\ufeff"),
    *("#if 0\n", "#if 1\n", "#else\n", "#elif 0\n", "#endif\n", "#define x ", "#include <", "%:"),
]
sources = st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join)


def words(text):
    return [token.text for token in tokens(text.encode())]


def placed(text, word):
    return [t.place[:] for t in tokens(text.encode()) if t.text == word]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a+++b", ["a", "+", "+", "+", "b"]),
        ("a->b...", ["a", "->", "b", "..."]),
        ("x = 0x1e+1;", ["x", "=", "0x1e+1", ";"]),
        ('L"a" u8"b" U"c"', ['L"a"', 'u8"b"', 'U"c"']),
        ('"a\\"b" c', ['"a\\"b"', "c"]),
        ('"open\nnext', ['"open', "next"]),
        ("a /* b", ["a"]),
        ("/* /* */ a", ["a"]),
        ("/\\\n* hidden *\\\n/ a", ["a"]),
        ("/\\\n/ hidden \\\n hidden\na", ["a"]),
        ("// hidden\ra", ["a"]),
        ("<% <: :> %> %: %:%:", ["{", "[", "]", "}", "#", "##"]),
        ("??= ??/ ??<", ["??=", "??/", "??<"]),
        ("#include <a/*b> c", ["#", "include", "<a/*b>", "c"]),
        ('#include "a\\" c', ["#", "include", '"a\\"', "c"]),
        ("#define A 'it' /* x\n y */ B\nC", ["#", "define", "A", "'it'", "B", "C"]),
        ("a # b", ["a", "#", "b"]),
        ("#if 0\nx ' /* \n#if 1\ny\n#endif\n#else\nz", ["#", "if", "0", "#", "else", "z"]),
        ("#if 00\nx\n#endif", ["#", "if", "00", "x", "#", "endif"]),
        ("\\u00e9t\\U000000e9", ["été"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_into_the_words_of_c(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("a", "a", (1, 1, 2)),
        ("\n  ab;", "ab", (2, 3, 5)),
        ("x\r\ny\rab", "ab", (3, 1, 3)),
        ("a\\\nb c", "ab", (1, 1, 3)),
        ("a\\\nb c", "c", (2, 3, 4)),
        ("é… \ufeffab", "ab", None),
        ("é… ab", "ab", (1, 4, 6)),
        ("\ufeffab", "ab", (1, 1, 3)),
        ("/* \n\n */ ab", "ab", (3, 5, 7)),
        ("#  define ab 1", "ab", (1, 11, 13)),
        ("x;\n#define \\\n  ab 1", "ab", (3, 3, 5)),
        ('#include <x> // \n  "ab"', '"ab"', (2, 3, 7)),
        ("#if 0\nq\n#endif\nab", "ab", (4, 1, 3)),
    ],
)
def test_every_word_knows_its_place_in_the_file_as_sent(text, word, place):
    assert placed(text, word) == ([place] if place else [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("name", Kind.NAME),
        ("_x", Kind.NAME),
        ("12", Kind.NUMBER),
        (".5", Kind.NUMBER),
        ('u8"x"', Kind.STRING),
        ("L'x'", Kind.CHARACTER),
        ("??=", Kind.TRIGRAPH),
        ("->", Kind.PUNCTUATOR),
    ],
)
def test_every_word_has_a_kind(text, kind):
    assert [token.kind for token in tokens(text.encode())] == [kind]


@given(sources)
@example("\\")
@example("\\\n")
@example("#\\\n")
@example("#if 0")
def test_any_text_is_read_with_places_inside_it_and_in_order(text):
    lines = ("x" + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = list(tokens(text.encode("utf-8", "surrogatepass")))
    assert [(t.line, t.column) for t in found] == sorted((t.line, t.column) for t in found)
    for token in found:
        assert 1 <= token.line <= len(lines)
        assert 1 <= token.column <= token.end_column <= len(lines[token.line - 1]) + 1


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data):
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert all(1 <= token.line <= lines for token in tokens(data))


@pytest.mark.parametrize(
    "fragment",
    [
        *("'a\\", '"', "'", "/*", "/**", "//", "/", "\\", "\\\n", "\\ \n", "#", "#\n", "#a\n"),
        *("#if 0\n", "#if\n", "\n", "\r", "\n/**/", "\n/**/#", "/*\n", "#/*\n", "#include <"),
        *('#include "a', "#include <a>\n", 'R"(', '""', '"\\\n', "??/", "\\u", "<", "(", "1e+"),
    ],
)
def test_a_mebibyte_of_any_fragment_is_read_without_stalling(fragment):
    # A quadratic lexer needs hours here, so that the suite's own time limit would show it.
    source = Source((fragment * (MEBIBYTE // len(fragment))).encode())
    if source.words:
        assert source.place(len(source.words) - 1).line >= 1


def _gcc_words(text):
    """What gcc's preprocessor leaves of a text, or None where gcc refuses it."""
    command = ["gcc", "-std=gnu17", "-w", "-E", "-P", "-nostdinc", "-undef", "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=20)
    # In a group that is not read gcc keeps quiet about what it would refuse elsewhere.
    return None if done.returncode else Source(done.stdout).words


@pytest.mark.skipif(not shutil.which("gcc"), reason="needs gcc on this machine")
def test_gcc_reads_random_texts_in_the_same_way():
    # Without what gcc carries out instead of copying it, what the policy refuses (raw strings,
    # NUL), and lone backslashes, which gcc moves to a line's end where they would splice.
    left_out = ("R", "\0", "#def", "#inc", "\\u", "\\U")
    pieces = [p for p in FRAGMENTS if not p.startswith(left_out) and p != "\\"]
    chance = random.Random(7)
    compared = 0
    for _ in range(150):
        text = "".join(chance.choices(pieces, k=12))
        expected = _gcc_words(text)
        if expected is not None:
            compared += 1
            assert Source(text.encode()).words == expected, text
    assert compared > 50


settings.register_profile("quick", deadline=None, max_examples=100)
settings.load_profile("quick")
