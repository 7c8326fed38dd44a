"""Violations as files: CSV that a spreadsheet can open without harm, and JSON Lines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db.models import QuerySet

from audit.models import Violation

COLUMNS = (
    *("id", "created", "category", "rule", "severity", "message", "file", "line", "column"),
    *("end_column", "suggestion", "execution_id", "execution__username", "execution__door"),
    *("state", "reviewer_name", "reviewed_at", "note"),
)
_NAMES = [column.removeprefix("execution__") for column in COLUMNS]
_AT_ONCE = 1000
# A spreadsheet takes what starts so for a formula (OWASP, “CSV injection”); the wide ones are read
# like the others where people write Japanese. Where the comma is for decimals, it parts cells at
# semicolons, and the quotes around ours count for nothing.
_SIGNS = "=+\\-@＝＋－＠"
_FORMULA = re.compile(rf"\A(?=[{_SIGNS}\t\r\n])|(?<=[;\t\r\n])(?=[{_SIGNS}])")

_Row = tuple[Any, ...]


async def as_csv(violations: QuerySet[Violation]) -> AsyncIterator[str]:
    """A heading, then a line per violation; a ``'`` stands before what could be a formula."""
    yield _csv_lines([tuple(_NAMES)])
    async for rows in _rows(violations):
        yield _csv_lines(rows)


async def as_json_lines(violations: QuerySet[Violation]) -> AsyncIterator[str]:
    """One JSON object per line, with the names of the CSV's heading."""
    async for rows in _rows(violations):
        yield "".join(_json_line(row) for row in rows)


FORMATS: dict[str, tuple[str, Callable[[QuerySet[Violation]], AsyncIterator[str]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/jsonl; charset=utf-8", as_json_lines),
}
"""By file suffix: the content type, and who writes it."""


async def _rows(violations: QuerySet[Violation]) -> AsyncIterator[list[_Row]]:
    """Some rows at a time; aiterator() would ask the database in the event loop's thread."""
    rows = violations.values_list(*COLUMNS).iterator(chunk_size=_AT_ONCE)
    while some := await sync_to_async(_next)(rows):
        yield some


def _next(rows: Iterator[_Row]) -> list[_Row]:
    return list(islice(rows, _AT_ONCE))


def _csv_lines(rows: list[_Row]) -> str:
    lines = io.StringIO()
    csv.writer(lines).writerows([_cell(value) for value in row] for row in rows)
    return lines.getvalue()


def _json_line(row: _Row) -> str:
    return json.dumps(dict(zip(_NAMES, map(_plain, row), strict=True))) + "\n"


def _cell(value: Any) -> Any:
    value = _plain(value)
    return _FORMULA.sub("'", value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    """``value`` as JSON knows it; times in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value
