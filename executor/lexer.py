"""C translation phases 1 to 3: one source file as gcc 12 reads it under ``-std=gnu17``.

How it works. Line ends become LF (gcc ends a line at CRLF, LF and at a bare CR),
then backslash-newlines are taken out, as gcc does before it looks at anything
else. One regular expression then cuts the whole text into *words*: identifiers,
numbers, literals, single punctuators, and whole directives, which a second one
cuts in the same way. White space and comments are skipped inside the expressions.

Every repetition is possessive and every literal and comment may end at its
line's or the text's end, so nothing backtracks and time grows with length only.
Places are worked out when somebody asks for one, as most sources are innocent.

What gcc drops, this drops: groups under a literal ``#if 0``. Other conditions are
not evaluated; both branches are read. Trigraphs are off in gnu17 and are words
of their own here, so that the policy can refuse what other compilers replace. Raw
strings are cut like plain ones, which is wrong on purpose: the policy refuses them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, chain
from typing import NamedTuple

_SPACE = r"[ \t\f\v]++"
_COMMENT = r"//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?+"
_BLANK = rf"(?:{_SPACE}|{_COMMENT})*+"
_HASH = r"(?:\#(?!\#)|%:(?!%:))"
_TEXT = r"(?:u8|[uUL])?+R?+\"(?:[^\"\\\n]++|\\[^\n])*+\"?+"
_CHARACTER = r"[uUL]?+'(?:[^'\\\n]++|\\[^\n])*+'?+"
_UCN = r"\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}"
_NAME = rf"(?:[A-Za-z_$\x80-\U0010ffff]|{_UCN})(?:[\w$\x80-\U0010ffff]|{_UCN})*+"
_NUMBER = r"\.?[0-9](?:[eEpP][+-]|[\w.$]|\\u[0-9a-fA-F]{4})*+"
_TRIGRAPH = r"\?\?(?:[='()!<>-]|/(?![/*]))"
_PUNCTUATOR = r"->|%:%:|\#\#|[<%]:|:>|<%|%>|\.\.\."
_WORD = f"{_TEXT}|{_CHARACTER}|{_NAME}|{_NUMBER}|{_TRIGRAPH}|{_PUNCTUATOR}|[^\\n]"
# After #include a quote is no string: a backslash escapes nothing, <a/*b> is no comment.
_HEADER_NAME = r"<[^>\n]*+>|\"[^\"\n]*+\""
_INCLUDING = rf"{_HASH}{_BLANK}(?:include|include_next|import)(?![\w$])"
_INCLUDE_HEAD = rf"{_INCLUDING}(?:{_BLANK}(?:{_HEADER_NAME}))*+"
# [^\n"'/] swallows a literal's prefix; harmless, as _LINE_WORDS cuts the directive again.
_REST = rf"(?:[^\n\"'/]++|{_TEXT}|{_CHARACTER}|{_COMMENT}|/)*+"
_DIRECTIVE = rf"\n{_BLANK}(?:{_INCLUDE_HEAD}|{_HASH}){_REST}"

_FILE_WORDS = re.compile(
    rf"(?:{_SPACE}|{_COMMENT}|\n(?!{_BLANK}{_HASH}))*+({_DIRECTIVE}|{_WORD}|\Z)", re.ASCII
)
_LINE_WORDS = re.compile(rf"(?:\n|{_SPACE}|{_COMMENT})*+({_WORD}|\Z)", re.ASCII)
_INCLUDE_WORDS = re.compile(rf"(?:\n|{_SPACE}|{_COMMENT})*+({_HEADER_NAME}|{_WORD}|\Z)", re.ASCII)
_INCLUDE_LINE = re.compile(rf"\n{_BLANK}{_INCLUDE_HEAD}", re.ASCII)
_DIRECTIVE_HEAD = re.compile(
    rf"\n{_BLANK}{_HASH}{_BLANK}({_WORD})({_BLANK}0{_BLANK}\Z)?+", re.ASCII
)
_FUNCTION_LIKE = re.compile(rf"\n{_BLANK}{_HASH}{_BLANK}define{_BLANK}(?:{_NAME})\(", re.ASCII)
_SHAPE = re.compile(
    rf"(?P<character>{_CHARACTER}$)|(?P<name>{_NAME})|(?P<number>{_NUMBER})|(?P<trigraph>\?\?.)",
    re.ASCII,
)
_SPLICE = re.compile(r"\\[ \t\f\v\0]*+(?:\n|\Z)")
_RAW = re.compile(r"(?:u8|[uUL])?R\"")
_UCNS = re.compile(_UCN)
_DIGRAPHS = {"<:": "[", ":>": "]", "<%": "{", "%>": "}", "%:": "#", "%:%:": "##"}
_CONDITIONALS = frozenset({"if", "ifdef", "ifndef", "elif", "elifdef", "elifndef", "else", "endif"})


class Kind(StrEnum):
    """What a word is."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    CHARACTER = "character"
    HEADER = "header"
    TRIGRAPH = "trigraph"
    PUNCTUATOR = "punctuator"


