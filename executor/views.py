from __future__ import annotations

from dataclasses import asdict

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


# The terminal sets the styles of its cells from a script; scripts stay strict.
@csp_update({"style-src": [SELF, UNSAFE_INLINE]})
@require_safe
def ide(request: HttpRequest) -> HttpResponse:
    """The editor's page."""
    return render(request, "ide.html", {"limits": asdict(settings.LIMITS)})
