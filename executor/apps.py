import asyncio
from contextlib import suppress

from django.apps import AppConfig
from django.core.signals import request_finished
from django.db import connections


class ExecutorConfig(AppConfig):
    # No pool starts here: ready() runs for every command, and twice under autoreload.
    name = "executor"

    def ready(self) -> None:
        from executor import checks  # noqa: F401 - registers itself

        request_finished.connect(_close_connections, dispatch_uid="connections of a request")


def _close_connections(**_: object) -> None:
    """Close what this request's thread had: no further request has this thread."""
    with suppress(RuntimeError):
        asyncio.get_running_loop()
        return  # the event loop's thread has no connection
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:  # a test's transaction around the request
            connection.close()