class Place(NamedTuple):
    """Where a word stands in the file as sent.

    Lines and columns count from 1, columns in characters; ``end_column`` is
    exclusive and stays on the word's first line.
    """

    line: int
    column: int
    end_column: int


class Token(NamedTuple):
    """One word with its place; ``directive`` names the directive it is part of."""

    kind: Kind
    text: str
    line: int
    column: int
    end_column: int
    directive: str | None

    @property
    def place(self) -> Place:
        return Place(self.line, self.column, self.end_column)


class Line:
    """One directive; ``name`` is "" for a bare ``#``, ``is_false`` marks ``#if 0``."""

    __slots__ = ("_source", "_spans", "_words", "index", "is_false", "name")

    def __init__(self, source: Source, index: int) -> None:
        self._source = source
        self.index = index
        self._words: list[str] | None = None
        self._spans: list[tuple[int, int]] | None = None
        found = _DIRECTIVE_HEAD.match(source.lexeme(index))
        self.name = found[1] if found else ""
        self.is_false = bool(found and found[2]) and self.name in ("if", "elif")

    @property
    def text(self) -> str:
        """The directive as written, splices taken out."""
        return self._source.lexeme(self.index)

    @property
    def is_function_like(self) -> bool:
        """Whether it defines a macro with parameters: the bracket touches the name."""
        return bool(_FUNCTION_LIKE.match(self.text))

    @property
    def words(self) -> list[str]:
        """The directive's words, from ``#`` on; cut when first asked for, as few are."""
        if self._words is None:
            line = self.text
            head = _head_end(line)
            words = _cut(_LINE_WORDS, line[head:] if head else line)
            if head:
                words = _cut(_INCLUDE_WORDS, line[:head]) + words
            self._words = _canonical(words, line)
        return self._words

    def place(self, index: int) -> Place:
        """Return the place of ``words[index]``.

        All spans are computed on the first call, so many findings in one directive
        cost no more than one.
        """
        if self._spans is None:
            line = self.text
            head = _head_end(line)
            found = chain(_INCLUDE_WORDS.finditer(line, 0, head), _LINE_WORDS.finditer(line, head))
            self._spans = [word.span(1) for word in found if word[1]]
        start = self._source.lexeme_span(self.index)[0]
        begin, end = self._spans[index]
        return self._source.place_between(start + begin, start + end)


class Source:
    """One file: ``words`` outside directives, and ``directives``, both without dead groups."""

    def __init__(self, data: bytes) -> None:
        physical = data.decode("utf-8", "replace").removeprefix("\ufeff")
        if "\r" in physical:
            physical = physical.replace("\r\n", "\n").replace("\r", "\n")
        # The leading newline lets "a directive starts after a newline" hold for line 1 too.
        self._physical = "\n" + physical
        self._splices = list(_SPLICE.finditer(self._physical)) if "\\" in physical else []
        self.text = _SPLICE.sub("", self._physical) if self._splices else self._physical
        # findall() is twice as fast, but keeps every other thread waiting until it is done.
        lexemes = [found[1] for found in _FILE_WORDS.finditer(self.text)]
        self._lexemes = _without_empty_end(lexemes)
        self.directives: list[Line] = []
        self._live: list[range] = []
        self._separate()
        code = [word for live in self._live for word in self._lexemes[live.start : live.stop]]
        self.words = _canonical(code, self.text)

    def _separate(self) -> None:
        """Tell directives from code, and drop what stands under ``#if 0``."""
        group = _DeadGroup()
        start = 0
        for index in [i for i, lexeme in enumerate(self._lexemes) if lexeme[0] == "\n"]:
            if not group.dead and index > start:
                self._live.append(range(start, index))
            line = Line(self, index)
            if not group.drops(line):
                self.directives.append(line)
            start = index + 1
        if not group.dead and len(self._lexemes) > start:
            self._live.append(range(start, len(self._lexemes)))

    def place(self, index: int) -> Place:
        """Where ``words[index]`` stands."""
        block = bisect_right(self._live_starts, index) - 1
        lexeme = self._live[block].start + index - self._live_starts[block]
        return self.place_between(*self.lexeme_span(lexeme))

    def lexeme(self, index: int) -> str:
        return self._lexemes[index]

    def lexeme_span(self, index: int) -> tuple[int, int]:
        start = self._lexeme_starts[index]
        return start, start + len(self._lexemes[index])

    def place_between(self, start: int, end: int) -> Place:
        """The place of ``text[start:end]``."""
        first = self._physical_offset(start)
        last = max(self._physical_offset(end - 1) + 1, first)
        line = bisect_right(self._line_starts, first) - 1
        line_end = self._line_starts[line + 1] - 1 if line + 1 < len(self._line_starts) else last
        begin = self._line_starts[line]
        return Place(line + 1, first - begin + 1, max(min(last, line_end), first) - begin + 1)

    def place_at(self, offset: int) -> Place:
        """The place of one character of the file as sent, decoded and with LF line ends."""
        line = bisect_right(self._line_starts, offset + 1) - 1
        column = offset + 2 - self._line_starts[line]
        return Place(line + 1, column, column + 1)

    def raw_string(self) -> Place | None:
        """Where the first raw string literal stands, in whatever group or directive.

        gcc takes these in gnu17; behind one, this lexer no longer knows where code is.
        """
        if 'R"' not in self.text:
            return None
        lines = {line.index: line for line in self.directives}
        for index, lexeme in enumerate(self._lexemes):
            if lexeme[0] == "\n":
                line = lines.get(index) or Line(self, index)
                words = line.words if 'R"' in lexeme else []
            else:
                words = [lexeme]
            if any(_RAW.match(word) for word in words):
                return self.place_between(*self.lexeme_span(index))
        return None

    @property
    def physical(self) -> str:
        """The file as sent, decoded and with LF line ends."""
        return self._physical[1:]

    @cached_property
    def _live_starts(self) -> list[int]:
        return [0, *accumulate(len(live) for live in self._live)][:-1]

    @cached_property
    def _lexeme_starts(self) -> list[int]:
        return [found.start(1) for found in _FILE_WORDS.finditer(self.text)]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [found.end() for found in re.finditer("\n", self._physical)]

    @cached_property
    def _splice_starts(self) -> list[int]:
        """Where in ``text`` each splice was taken out."""
        removed = accumulate((len(found[0]) for found in self._splices), initial=0)
        return [found.start() - gone for found, gone in zip(self._splices, removed, strict=False)]

    @cached_property
    def _splice_lengths(self) -> list[int]:
        return list(accumulate((len(found[0]) for found in self._splices), initial=0))

    def _physical_offset(self, offset: int) -> int:
        return offset + self._splice_lengths[bisect_right(self._splice_starts, offset)]


