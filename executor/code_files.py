"""Decide which files of a project the compiler may read, from the submission alone.

Theory of operation
-------------------
C files are code by their names. Any other file is code once an ``#include`` of code may mean it:
``#include "xor.data"`` of numbers is honest C. What is not code is put into the project only
after the compile, so the answer here need not be exact: a file too many is hashed, judged
and kept like code, and a file too few is one that the compiler does not find.

So nothing is parsed. Every ``include``, wherever it stands, and what is in quotes or angles behind
it counts, with joined lines and short comments out of the way. It takes linear time, which
lexing would, too, but a hundred times less of it: this is done before a submission is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from posixpath import dirname, join, normpath

SOURCE_SUFFIXES = (".c", ".h", ".inc", ".def")
_JOINED = re.compile(rb"\\[ \t\v\f\0]*+\r?\n")
# Possessive and bounded, so that nothing is looked at more than a few times, wherever the next one
# begins; the name is in a lookahead, so that no include hides another.
_NAMED = re.compile(
    rb"(?:include|include_next|import|embed)"
    rb"(?:[ \t\v\f\r\0]++|/\*[^*]{0,100}+\*/){0,9}+"
    rb'(?=["<]([^\n"<>]{1,1000}+))'
)
# Of one file; each takes a microsecond of the event loop. No honest file has as many, and what is
# named only behind them is not there for the compiler.
_MOST_INCLUDES = 50_000
# Far more than any limit lets through to the compiler.
_MOST_BYTES = 16 << 20


def is_source(name: str) -> bool:
    """Return whether a file is C by its name; it then counts as code and is validated."""
    return name.lower().endswith(SOURCE_SUFFIXES)


def code_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a project that are code, in the order of ``files``."""
    code = {name for name in files if is_source(name)}
    waiting = list(code) if len(code) < len(files) else []
    if sum(len(files[name]) for name in code) > _MOST_BYTES:
        waiting = []
    while waiting:
        file = waiting.pop()
        new = {name for name in _included(file, files[file]) if name in files} - code
        code |= new
        waiting += new
    return {name: data for name, data in files.items() if name in code}


def _included(file: str, data: bytes) -> Iterator[str]:
    """Yield the paths that an include in ``file`` may name."""
    text = _JOINED.sub(b"", data)
    found = islice(_NAMED.finditer(text), _MOST_INCLUDES)
    for name in {one[1] for one in found}:
        yield normpath(join(dirname(file), name.decode("utf-8", "replace")))
