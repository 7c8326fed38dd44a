"""A person's executions of the last days in numbers, from the records."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from audit.models import Execution, Violation

DAYS = 30
_MOST_TIMED = 5000
_MOST_RULES = 10


class Bar(NamedTuple):
    """One row of a table: what, how many, and how many of them went well."""

    label: str | date
    number: int
    good: int = 0


class Spread(NamedTuple):
    """The middle, the 95th percentile and the largest of a measure."""

    label: str
    median: float
    p95: float
    most: float

    @classmethod
    def of(cls, label: str, values: Sequence[float]) -> Spread | None:
        """None where there is nothing to measure."""
        ordered = sorted(values)
        if not ordered:
            return None
        return cls(label, _percentile(ordered, 50), _percentile(ordered, 95), ordered[-1])


@dataclass(frozen=True, slots=True)
class Statistics:
    """Times are in milliseconds, memory is in bytes."""

    days: list[Bar]
    statuses: list[Bar]
    rules: list[Bar]
    times: list[Spread]
    memory: Spread | None

    @classmethod
    def of(cls, executions: QuerySet[Execution]) -> Statistics:
        recent = executions.filter(created__gte=timezone.now() - timedelta(days=DAYS)).order_by()
        columns = ("compile_ms", "run_ms", "peak_memory_bytes")
        timed = recent.order_by("-created").values_list(*columns)[:_MOST_TIMED]
        # Zero is what a record says of a stage that was not reached.
        compiled, ran, peaks = ([v for v in column if v] for column in _columns(timed))
        times = [Spread.of("Compiling", compiled), Spread.of("Running", ran)]
        return cls(
            _days(recent),
            _statuses(recent),
            _rules(recent),
            [one for one in times if one],
            Spread.of("Memory", peaks),
        )

    @property
    def total(self) -> int:
        return sum(bar.number for bar in self.days)

    @property
    def busiest(self) -> int:
        """The most executions of one day."""
        return max((bar.number for bar in self.days), default=0)


def _columns(rows: QuerySet[Execution, tuple[float, float, int]]) -> list[Sequence[float]]:
    return list(zip(*rows, strict=True)) or [(), (), ()]


def _days(recent: QuerySet[Execution]) -> list[Bar]:
    """The days on which something ran, the latest first."""
    counted = (
        recent.annotate(day=TruncDate("created"))
        .values("day")
        .annotate(count=Count("id"), good=Count("id", filter=Q(status="success")))
        .order_by("-day")
    )
    return [Bar(row["day"], row["count"], row["good"]) for row in counted]


def _statuses(recent: QuerySet[Execution]) -> list[Bar]:
    ended = recent.exclude(status="").values("status").annotate(count=Count("id"))
    return [Bar(row["status"], row["count"]) for row in ended.order_by("-count", "status")]


def _rules(recent: QuerySet[Execution]) -> list[Bar]:
    """The rules that were broken most often."""
    broken = Violation.objects.filter(execution__in=recent).values("rule")
    counted = broken.annotate(count=Count("id")).order_by("-count", "rule")
    return [Bar(row["rule"], row["count"]) for row in counted[:_MOST_RULES]]


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that at least ``percent`` of all values do not exceed."""
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]
