"""``/api/standing/``: whether the user is paused, and how close to it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

from audit import alerts
from audit.models import Pause
from workspace.endpoint import endpoint


def _read(person: User, request: HttpRequest) -> dict[str, Any]:
    pause = alerts.pause_of(person)
    return {
        "pause": _pause_json(pause) if pause else None,
        "left": alerts.refusals_left(person),
        "minutes": settings.REPEATED_VIOLATIONS_MINUTES,
        "pause_minutes": settings.PAUSE_MINUTES,
    }


def _pause_json(pause: Pause) -> dict[str, Any]:
    return {
        "until": pause.until.isoformat(),
        "reason": pause.reason,
        "execution": str(pause.violation.execution_id),
    }


standing = endpoint(GET=_read)
