"""Which refused names a project uses for things of its own.

A student's ``Node *clone(Node *n) {`` or ``enum { push, exec }`` is no call to
libc. This reads C only as far as that needs, and errs towards silence: the link
check names whatever is left undefined in the object.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_REACH = 200
"""How many words a look around a name goes; keeps a hostile source linear."""
_LOOKS = 2000
"""How many names of one project are looked at, for the same reason."""
_NOT_TYPES = frozenset({"return", "else", "case", "goto", "do", "sizeof", "default"})


@dataclass(slots=True)
class Declared:
    """The project's own functions (and function pointers), and its variables and the like."""

    functions: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    _looks: int = 0

    def read_macro(self, words: Sequence[str]) -> None:
        """Look at a ``#define``, ``#`` first: from there on the name is not the library's."""
        if words[2] not in words[3:]:
            self.functions.add(words[2])

    def read(self, words: Sequence[str], hits: Iterable[int]) -> None:
        """Look at each of ``hits``, the places of refused names in one source's ``words``."""
        for index in hits:
            name = words[index]
            if self._looks == _LOOKS:
                return
            if name in self.functions:
                continue
            self._looks += 1
            if _defines_function(words, index) or _declares_pointer(words, index, ")("):
                self.functions.add(name)
            elif name not in self.values and declares_value(words, index):
                self.values.add(name)


def word_at(words: Sequence[str], index: int) -> str:
    """A word, or ";" beyond either end."""
    return words[index] if 0 <= index < len(words) else ";"


def is_type(word: str) -> bool:
    """Whether a name can follow ``word`` as what is declared."""
    return (word[0].isalpha() or word[0] == "_") and word[-1] != '"' and word not in _NOT_TYPES


def declares_value(words: Sequence[str], index: int) -> bool:
    """Whether ``words[index]`` is being declared: variable, parameter, member or enumerator."""
    before, after = word_at(words, index - 1), word_at(words, index + 1)
    if after not in (";", "=", ",", "[", ")", ":", "}"):
        return False
    if is_type(before) or _declares_pointer(words, index, "["):
        return True
    if before == "}":
        return after in (";", "=", ",", "[")
    if before not in ("*", ",", "{"):
        return False
    start = _statement_start(words, index)
    first, second = word_at(words, start + 1), word_at(words, start + 2)
    if word_at(words, start) == "{" and "enum" in words[max(start - 2, 0) : start]:
        return True
    # Inside parentheses each parameter brings its own type.
    if word_at(words, start) == "(":
        return before == "*" and is_type(word_at(words, index - 2))
    return before != "{" and is_type(first) and (is_type(second) or second == "*")


def _statement_start(words: Sequence[str], index: int) -> int:
    """Where the nearest ``;``, ``{``, ``}`` or unclosed ``(`` stands before ``index``."""
    depth = 0
    for place in range(index - 1, max(index - _REACH, -1), -1):
        word = words[place]
        if word in ")]":
            depth += 1
        elif depth and word in "([":
            depth -= 1
        elif word in ("(", "[", ";", "{", "}"):
            return place
    return max(index - _REACH, -1)


def _defines_function(words: Sequence[str], index: int) -> bool:
    """``type name ( … ) {``: nothing but a definition has a brace right after the parameters."""
    before = word_at(words, index - 1)
    if word_at(words, index + 1) != "(" or not (is_type(before) or before == "*"):
        return False
    depth = 0
    for place in range(index + 1, min(index + _REACH, len(words))):
        depth += (words[place] == "(") - (words[place] == ")")
        if depth == 0:
            return word_at(words, place + 1) == "{"
    return False


def _declares_pointer(words: Sequence[str], index: int, behind: str) -> bool:
    """``type ( * name`` and what stands ``behind``: ``)(`` or, of an array of pointers, ``[``."""
    around = [word_at(words, index + step) for step in (-2, -1, *range(1, 1 + len(behind)))]
    return around == ["(", "*", *behind] and is_type(word_at(words, index - 3))
