"""``manage.py serve``: daphne, with a pool that is warm before the first visitor.

daphne has no ASGI lifespan, and on SIGTERM it neither disconnects consumers nor
cancels their tasks; on some Pythons it even crashes over them. So the pool is
started when the reactor runs, and executions end, with their records, before
the reactor stops.
"""

from __future__ import annotations

import asyncio
import logging
from argparse import ArgumentParser
from typing import Any

from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from twisted.internet import defer, reactor

from executor import dispatch
from executor.container import Engine, SandboxUnavailable
from executor.pool import reap

logger = logging.getLogger(__name__)

# The largest source, with every character escaped to six in JSON, and something around it.
_FRAME_FACTOR = 6
_FRAME_EXTRA = 1 << 20


class Command(BaseCommand):
    help = "Serve the site."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        from ideproject.asgi import application

        self._clean_up()
        self._address = f"http://{_shown(options['host'])}:{options['port']}/"
        reactor.addSystemEventTrigger("before", "shutdown", _close)  # type: ignore[arg-type]
        limit = settings.LIMITS.source_bytes * _FRAME_FACTOR + _FRAME_EXTRA
        self._server = Server(
            application,
            endpoints=build_endpoint_description_strings(
                host=options["host"], port=options["port"]
            ),
            websocket_max_message_size=limit,
            websocket_max_frame_size=limit,
            # Soon, because the event loop does not run yet when daphne would call it itself.
            ready_callable=lambda: reactor.callLater(0, self._ready),  # type: ignore[arg-type]
            server_name="cloister",
        )
        self._server.run()
        if not self._server.listening_addresses:
            raise CommandError(f"Nothing could be served at {self._address}: is the port taken?")

    def _clean_up(self) -> None:
        """Close the records and remove the containers that an earlier life left behind."""
        dispatch.sweep_lost()
        try:
            executor = dispatch.executor_from_settings(pool_size=0)
            if strays := reap(Engine(executor.config)):
                self.stdout.write(f"Removed stray sandboxes: {', '.join(strays)}")
        except SandboxUnavailable as error:
            logger.warning("%s Pages are served; runs will work once it is there.", error)

    def _ready(self) -> None:
        if not self._server.listening_addresses:
            return  # daphne has said why and is about to stop
        dispatch.current()
        self.stdout.write(f"Cloister is at {self._address}  (Ctrl+C stops it)")
        self.stdout.flush()


def _close() -> defer.Deferred[None]:
    """What the reactor waits for before it stops."""
    return defer.Deferred.fromFuture(asyncio.ensure_future(dispatch.close()))


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - only shown
        return "localhost"
    return f"[{host}]" if ":" in host else host
