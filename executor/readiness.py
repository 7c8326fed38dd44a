"""Before a process takes its first execution: no strays, no open records, every wall there."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.management.base import CommandError

from executor.admission import executor_from_settings, sweep_lost
from executor.container import Engine, SandboxUnavailable
from executor.pool import reap

logger = logging.getLogger(__name__)


def clean_up(say: Callable[[str], object]) -> None:
    """Close the records and remove the containers that an earlier life left behind."""
    sweep_lost()
    try:
        executor = executor_from_settings(pool_size=0)
        if strays := reap(Engine(executor.config)):
            say(f"Removed stray sandboxes: {', '.join(strays)}")
    except SandboxUnavailable:
        pass  # said by the one who asks for the walls


def ask_for_walls() -> None:
    """Raise ``CommandError`` where a wall is missing that the configuration demands.

    An engine that is merely away stops nothing: each sandbox is asked again before its use.
    """
    try:
        with executor_from_settings(pool_size=0) as executor:
            executor.walls()
    except SandboxUnavailable as error:
        if error.code == "walls-missing":
            raise CommandError(
                f"{error} The server does not start without them. Put them up, or take "
                "their names out of SANDBOX_REQUIRE_WALLS."
            ) from error
        logger.warning("%s Pages are served; runs will work once it is there.", error)
