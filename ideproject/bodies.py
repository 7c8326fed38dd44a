"""A bound for what a request may bring, where it comes in.

Twisted keeps a body in a temporary file until it is complete, and only then
tells the application: without this, anybody could fill the disk by sending one.
"""

from __future__ import annotations

from typing import Any

import daphne.server
from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings

# Below it the application answers with a sentence; whoever goes beyond did not ask.
_TIMES_THE_LARGEST = 2


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """Ends the connection of whoever sends much more than the largest body."""

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        if self.content.tell() + len(data) > _TIMES_THE_LARGEST * settings.LARGEST_BODY:
            self.channel.transport.abortConnection()
        else:
            super().handleContentChunk(data)


class BoundedFactory(HTTPFactory):  # type: ignore[misc]
    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 (Twisted's name)
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol


def install() -> None:
    """For daphne servers that are started from here on; daphne has no setting for it."""
    daphne.server.HTTPFactory = BoundedFactory
