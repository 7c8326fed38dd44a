"""Which directives of a file the compiler gets to, as far as its ``#ifdef`` lines say.

Only what a person writes to choose between two headers is understood: ``#ifdef``, ``#ifndef``,
``defined``, numbers and macros that stand for one. Of anything else the answer is None, as it
is for macros that something other than the file itself may define.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from executor.lexer import Line

_OPENING = ("if", "ifdef", "ifndef")
_NEXT = {"elif": "if", "elifdef": "ifdef", "elifndef": "ifndef"}
_UNDEFINED = "\0"
_GNU = frozenset({"linux", "unix"})


class _Branch(NamedTuple):
    """One branch of an ``#if``: whether it is reached, and whether one before it was."""

    outer: bool | None
    now: bool | None
    taken: bool | None

    def next(self, truth: bool | None) -> _Branch:
        return _Branch(self.outer, _both(_not(self.taken), truth), _either(self.taken, truth))


def reached(
    lines: Iterable[Line], is_foreign: Callable[[str], bool]
) -> Iterator[tuple[Line, bool | None]]:
    """Each directive of a file, and whether the compiler gets to it; None is not known.

    ``is_foreign`` says of a macro that other files define it, or that it is undefined somewhere.
    """
    macros: dict[str, str | None] = {}
    branches: list[_Branch] = []
    live: bool | None = True
    for line in lines:
        if line.name in _OPENING:
            truth = _truth(line.name, line.words[2:], macros, is_foreign)
            branches.append(_Branch(live, truth, truth))
        elif branches and (line.name in _NEXT or line.name == "else"):
            name = _NEXT.get(line.name)
            truth = not name or _truth(name, line.words[2:], macros, is_foreign)
            branches[-1] = branches[-1].next(truth)
        elif branches and line.name == "endif":
            live = branches.pop().outer
        if branches:
            live = _both(branches[-1].outer, branches[-1].now)
        if line.name == "define" and live is not False and len(line.words) > 2:
            macros[line.words[2]] = "".join(line.words[3:5]) if live else None
        yield line, live


def _truth(
    name: str,
    words: Sequence[str],
    macros: Mapping[str, str | None],
    is_foreign: Callable[[str], bool],
) -> bool | None:
    def value(word: str) -> str | None:
        return word if word.isdigit() else _value(word, macros, is_foreign)

    match [name, *(word for word in words if word not in "()")]:
        case ["ifdef", word] | ["if", "defined", word]:
            return _is_defined(value(word))
        case ["ifndef", word] | ["if", "!", "defined", word]:
            return _not(_is_defined(value(word)))
        case ["if", word]:
            return _is_true(value(word))
        case ["if", "!", word]:
            return _not(_is_true(value(word)))
    return None


def _value(
    name: str, macros: Mapping[str, str | None], is_foreign: Callable[[str], bool]
) -> str | None:
    # Names with an underscore in front are the compiler's and the library's, and so are these.
    if not name.isidentifier() or name[0] == "_" or name in _GNU or is_foreign(name):
        return None
    return macros.get(name, _UNDEFINED)


def _is_defined(value: str | None) -> bool | None:
    return None if value is None else value != _UNDEFINED


def _is_true(value: str | None) -> bool | None:
    if value == _UNDEFINED:
        return False
    return value.strip("0") != "" if value and value.isdigit() else None


def _not(one: bool | None) -> bool | None:
    return None if one is None else not one


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None


def _either(one: bool | None, other: bool | None) -> bool | None:
    return _not(_both(_not(one), _not(other)))
