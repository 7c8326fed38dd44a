"""What happened in a month, a quarter or a year, for whoever answers for the machine.

:func:`report` gives plain values, which are the JSON; ``templates/audit/report.html``
makes the page of them, one file that prints. Periods are those of UTC.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from audit import stats
from audit.models import Decision, Execution, Pause, Review, Severity, State, Violation
from audit.sealed import Removal, Seal
from audit.stats import SHARES, Slice, Window

_LONGEST_LIST = 50
_MOST_SLOW = 10
_WIDTH, _HEIGHT = 600, 100


class BadPeriod(ValueError):
    """The text names no period; the error's own text says what would."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a quarter or a year of UTC."""

    name: str
    window: Window

    @classmethod
    def month(cls, text: str) -> Period:
        """Of a text like ``2026-11``; raises :class:`BadPeriod`."""
        if not (found := re.fullmatch(r"([12]\d{3})-(0[1-9]|1[0-2])", text)):
            raise BadPeriod(f"“{text}” is not a month; write it as 2026-11.")
        return cls(text, _months(int(found[1]), int(found[2]), 1))

    @classmethod
    def quarter(cls, text: str) -> Period:
        """Of a text like ``2026-Q4``; raises :class:`BadPeriod`."""
        if not (found := re.fullmatch(r"([12]\d{3})-Q([1-4])", text)):
            raise BadPeriod(f"“{text}” is not a quarter; write it as 2026-Q4.")
        return cls(text, _months(int(found[1]), 3 * int(found[2]) - 2, 3))

    @classmethod
    def year(cls, text: str) -> Period:
        """Of a text like ``2026``; raises :class:`BadPeriod`."""
        if not re.fullmatch(r"[12]\d{3}", text):
            raise BadPeriod(f"“{text}” is not a year; write it as 2026.")
        return cls(text, _months(int(text), 1, 12))

    @property
    def before(self) -> Window:
        """The period of the same length that came before."""
        since, until = self.window.since, self.window.until
        months = (until.year - since.year) * 12 + until.month - since.month
        at = since.year * 12 + since.month - 1 - months
        return _months(at // 12, at % 12 + 1, months)


def report(period: Period) -> dict[str, Any]:
    """Everything of the period, as values that JSON knows; times in milliseconds."""
    window = period.window
    records, refused = Execution.objects.all(), Violation.objects.all()
    slices = stats.executions(records, window)
    total = slices.pop("")
    return {
        "period": period.name,
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "instance": settings.INSTANCE_NAME,
        "version": settings.VERSION,
        "made": timezone.now().isoformat(),
        "executions": _executions(window.of(records), total, period),
        "trend": _trend(window, slices, stats.violations(refused, window)),
        "measures": {name: _percentiles(total, name) for name in stats.MEASURES},
        "violations": _violations(refused, window),
        "failures": _failures(window.of(records)),
        "policies": _uses(window, "policy_version"),
        "images": _uses(window, "image"),
        "records": _records(window),
    }


def _months(year: int, month: int, count: int) -> Window:
    end = year * 12 + month - 1 + count
    since = datetime(year, month, 1, tzinfo=UTC)
    until = datetime(end // 12, end % 12 + 1, 1, tzinfo=UTC)
    return Window(since, until, "day" if count == 1 else "month")


def _executions(records: QuerySet[Execution], total: Slice, period: Period) -> dict[str, Any]:
    doors = records.values_list("door").annotate(Count("pk"))
    before = period.before.of(Execution.objects.all()).count()
    return {
        "total": total.statuses.total(),
        "before": before,
        "ended": total.ended,
        "success_rate": total.success_rate,
        "statuses": {status or "unfinished": n for status, n in total.statuses.most_common()},
        "doors": dict(doors),
        "people": records.exclude(username="").values("username").distinct().count(),
    }


def _trend(
    window: Window, slices: dict[str, Slice], refused: dict[str, Any]
) -> list[dict[str, Any]]:
    rows = []
    for slot in window.slots:
        one = slices.get(slot)
        rows.append(
            {
                "slot": slot,
                "executions": one.statuses.total() if one else 0,
                "success_rate": one.success_rate if one else None,
                "total_ms_p95": one.percentiles("total_ms")[SHARES.index(95)] if one else None,
                "violations": sum(refused.get(slot, {}).values()),
            }
        )
    return rows


def _percentiles(total: Slice, measure: str) -> dict[str, float | None]:
    shares = (f"p{share}" for share in SHARES)
    return dict(zip(shares, total.percentiles(measure), strict=True))


def _violations(records: QuerySet[Violation], window: Window) -> dict[str, Any]:
    within = window.of(records)
    decided = Decision.objects.filter(created__gte=window.since, created__lt=window.until)
    pauses = Pause.objects.filter(created__gte=window.since, created__lt=window.until)
    grave = within.filter(severity__in=Severity.from_on(Severity.HIGH))
    return {
        "total": within.count(),
        "states": {state: within.filter(state=state).count() for state in Review.values},
        "severities": dict(within.values_list("severity").annotate(Count("pk"))),
        "rules": [
            {"category": category, "rule": rule, "severity": severity, "count": count}
            for category, rule, severity, count in stats.rules(records, window)
        ],
        "people": [
            {"username": name, "submissions": count, "grave": graver}
            for name, count, graver in stats.offenders(records, window)
        ],
        "grave_total": grave.count(),
        "grave": [_described(one) for one in _latest(grave)],
        "decisions": list(
            decided.order_by().values("reviewer_name", "state").annotate(count=Count("pk"))
        ),
        "pauses": pauses.count(),
        "pauses_lifted": pauses.exclude(lifted_at=None).count(),
    }


def _latest(records: QuerySet[Violation]) -> QuerySet[Violation]:
    return records.select_related("execution").order_by("-created", "id")[:_LONGEST_LIST]


def _described(violation: Violation) -> dict[str, Any]:
    return {
        "created": violation.created.isoformat(),
        "execution_id": str(violation.execution_id),
        "username": violation.execution.username,
        "category": violation.category,
        "rule": violation.rule,
        "severity": violation.severity,
        "message": violation.message,
        "state": violation.state,
        "reviewer": violation.reviewer_name,
        "note": violation.note,
    }


def _failures(records: QuerySet[Execution]) -> dict[str, Any]:
    """What was not the programs’ doing, and what took longest."""
    ours = records.filter(status="sandbox_error")
    slow = records.order_by("-total_ms").values("id", "status", "username", "total_ms", "queue_ms")
    return {
        "sandbox_errors": ours.count(),
        "lost": records.filter(state=State.LOST).count(),
        "messages": list(
            ours.values("message").annotate(count=Count("pk")).order_by("-count")[:_MOST_SLOW]
        ),
        "slowest": [one | {"id": str(one["id"])} for one in slow[:_MOST_SLOW]],
    }


def _uses(window: Window, column: str) -> list[dict[str, Any]]:
    """Each value of a column, in the order in which they came: since when, until when, how often.

    ``known_since`` is its first use ever; ``age_days`` counts from there to the end of the
    period, or to now.
    """
    end = min(window.until, timezone.now())
    used = window.of(Execution.objects.exclude(**{column: ""})).values(column)
    found = []
    for one in used.annotate(first=Min("created"), last=Max("created"), count=Count("pk")):
        ever = Execution.objects.filter(**{column: one[column]}).aggregate(at=Min("created"))["at"]
        found.append(
            {
                "name": one[column],
                "known_since": ever.isoformat(),
                "is_new": ever >= window.since,
                "age_days": (end - ever).days,
                "last": one["last"].isoformat(),
                "executions": one["count"],
            }
        )
    return sorted(found, key=lambda one: str(one["known_since"]))


def _records(window: Window) -> dict[str, Any]:
    """What became of the records themselves."""
    within = Q(created__gte=window.since, created__lt=window.until)
    seals = Seal.objects.filter(created__lt=window.until).defer("leaves")
    head = seals.order_by("-number").first()
    return {
        "seals": Seal.objects.filter(within).count(),
        "head": {"number": head.number, "digest": head.digest()} if head else None,
        "removals": Removal.objects.filter(within).count(),
    }


def page(facts: dict[str, Any]) -> str:
    """The report as one HTML file, which needs nothing else and prints."""
    trend = facts["trend"]
    charts = []
    for name, title in (("executions", "Executions"), ("violations", "Violations")):
        values = [row[name] for row in trend]
        charts.append({"title": title, "most": max(values), "bars": _bars(values)})
    context = {
        "facts": facts,
        "charts": charts,
        "size": {"width": _WIDTH, "height": _HEIGHT},
        "step": "day" if len(trend[0]["slot"]) == len("2026-11-24") else "month",
    }
    return render_to_string("audit/report.html", context)


def _bars(values: Sequence[float]) -> list[dict[str, float]]:
    """Where the bars of a chart stand, in units of its view box; the highest one fills it."""
    most, step = max(values) or 1, _WIDTH / len(values)
    return [
        {
            "x": round((at + 0.1) * step, 2),
            "y": round(_HEIGHT * (1 - value / most), 2),
            "width": round(0.8 * step, 2),
            "height": round(_HEIGHT * value / most, 2),
        }
        for at, value in enumerate(values)
    ]
