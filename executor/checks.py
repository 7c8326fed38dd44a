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
    """A wall that is misspelt would be demanded by nobody."""
    return [
        Error(
            f"SANDBOX_REQUIRE_WALLS names “{name}”, which is no wall. "
            f"The walls are: {', '.join(wall.NAMES)}.",
            id="executor.E002",
        )
        for name in settings.SANDBOX_REQUIRE_WALLS
        if name not in wall.NAMES
    ]
