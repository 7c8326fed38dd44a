"""The part of a source that a violation is about, with the refused words apart.

Lines and columns are those of the validator: a line ends at CRLF, LF or a bare
CR, a byte-order mark does not count, and columns are characters from 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from audit.visible import visible

LINES_AROUND = 12
LINES_WITHOUT_PLACE = 200
CHARS_AROUND = 120
"""A source may be one line of a megabyte: only so much of a line is shown on each side."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the excerpt; ``marked`` is what was refused, empty elsewhere."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """``total`` is the number of lines of the whole file."""

    file: str
    rows: list[Row]
    total: int

    @property
    def is_whole(self) -> bool:
        return len(self.rows) == self.total


def excerpt(
    file: str,
    data: bytes,
    line: int | None = None,
    column: int | None = None,
    end_column: int | None = None,
) -> Excerpt:
    """The lines around ``line`` with ``column`` to ``end_column`` marked.

    Without a column, the whole line is marked; without a line, nothing is, and
    the excerpt is the beginning of the file.
    """
    lines = _lines(data)
    if line is None or line > len(lines):
        shown = range(1, min(len(lines), LINES_WITHOUT_PLACE) + 1)
    else:
        shown = range(max(1, line - LINES_AROUND), min(len(lines), line + LINES_AROUND) + 1)
    rows = [
        _marked(number, lines[number - 1], column, end_column)
        if number == line
        else Row(number, _head(lines[number - 1]))
        for number in shown
    ]
    return Excerpt(file, rows, len(lines))


def beginning(text: str) -> str:
    """Return the first lines of a text that is not source code, each cut to its shown length."""
    lines = _lines(text.encode("utf-8", "replace"))
    shown = [_head(line) for line in lines[:LINES_WITHOUT_PLACE]]
    return "\n".join(shown + ["…"] * (len(lines) > LINES_WITHOUT_PLACE))


def _lines(data: bytes) -> list[str]:
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" and len(lines) > 1 else lines


def _marked(number: int, text: str, column: int | None, end_column: int | None) -> Row:
    start = min(column - 1, len(text)) if column else 0
    end = max(end_column - 1, start) if end_column else len(text)
    # An empty span, as at the end of a line, is still to be seen.
    marked = text[start:end] or " "
    return Row(number, _tail(text[:start]), _head(marked), _head(text[end:]))


def _head(text: str) -> str:
    return visible(text[:CHARS_AROUND]) + "…" * (len(text) > CHARS_AROUND)


def _tail(text: str) -> str:
    return "…" * (len(text) > CHARS_AROUND) + visible(text[-CHARS_AROUND:])
