"""System checks: what would fail at the first run is better said at the start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from executor import wall
from executor.dispatch import policy_from_settings


@register()
def policy_can_be_read(**kwargs: Any) -> list[CheckMessage]:
    """The policy that the settings name is there, is right and has the profile."""
    try:
        policy_from_settings()
    except (OSError, KeyError, ValueError) as error:
        return [
            Error(
                f"The policy cannot be read: {error}",
                hint="See POLICY_FILE and POLICY_PROFILE in docs/settings.md.",
                id="executor.E001",
            )
        ]
    return []


@register()
def demanded_walls_have_names(**kwargs: Any) -> list[CheckMessage]:
    """A wall that is misspelt would be demanded by nobody, and an empty value demands none."""
    names = settings.SANDBOX_REQUIRE_WALLS
    wrong = [f"names “{name}”, which is no wall" for name in names if name not in wall.NAMES]
    if not names:
        wrong = ["is empty; unset, it demands every wall"]
    return [
        Error(
            f"SANDBOX_REQUIRE_WALLS {what}. The walls are: {', '.join(wall.NAMES)}.",
            id="executor.E002",
        )
        for what in wrong
    ]
