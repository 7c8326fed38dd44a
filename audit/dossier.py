"""Everything a reviewer needs to decide about one violation, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q

from audit.access import (
    execution_visible_to,
    executions_visible_to,
    pauses_visible_to,
    reviewable_by,
    same_person,
    violations_visible_to,
)
from audit.alerts import pause_of
from audit.excerpt import Excerpt, beginning, excerpt
from audit.models import Execution, Pause, Violation

MOST_OTHERS = 10


@dataclass(frozen=True, slots=True)
class Measure:
    """What an execution used of one limit; ``share`` is of the limit, 1.0 and more at its end."""

    name: str
    used: str
    limit: str
    share: float

    @property
    def percent(self) -> int:
        return round(self.share * 100)

    @property
    def bar(self) -> int:
        """For a bar, which cannot go past its end."""
        return min(self.percent, 100)


def dossier(violation: Violation, viewer: User) -> dict[str, Any]:
    """The page's facts by name; each part only as far as ``viewer`` may see it."""
    execution = execution_visible_to(viewer, violation.execution_id)
    facts: dict[str, Any] = {
        "violation": violation,
        "decisions": violation.decisions.all(),
        "may_review": reviewable_by(viewer).filter(pk=violation.pk).exists(),
        "execution": execution,
    }
    if execution is None:
        return facts
    person = same_person(execution)
    return facts | {
        "excerpts": _excerpts(violation, execution),
        "input": beginning(execution.input.decode("utf-8", "replace")),
        "measures": measures(execution),
        "origins": origins(execution),
        "pause": _pause(execution, viewer),
        **_others(violation, person, viewer),
    }


def measures(execution: Execution) -> list[Measure]:
    """The limits that the execution was under, against the most that it used of each."""
    seconds, memory, size = _seconds, _mebibytes, _kibibytes
    rows = [
        ("Compile time", execution.compile_ms / 1000, "compile_seconds", seconds),
        ("Run time", execution.run_ms / 1000, "run_seconds", seconds),
        ("Memory at its peak", execution.peak_memory_bytes, "memory_bytes", memory),
        ("Output", execution.output_bytes, "output_bytes", size),
    ]
    limits = execution.limits
    return [
        Measure(name, unit(used), unit(limits[key]), used / limits[key])
        for name, used, key, unit in rows
        if limits.get(key)
    ]


def origins(execution: Execution) -> list[dict[str, Any]]:
    """Return where the project was copied from, with the owner's name while there is one."""
    listed = execution.options.get("origin", [])
    names = User.objects.in_bulk([one["owner"] for one in listed]) if listed else {}
    return [one | {"user": names.get(one["owner"])} for one in listed]


def _excerpts(violation: Violation, execution: Execution) -> list[Excerpt]:
    """The file that the violation is about, or the main one; then all others' beginnings."""
    files = execution.source.contents()
    first = violation.file if violation.file in files else execution.main
    place = (violation.line, violation.column, violation.end_column)
    chosen = [
        excerpt(name, files[name], *(place if name == violation.file else ()))
        for name in files
        if name == first
    ]
    return chosen + [excerpt(name, data) for name, data in files.items() if name != first]


def _pause(execution: Execution, viewer: User) -> Pause | None:
    """The pause that the person is in now, for a viewer who may lift it."""
    pause = pause_of(execution.user)
    return pauses_visible_to(viewer).filter(pk=pause.pk).first() if pause else None


def _others(violation: Violation, person: Q, viewer: User) -> dict[str, Any]:
    executions = executions_visible_to(viewer).filter(person).exclude(pk=violation.execution_id)
    all_theirs = executions_visible_to(viewer).filter(person).order_by().values("pk")
    violations = violations_visible_to(viewer).filter(execution__in=all_theirs)
    violations = violations.exclude(pk=violation.pk)
    return {
        "other_executions": executions.only(*_EXECUTION_COLUMNS)[:MOST_OTHERS],
        "other_executions_count": executions.count(),
        "other_violations": violations.defer("note", "suggestion")[:MOST_OTHERS],
        "other_violations_count": violations.count(),
    }


_EXECUTION_COLUMNS = ("id", "created", "status", "main", "total_ms", "door")


def _seconds(value: float) -> str:
    return f"{value:.4g} s"


def _mebibytes(value: float) -> str:
    return f"{value / 2**20:.4g} MiB"


def _kibibytes(value: float) -> str:
    return f"{value / 2**10:.4g} KiB"
