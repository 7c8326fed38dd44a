"""System checks: what would fail at the first run is better said at the start."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

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
