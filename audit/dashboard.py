"""The dashboard in the administration: executions, violations, and what happens now.

Each page asks for one kind of record, shows it as charts, and beside each chart
the same numbers as a table. Numbers of the server’s memory (the pool, the line)
come from the metrics’ registry: the records know nothing of who runs programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from prometheus_client import REGISTRY

from audit import stats
from audit.access import executions_visible_to, may, violations_visible_to
from audit.models import UNFINISHED
from audit.stats import SHARES, Slice, Window

RANGES = {
    "1d": ("Past 24 hours", 24, "hour"),
    "7d": ("Past 7 days", 7 * 24, "hour"),
    "30d": ("Past 30 days", 30, "day"),
    "90d": ("Past 90 days", 90, "day"),
}
CATEGORIES = {
    "blocked_pattern": "Blocked pattern",
    "resource_limit": "Resource limit",
    "escape_attempt": "Escape attempt",
    "repeated_violations": "Repeated violations",
}
_MIB = 1 << 20
_MOST_LIVE = 100
_MOST_MEASURED = 20_000
_GAUGES = {
    "cloister_executions_running": "Running now",
    "cloister_executions_places": "May run at once",
    "cloister_queue_length": "Waiting in line",
    "cloister_pool_sandboxes": "Sandboxes warm",
    "cloister_pool_size": "Sandboxes to keep warm",
    "cloister_sockets_open": "Pages connected",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over the slots of a window; None is a gap."""

    name: str
    title: str
    unit: str
    slots: Sequence[str]
    lines: dict[str, list[float | None]]

    @property
    def rows(self) -> list[tuple[str, tuple[float | None, ...]]]:
        """The table: a slot and the value of each line, the latest first."""
        values = zip(*self.lines.values(), strict=True)
        return list(zip(self.slots, values, strict=True))[::-1]

    @property
    def data(self) -> dict[str, Any]:
        """What the page’s script draws."""
        return {"unit": self.unit, "slots": self.slots, "lines": self.lines}


def urls(site: AdminSite) -> list[URLPattern]:
    """The pages’ addresses, below those of the executions."""

    def page(address: str, view: Any, name: str) -> URLPattern:
        inside: Any = site.admin_view(view)
        pattern: URLPattern = path(f"dashboard/{address}", inside, {"site": site}, name)
        return pattern

    return [
        page("", executions, "audit_dashboard"),
        page("violations/", violations, "audit_dashboard_violations"),
        page("live/", live, "audit_dashboard_live"),
        page("live.json", live_data, "audit_dashboard_live_data"),
    ]


def executions(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """How many, how well, how long, how much."""
    _demand(request, "view_execution")
    window = _window(request)
    slices = stats.executions(executions_visible_to(request.user), window, _MOST_MEASURED)
    total = slices.pop("")
    context = {
        "charts": [*_counted(window, slices), *_measured(window, slices)],
        "statuses": [(status or "unfinished", n) for status, n in total.statuses.most_common()],
        "sampled": total.statuses.total() > _MOST_MEASURED,
    }
    return _page(request, site, "executions", "Executions", context)


def violations(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """What was refused, by category and rule, and to whom."""
    _demand(request, "view_violation")
    window, records = _window(request), violations_visible_to(request.user)
    counts = stats.violations(records, window)
    lines: dict[str, list[float | None]] = {
        label: [counts[slot][name] if slot in counts else 0 for slot in window.slots]
        for name, label in CATEGORIES.items()
    }
    title = f"Violations per {window.step}, by category"
    context = {
        "charts": [Chart("violations", title, "", window.slots, lines)],
        "rules": stats.rules(records, window),
        "offenders": stats.offenders(records, window),
    }
    return _page(request, site, "violations", "Violations", context)


def live(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """What runs and waits at this moment; the page asks again by itself."""
    _demand(request, "view_execution")
    return _page(request, site, "live", "Live", {"live": _live(request)})


def live_data(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The same as JSON."""
    _demand(request, "view_execution")
    return JsonResponse(_live(request))


def _counted(window: Window, slices: dict[str, Slice]) -> Iterator[Chart]:
    found = [slices.get(slot) for slot in window.slots]
    counts: dict[str, list[float | None]] = {
        "All": [one.statuses.total() if one else 0 for one in found],
        "Success": [one.statuses["success"] if one else 0 for one in found],
        "The sandbox failed": [one.statuses["sandbox_error"] if one else 0 for one in found],
    }
    yield Chart("executions", f"Executions per {window.step}", "", window.slots, counts)
    rates = [one.success_rate if one else None for one in found]
    percent = {"Success": [None if rate is None else round(100 * rate, 1) for rate in rates]}
    yield Chart("success", "Success rate of what ended", "%", window.slots, percent)


def _measured(window: Window, slices: dict[str, Slice]) -> Iterator[Chart]:
    for measure, title in stats.MEASURES.items():
        bytes_ = measure.endswith("_bytes")
        gap: list[float | None] = [None] * len(SHARES)
        rows = [
            [
                None if value is None else round(value / _MIB if bytes_ else value, 1)
                for value in (slices[slot].percentiles(measure) if slot in slices else gap)
            ]
            for slot in window.slots
        ]
        columns = map(list, zip(*rows, strict=True))
        lines = dict(zip((f"{share} %" for share in SHARES), columns, strict=True))
        unit = "MiB" if bytes_ else "ms"
        yield Chart(measure, f"{title}, by share of executions", unit, window.slots, lines)


def _live(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    found = executions_visible_to(request.user).filter(state__in=UNFINISHED).order_by("created")
    columns = ("id", "username", "door", "state", "created")
    return {
        "at": f"{now:%H:%M:%S} UTC",
        "numbers": _gauges(),
        "executions": [
            {
                "id": str(one["id"]),
                "username": one["username"] or "–",
                "door": one["door"],
                "state": one["state"],
                "seconds": round((now - one["created"]).total_seconds()),
            }
            for one in found.values(*columns)[:_MOST_LIVE]
        ],
    }


def _gauges() -> dict[str, int]:
    """The numbers of this server process; none where it runs no programs."""
    families = [family for family in REGISTRY.collect() if family.name in _GAUGES]
    found = {sample.name: sample.value for family in families for sample in family.samples}
    return {label: int(found[name]) for name, label in _GAUGES.items() if name in found}


def _demand(request: HttpRequest, permission: str) -> None:
    if not may(request.user, permission):
        raise PermissionDenied


def _window(request: HttpRequest) -> Window:
    _, count, step = RANGES[_range(request)]
    return Window.last(count, step, timezone.now())


def _range(request: HttpRequest) -> str:
    asked = request.GET.get("range", "")
    return asked if asked in RANGES else "1d"


def _page(
    request: HttpRequest, site: AdminSite, name: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    context |= site.each_context(request) | {
        "title": title,
        "page": name,
        "ranges": {key: words for key, (words, _, _) in RANGES.items()},
        "range": _range(request),
        "may_see_violations": may(request.user, "view_violation"),
    }
    return TemplateResponse(request, f"admin/audit/dashboard/{name}.html", context)
