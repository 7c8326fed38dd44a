"""``manage.py serve``: daphne, with a pool that is warm before the first visitor.

daphne has no ASGI lifespan, and on SIGTERM it ends consumers before they have said
their last word (`connections.py` keeps it from that) and leaves their tasks; a
Python that exits over them may crash. So the pool is
started when the reactor runs, and before the reactor stops, executions end with
their records, then sockets with a word to their pages, then whatever still waits.
"""

from __future__ import annotations

import asyncio
import logging
from argparse import ArgumentParser
from typing import Any

from daphne.endpoints import build_endpoint_description_strings
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from twisted.internet import defer, reactor

from audit import notify, rounds
from executor import descriptors, dispatch, image_watch, last_resort, readiness
from executor.connections import BoundedServer, most_connections
from executor.limits import Limits

logger = logging.getLogger(__name__)

# In JSON, each of a source's characters may be escaped to six.
_ESCAPED = 6
_MESSAGE_EXTRA = 1 << 20
# Each piece of a body is a message on the event loop; daphne's 8 KiB make a thousand of 8 MB.
_BODY_PIECE_BYTES = 1 << 18
_PARTING_SECONDS = 2.0
# More than all that is waited for takes together, and less than TimeoutStopSec of the unit.
_ENDING_SECONDS = 18.0


class Command(BaseCommand):
    help = "Serve the site."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        from ideproject import bodies
        from ideproject.asgi import application

        bodies.install()
        self._raise_descriptors()
        if not settings.REDIS_URL:  # with it, workers have the engines
            readiness.prepare(self.stdout.write)
        self._address = f"http://{_shown(options['host'])}:{options['port']}/"
        reactor.addSystemEventTrigger("before", "shutdown", self._end)  # type: ignore[arg-type]
        limit = _message_bytes(settings.LIMITS)
        self._server = BoundedServer(
            application,
            endpoints=build_endpoint_description_strings(
                host=options["host"], port=options["port"]
            ),
            websocket_max_message_size=limit,
            websocket_max_frame_size=limit,
            # Soon, because the event loop does not run yet when daphne would call it itself.
            ready_callable=lambda: reactor.callLater(0, self._ready),  # type: ignore[arg-type]
            server_name="cloister",
            request_buffer_size=_BODY_PIECE_BYTES,
        )
        self._server.run()
        if not self._server.listening_addresses:
            raise CommandError(f"Nothing could be served at {self._address}: is the port taken?")

    def _raise_descriptors(self) -> None:
        files, most = descriptors.raise_limit(), most_connections()
        if most < settings.CONNECTIONS_PER_ADDRESS:
            self.stdout.write(
                f"This process may open {files:,} files, which leaves {most:,} for connections; "
                f"CONNECTIONS_PER_ADDRESS is {settings.CONNECTIONS_PER_ADDRESS:,}. Raise the hard "
                "limit on open files (LimitNOFILE= of the service, or ulimit -Hn)."
            )

    def _ready(self) -> None:
        if not self._server.listening_addresses:
            return  # daphne has said why and is about to stop
        dispatcher = dispatch.current()
        sweep = dispatch.sweep_lost
        if isinstance(dispatcher, dispatch.Dispatcher):
            image_watch.start(dispatcher.executor.pool.engine)
            sweep = dispatcher.sweep
        notify.start()
        rounds.start(sweep)
        self.stdout.write(f"Cloister is at {self._address}  (Ctrl+C stops it)")
        self.stdout.flush()

    def _end(self) -> defer.Deferred[None]:
        """What the reactor waits for before it stops."""
        last_resort.leave_after(_ENDING_SECONDS)
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._close()))

    async def _close(self) -> None:
        await dispatch.close()
        for protocol in list(self._server.connections):
            if isinstance(protocol, WebSocketProtocol) and protocol.state == protocol.STATE_OPEN:
                protocol.serverClose()
        await _end_tasks(_PARTING_SECONDS)


def _message_bytes(limits: Limits) -> int:
    """The largest message: the largest source coming in, or one file in base64 going out.

    The WebSocket library has one limit for both ways.
    """
    return max(limits.source_bytes * _ESCAPED, limits.data_bytes * 4 // 3) + _MESSAGE_EXTRA


async def _end_tasks(seconds: float) -> None:
    """Wait for all other tasks of this loop, and cancel those that take too long."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - only shown
        return "localhost"
    return f"[{host}]" if ":" in host else host
