"""Which files a source may include."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from posixpath import dirname, join, normpath
from typing import NamedTuple

from executor.rulebook import Rulebook


class Include(NamedTuple):
    """One ``#include`` with its header name written out."""

    name: str
    quoted: bool


def included(words: Sequence[str]) -> Include | None:
    """What a directive's words include; None if the name is computed or does not end.

    “./doublefann.h” is doublefann.h: gcc resolves it in the library's folders as well.
    """
    header = words[2] if len(words) > 2 else ""
    if len(header) > 2 and (header[0], header[-1]) in (('"', '"'), ("<", ">")):
        return Include(normpath(header[1:-1]), header[0] == '"')
    return None


def target(include: Include, file: str) -> str:
    """The project file that an include in ``file`` means, relative to the root."""
    return normpath(join(dirname(file), include.name))


def broken_rule(include: Include, file: str, files: Collection[str], book: Rulebook) -> str | None:
    """The rule that an include in ``file`` breaks; ``files`` are the project's."""
    name = include.name
    if name.startswith("/"):
        return "absolute-include"
    if name in book.allowed:
        return None
    if target(include, file).split("/")[0] == "..":
        return "include-outside-project"
    if include.quoted and target(include, file) in files:
        return None
    if name in book.dangerous or name.split("/")[0] in book.dangerous_folders:
        return "dangerous-header"
    # A quoted name that nobody knows is a missing file, and gcc's to say.
    return "header-not-allowed" if not include.quoted or name in book.known_headers else None


def message_values(
    include: Include, file: str, files: Collection[str], book: Rulebook
) -> dict[str, str]:
    """What the message about a refused include needs to know."""
    return {"name": include.name, "suggestion": _hint(include, file, files, book)}


def _hint(include: Include, file: str, files: Collection[str], book: Rulebook) -> str:
    """What to write instead; "" leaves it to the rule."""
    name = include.name
    if name.startswith("/") or ".." in name.split("/"):
        return ""
    if target(include, file) in files:
        return f'It is a file of your project: write #include "{name}".'
    if name in book.profile_headers["extended"]:
        return (
            f"<{name}> is part of the extended profile, which is off here. "
            "Ask the administrator to turn it on."
        )
    if name in book.header_hints:
        return book.header_hints[name]
    if name in book.dangerous or name in book.known_headers:
        return ""  # an existing header is not a misspelling of another one
    near = get_close_matches(name, sorted(book.allowed), n=1, cutoff=0.75)
    return f"Did you mean <{near[0]}>?" if near else ""
