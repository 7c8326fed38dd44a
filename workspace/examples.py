"""The examples, as they lie in ``examples/``: a folder each.

Beside its files there is an ``example.toml``: how it is told and run, and what
it prints when it works, which ``tests/examples`` holds it to.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from workspace.refused import not_there

FOLDER = Path(__file__).with_name("examples")
_ABOUT = "example.toml"


@dataclass(frozen=True, slots=True)
class Example:
    """One example; ``recipe`` holds the fields of ``Program`` that its project begins with."""

    slug: str
    title: str
    summary: str
    recipe: dict[str, Any]
    files: dict[str, bytes]
    order: int


@lru_cache
def all_examples() -> tuple[Example, ...]:
    """In the order in which they are told."""
    found = [_read(path.parent) for path in FOLDER.glob(f"*/{_ABOUT}")]
    return tuple(sorted(found, key=lambda example: example.order))


def find(slug: str) -> Example:
    """Raises :class:`Refused` when there is none of this name."""
    for example in all_examples():
        if example.slug == slug:
            return example
    raise not_there("example")


def _read(folder: Path) -> Example:
    about = tomllib.loads((folder / _ABOUT).read_text())
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != _ABOUT
    }
    recipe = {
        "name": about["title"],
        "main": about["main"],
        "args": about.get("args", []),
        "stdin": about.get("stdin", "").encode(),
    }
    return Example(folder.name, about["title"], about["summary"], recipe, files, about["order"])
