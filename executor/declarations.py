"""What the editor says of the functions and constants that a program may use.

The declarations come from the headers of the sandbox image itself, written down
when it was built (``sandbox/declarations.awk``); FANN's sentences are those of
its headers, the C library's are in ``library.txt``. What has no sentence is left
out: the headers hold twice as many names that nobody looks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from executor.policy import Policy

_SENTENCES = Path(__file__).with_name("library.txt")
_VARIANTS = {"f": "float", "l": "long double"}
_VARYING_HEADERS = ("math.h", "complex.h")


@dataclass(frozen=True, slots=True)
class Declaration:
    """A function or a constant; ``text`` is its prototype or its value."""

    name: str
    header: str
    text: str
    sentence: str


def declarations(listing: str, policy: Policy) -> list[Declaration]:
    """Those of an image's ``listing`` that ``policy`` allows, by name.

    ``listing`` has a line for each, ``header TAB name TAB text TAB sentence``.
    """
    rows = (line.split("\t") for line in listing.splitlines())
    told = [_told(*row) for row in rows if len(row) == 4]
    return sorted(_allowed(filter(None, told), policy), key=lambda one: one.name)


def _told(header: str, name: str, text: str, sentence: str) -> Declaration | None:
    sentence = sentence or _sentence(name, header)
    return Declaration(name, header, text, sentence) if sentence else None


def _allowed(told: Iterable[Declaration], policy: Policy) -> Iterable[Declaration]:
    for one in told:
        is_function = "(" in one.text and one.name in one.text
        if one.header in policy.headers and (not is_function or one.name in policy.link_symbols):
            yield one


def _sentence(name: str, header: str) -> str:
    sentences = _sentences()
    if name in sentences:
        return sentences[name]
    kind = _VARIANTS.get(name[-1]) if header in _VARYING_HEADERS else None
    plain = sentences.get(name[:-1], "") if kind else ""
    return f"{plain} For {kind}." if plain else ""


@cache
def _sentences() -> dict[str, str]:
    lines = _SENTENCES.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    return dict(pairs)
