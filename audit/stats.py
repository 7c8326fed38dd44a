"""What the records say in numbers, for the dashboard: counts, rates and percentiles by time.

Every question reads one index and none of the large columns, so that the answer
takes the same for short outputs and long ones. Times are cut into hours or days
of UTC by the database, without a function call for each row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from django.db.models import CharField, Count, F, Func, QuerySet

from audit.models import Execution, Severity, Violation

MEASURES = {
    "total_ms": "From submission to result",
    "queue_ms": "Waiting in line",
    "container_start_ms": "Waiting for a sandbox",
    "run_ms": "Running",
    "peak_memory_bytes": "Peak memory",
}
"""Columns with percentiles; in milliseconds, the last one in bytes."""
SHARES = (50, 95, 99)
_AT_ONCE = 5000
_FORMATS = {
    "hour": (13, "YYYY-MM-DD HH24"),
    "day": (10, "YYYY-MM-DD"),
    "month": (7, "YYYY-MM"),
}


class Slot(Func):
    """The hour, day or month of a time, in UTC, as text that sorts like it.

    Django’s own truncation is a Python function on SQLite, called for each row.
    """

    output_field = CharField()

    def __init__(self, field: str, step: str) -> None:
        super().__init__(F(field))
        self.characters, self.pattern = _FORMATS[step]

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = f"substr(%(expressions)s, 1, {self.characters})"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = f"to_char(timezone('UTC', %(expressions)s), '{self.pattern}')"
        return self.as_sql(compiler, connection, template=template, **more)


class LastDigit(Func):
    """The last digit of a time's microseconds, as text: as good as a die, and always the same."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, -1)", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "right(to_char(%(expressions)s, 'US'), 1)"
        return self.as_sql(compiler, connection, template=template, **more)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time in hours, days or months; ``since`` is in, ``until`` is not."""

    since: datetime
    until: datetime
    step: str

    @classmethod
    def last(cls, count: int, step: str, now: datetime) -> Window:
        """The ``count`` steps of which the last one is under way."""
        length = timedelta(**{f"{step}s": 1})
        begun = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if step == "day":
            begun = begun.replace(hour=0)
        return cls(begun - length * (count - 1), begun + length, step)

    @property
    def slots(self) -> list[str]:
        """Every step of it as :class:`Slot` writes it, those in which nothing happened too."""
        length = timedelta(hours=1) if self.step == "hour" else timedelta(days=1)
        at, found = self.since, dict[str, None]()
        while at < self.until:
            found[at.isoformat(" ")[: _FORMATS[self.step][0]]] = None
            at += length
        return list(found)

    def of(self, records: QuerySet[Any]) -> QuerySet[Any]:
        """The records that were made in it, without an order."""
        return records.filter(created__gte=self.since, created__lt=self.until).order_by()


@dataclass(frozen=True, slots=True)
class Slice:
    """The executions of one step."""

    statuses: Counter[str]
    """How many ended how; an empty status has not ended."""
    measured: dict[str, list[float]]
    """By column of :data:`MEASURES`, in order; what took no time at all is left out, such as the
    run of a program that did not compile."""

    @property
    def ended(self) -> int:
        return self.statuses.total() - self.statuses[""]

    @property
    def success_rate(self) -> float | None:
        """The share of what ended that went well, from 0 to 1; None where nothing ended."""
        return self.statuses["success"] / self.ended if self.ended else None

    def percentiles(self, measure: str) -> list[float | None]:
        """The values that :data:`SHARES` percent do not exceed; None where nothing was measured."""
        ordered = self.measured[measure]
        if not ordered:
            return [None] * len(SHARES)
        return [ordered[-(-len(ordered) * share // 100) - 1] for share in SHARES]


def executions(
    records: QuerySet[Execution], window: Window, most: int | None = None
) -> dict[str, Slice]:
    """The executions of each step that has some, and of all of them under ``""``.

    Counts are exact. Where there are more than ``most``, about so many of them are measured,
    chosen by the last digit of the microsecond they were sent in: a tenth of them at least.
    """
    counts: dict[str, Counter[str]] = {}
    grouped = window.of(records).values_list(Slot("created", window.step), "status")
    for slot, status, count in grouped.annotate(count=Count("*")):
        counts.setdefault(slot, Counter())[status] = count
    rows = window.of(records).order_by("created")
    if most and (total := sum(one.total() for one in counts.values())) > most:
        digits = max(1, 10 * most // total)
        rows = rows.alias(digit=LastDigit("created")).filter(digit__lt=str(digits))
    found = rows.values_list(Slot("created", window.step), *MEASURES)
    measured = {
        slot: _measured(list(group))
        for slot, group in groupby(found.iterator(chunk_size=_AT_ONCE), key=itemgetter(0))
    }
    slices = {slot: Slice(counts[slot], measured.get(slot) or _measured([])) for slot in counts}
    return slices | {"": _together(slices.values())}


def _measured(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[float]]:
    columns = list(zip(*rows, strict=True))[1:] or [()] * len(MEASURES)
    return {name: sorted(filter(None, some)) for name, some in zip(MEASURES, columns, strict=True)}


def _together(slices: Collection[Slice]) -> Slice:
    statuses = sum((one.statuses for one in slices), Counter[str]())
    # Python's sort finds the parts that are in order already, and only merges them.
    merged = {name: sorted(chain(*(one.measured[name] for one in slices))) for name in MEASURES}
    return Slice(statuses, merged)


def violations(records: QuerySet[Violation], window: Window) -> dict[str, Counter[str]]:
    """How many of each category there were in each step that had some."""
    grouped = window.of(records).values_list(Slot("created", window.step), "category")
    found: dict[str, Counter[str]] = {}
    for slot, category, count in grouped.annotate(Count("pk")):
        found.setdefault(slot, Counter())[category] = count
    return found


def rules(records: QuerySet[Violation], window: Window) -> list[tuple[str, str, str, int]]:
    """Category, rule, severity and count, the most frequent first."""
    grouped = window.of(records).values_list("category", "rule", "severity")
    return list(grouped.annotate(count=Count("pk")).order_by("-count", "rule", "severity"))


def offenders(
    records: QuerySet[Violation], window: Window, most: int = 10
) -> list[tuple[str, int, int]]:
    """Who was refused most: name, refused submissions, and those of high severity or graver.

    Submissions count, not lines, as they do for a pause.
    """
    named = window.of(records).exclude(execution__username="")
    counted = named.values_list("execution__username").annotate(
        count=Count("execution", distinct=True)
    )
    top = list(counted.order_by("-count", "execution__username")[:most])
    grave = dict(
        counted.filter(
            severity__in=Severity.from_on(Severity.HIGH),
            execution__username__in=[name for name, _ in top],
        )
    )
    return [(name, count, grave.get(name, 0)) for name, count in top]
