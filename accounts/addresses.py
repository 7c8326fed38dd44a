"""Where a request comes from, for the record and for counting."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def address_of_request(request: HttpRequest) -> str:
    """The peer's IP address, or an empty text if there is none (a Unix socket)."""
    return _address(request.META.get("REMOTE_ADDR"), request.META.get("HTTP_X_FORWARDED_FOR"))


def address_of_scope(scope: Mapping[str, Any]) -> str:
    """The same for an ASGI connection, such as a WebSocket."""
    forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    client = scope.get("client")
    return _address(client[0] if client else None, b",".join(forwarded).decode("latin-1"))


def network_of(address: str) -> str:
    """What to count by: the address, or the /64 network of which one person has all of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False))


def _address(peer: str | None, forwarded: str | None) -> str:
    """Behind a trusted proxy, the last entry: those before it are the client's own words."""
    if settings.TRUST_PROXY and forwarded:
        last = forwarded.rsplit(",", 1)[-1].strip()
        try:
            return str(ipaddress.ip_address(last))
        except ValueError:
            pass  # the proxy wrote no address: count by the proxy itself
    return peer or ""
