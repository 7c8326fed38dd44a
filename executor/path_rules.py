"""Which string literals are paths, and where they lead.

Literals are joined and decoded as gcc does, then *resolved* against the folder
that the program starts in; nothing is matched by text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from posixpath import join, normpath

from executor.lexer import is_string
from executor.rulebook import Rulebook, TooCostly

_ESCAPE = re.compile(
    r"\\(?:x(?P<hex>[0-9a-fA-F]+)|(?P<octal>[0-7]{1,3})"
    r"|u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|(?P<plain>.))",
    re.DOTALL,
)
_PLAIN = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_PATH_CHARACTERS = 4096
_MACRO_WORDS = 16
_EXPANDED_CHARACTERS = 4 << 20
"""How much text the macros of one project may add to joined literals."""


def literal_value(word: str) -> str:
    """What a string literal stands for, without prefix, quotes and escapes."""
    prefix, _, body = word.partition('"')
    body = body.removesuffix('"')
    if prefix.endswith("R"):
        return body.partition("(")[2].rpartition(")")[0]
    return _ESCAPE.sub(_character, body) if "\\" in body else body


def _character(found: re.Match[str]) -> str:
    if found["plain"]:
        return _PLAIN.get(found["plain"], found["plain"])
    if found["octal"]:
        return chr(int(found["octal"], 8))
    if found["hex"]:
        # gcc refuses a value over 0xff; the last two digits are what other compilers keep.
        return chr(int(found["hex"][-2:], 16))
    code = int(found["short"] or found["long"], 16)
    return chr(code) if code < 0x110000 else ""


class TextMacros:
    """Object-like macros that stand for text, as they take part in joining literals."""

    def __init__(self) -> None:
        self._bodies: dict[str, list[str]] = {}
        self._values: dict[str, str | None] = {}
        self._expanded = 0

    def define(self, words: Sequence[str]) -> None:
        """Note a ``#define`` directive's words, ``#`` first; a later definition wins."""
        body = words[3 : 4 + _MACRO_WORDS]
        if not 0 < len(body) <= _MACRO_WORDS:
            return
        if all(is_string(word) or word[0].isalpha() or word[0] == "_" for word in body):
            self._bodies[words[2]] = list(body)

    def names(self) -> frozenset[str]:
        """The macros that really stand for text, all definitions known."""
        return frozenset(name for name in self._bodies if self._value(name) is not None)

    def text(self, words: Iterable[str]) -> str:
        """Return the text of adjacent literals and macros.

        Raises :class:`TooCostly` if macros expand to far more text than was written.
        """
        return "".join(literal_value(w) if is_string(w) else self._expansion(w) for w in words)

    def _expansion(self, name: str) -> str:
        value = self._value(name) or ""
        self._expanded += len(value)
        if self._expanded > _EXPANDED_CHARACTERS:
            limit = f"{_EXPANDED_CHARACTERS:,}"
            raise TooCostly(f"its text macros stand for more than {limit} characters")
        return value

    def _value(self, name: str, depth: int = 0) -> str | None:
        if name in self._values:
            return self._values[name]
        if name not in self._bodies or depth > _MACRO_WORDS:
            return None
        self._values[name] = None  # a macro that names itself stands for nothing
        value = ""
        for word in self._bodies[name]:
            part = literal_value(word) if is_string(word) else self._value(word, depth + 1)
            if part is None:
                return None
            if len(value) < _PATH_CHARACTERS:
                value = (value + part)[:_PATH_CHARACTERS]
        self._values[name] = value
        return value


def joined(words: Sequence[str], macros: frozenset[str], first: int = 0) -> Iterator[range]:
    """Runs of adjacent literals and text macros that hold at least one literal or two macros.

    They begin at ``first``: the name in a ``#define`` is no use of the macro.
    """
    run = range(0)
    for index in range(first, len(words)):
        word = words[index]
        if word[-1] != '"' and word not in macros:
            continue
        if not run or index != run.stop:
            yield from _worth_reading(words, run)
            run = range(index, index)
        run = range(run.start, index + 1)
    yield from _worth_reading(words, run)


def _worth_reading(words: Sequence[str], run: range) -> Iterator[range]:
    # A macro alone was read where it is defined.
    if len(run) > 1 or (run and is_string(words[run.start])):
        yield run


def broken_rule(text: str, folder: str, opened: bool, book: Rulebook) -> str | None:
    """The rule that ``text`` breaks when it is used as a path from ``folder``.

    ``opened`` says that it is handed to a function that opens files, so that
    any absolute path is meant as one. Text after a NUL is looked at as well.
    """
    for path in text.split("\0"):
        if path.startswith("/"):
            rule = _absolute(path, opened, book)
        else:
            rule = _relative(path, folder, book)
        if rule:
            return rule
    return None


def _absolute(path: str, opened: bool, book: Rulebook) -> str | None:
    first = normpath("/" + path.lstrip("/")).split("/")[1]
    if first in book.system_folders:
        return "system-path"
    return "path-traversal" if first in book.host_folders or (opened and first) else None


def _relative(path: str, folder: str, book: Rulebook) -> str | None:
    if "/" not in path or ".." not in path.split("/"):
        return None
    parts = normpath(join(folder, path)).split("/")
    if parts[0] != "..":
        return None
    reached = next((part for part in parts if part != ".."), "")
    return "system-path" if reached in book.system_folders else "path-traversal"


def opens_file(words: Sequence[str], index: int, openers: frozenset[str]) -> bool:
    """Whether ``words[index]`` is the first argument of a function that opens files."""
    return index > 1 and words[index - 1] == "(" and words[index - 2] in openers


def suggestion(words: Sequence[str], run: range, book: Rulebook) -> str:
    """Return what to write instead of the path at ``run``; "" for the rule's own text."""
    if not opens_file(words, run.start, book.openers):
        return ""
    if words[run.start - 2] in book.namers:
        return 'Name a file of the project instead, such as "data.txt".'
    comma, mode = words[run.stop : run.stop + 2] if len(words) > run.stop + 1 else ("", "")
    if comma == "," and is_string(mode) and any(letter in mode for letter in "wa+"):
        return 'Write to a file of the project instead: fopen("result.txt", "w").'
    return ""
