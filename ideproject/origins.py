"""Which pages may open a WebSocket here: our own and those of CSRF_TRUSTED_ORIGINS.

A browser sends the person's cookies along with any page's WebSocket, and the
same-site rule does not look at ports. The origin is therefore compared as a
whole; channels' own validator compares the host name only.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

logger = logging.getLogger(__name__)

_PORTS = {"http": "80", "https": "443"}
_Application = Callable[[Any, Any, Any], Awaitable[Any]]


class SameOriginOnly:
    """Refuses the handshake (403) of a foreign, opaque, ambiguous or missing origin."""

    def __init__(self, application: _Application) -> None:
        self._application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        origins, hosts = _values(scope, b"origin"), _values(scope, b"host")
        if len(origins) == len(hosts) == 1 and origin_allowed(origins[0], hosts[0]):
            return await self._application(scope, receive, send)
        logger.warning("WebSocket refused: its origin is %.200r, our host %.200r", origins, hosts)
        denier: _Application = WebsocketDenier.as_asgi()
        return await denier(scope, receive, send)


def origin_allowed(origin: str, host: str) -> bool:
    """Whether a page of ``origin``, ``https://name:port``, may speak to ``host``, ``name:port``."""
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    scheme, separator, netloc = origin.lower().partition("://")
    if not separator or scheme not in _PORTS or (settings.HTTPS and scheme != "https"):
        return False
    domain, port = _split(netloc, scheme)
    ours, our_port = _split(host, scheme)
    same = domain == ours and port == our_port
    return bool(domain) and same and validate_host(domain, settings.ALLOWED_HOSTS)


def _split(netloc: str, scheme: str) -> tuple[str, str]:
    """Name and port; the name is empty when ``netloc`` is not of the form ``name[:port]``."""
    domain, port = split_domain_port(netloc)
    return domain, port or _PORTS[scheme]


def _values(scope: dict[str, Any], name: bytes) -> list[str]:
    return [value.decode("latin-1") for header, value in scope["headers"] if header == name]
