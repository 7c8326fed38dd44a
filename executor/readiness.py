"""Before a process takes its first execution: no strays, no open records, every wall there."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.management.base import CommandError

from executor.admission import executor_from_settings, sweep_lost
from executor.engine import SandboxUnavailable
from executor.pool import reap

logger = logging.getLogger(__name__)


def prepare(say: Callable[[str], object]) -> None:
    """Close the records and remove the containers of an earlier life, and ask for the walls.

    Raises ``CommandError`` where one is missing that the configuration demands. An engine that
    is merely away stops nothing: each sandbox is asked again before its use.
    """
    sweep_lost()
    try:
        with executor_from_settings(pool_size=0) as executor:
            if strays := reap(executor.pool.engine):
                say(f"Removed stray sandboxes: {', '.join(strays)}")
            executor.walls()
    except SandboxUnavailable as error:
        if error.code == "walls-missing":
            raise CommandError(
                f"{error} The server does not start without them. Put them up, or take "
                "their names out of SANDBOX_REQUIRE_WALLS."
            ) from error
        logger.warning("%s Pages are served; runs will work once it is there.", error)
