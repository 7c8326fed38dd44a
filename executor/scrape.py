"""``/metrics``: for a Prometheus with the token, or for this machine itself where none is set.

An address proves nothing once a proxy stands in front, for then everybody comes
from this machine. So without a token it counts only where no proxy is trusted
and the request carries no trace of one; with a token only the token counts.
"""

from __future__ import annotations

import ipaddress
from secrets import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from audit import measures

_REFUSAL = (
    "Metrics are given to whoever sends the token of METRICS_TOKEN, as “Authorization: Bearer …”. "
    "Where no token is set they are given to this machine itself, and not through a proxy.\n"
)
_TRACES_OF_A_PROXY = (
    *("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST"),
    *("HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP"),
)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything that is counted, in Prometheus’ text format; 403 for others."""
    if not may_scrape(request):
        return HttpResponse(_REFUSAL, status=403, content_type="text/plain; charset=utf-8")
    text = generate_latest(REGISTRY) + generate_latest(measures.REGISTRY)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def may_scrape(request: HttpRequest) -> bool:
    """Whether the request has the token or, where there is none, is this machine’s own."""
    if settings.METRICS_TOKEN:
        sent = request.headers.get("Authorization", "")
        wanted = f"Bearer {settings.METRICS_TOKEN}"
        return compare_digest(sent.encode(), wanted.encode())
    proxied = settings.TRUST_PROXY or any(name in request.META for name in _TRACES_OF_A_PROXY)
    return not proxied and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_loopback