class _DeadGroup:
    """Whether the directives read so far leave us in a group that a literal 0 switches off."""

    def __init__(self) -> None:
        self.dead = False
        self._depth = 0

    def drops(self, line: Line) -> bool:
        """Read the next directive; say whether it is itself dropped."""
        if not self.dead:
            self.dead = line.is_false
            return False
        if line.name not in _CONDITIONALS:
            # Newer compilers read a header name there even when they skip the group.
            return line.name != "embed"
        if line.name in ("if", "ifdef", "ifndef"):
            self._depth += 1
        elif self._depth and line.name == "endif":
            self._depth -= 1
        elif not self._depth:
            # An #elif after the group is read as code, whatever its condition.
            self.dead = line.is_false
            return False
        return True


def tokens(source: bytes) -> Iterator[Token]:
    """Every word of a source with its place, in the order in which they stand."""
    parsed = Source(source)
    code = (
        Token(kind(word), word, *parsed.place(index), None)
        for index, word in enumerate(parsed.words)
    )
    directives = (
        Token(kind(word, line.name), word, *line.place(index), line.name)
        for line in parsed.directives
        for index, word in enumerate(line.words)
    )
    yield from sorted([*code, *directives], key=lambda token: (token.line, token.column))


def words_of(text: str) -> list[str]:
    """Return the words of a text without directives, such as the rest of a ``#pragma``."""
    return _canonical(_cut(_LINE_WORDS, text), text)


def kind(word: str, directive: str = "") -> Kind:
    """What ``word`` is; in an including directive a quote starts a header name."""
    if directive in ("include", "include_next", "import") and word[0] in '<"':
        return Kind.HEADER if len(word) > 1 else Kind.PUNCTUATOR
    if is_string(word):
        return Kind.STRING
    shape = _SHAPE.match(word)
    return Kind(shape.lastgroup) if shape and shape.lastgroup else Kind.PUNCTUATOR


def is_string(word: str) -> bool:
    """Whether ``word`` is a string literal that ends, with any prefix."""
    return word[-1] == '"' and len(word) > 1 and word[0] in '"uULR'


def _cut(pattern: re.Pattern[str], text: str) -> list[str]:
    return _without_empty_end(pattern.findall(text))


def _without_empty_end(words: list[str]) -> list[str]:
    """All words but the empty ones with which the expressions reach a text's end."""
    while words and not words[-1]:
        words.pop()
    return words


def _head_end(line: str) -> int:
    """How far an including directive's header names reach; 0 for other directives."""
    found = _INCLUDE_LINE.match(line)
    return found.end() if found else 0


def _canonical(words: list[str], text: str) -> list[str]:
    """Digraphs as what they mean, universal character names in identifiers as characters."""
    if ":" in text or "%" in text:
        words = [_DIGRAPHS.get(word, word) for word in words]
    if "\\" in text and _UCNS.search(text):
        words = [_named(word) if "\\" in word and word[-1] not in "\"'" else word for word in words]
    return words


def _named(word: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = int(found[0][2:], 16)
        return chr(code) if code < 0x110000 else found[0]

    return _UCNS.sub(character, word)
