from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.access import execution_visible_to

OPTIONS = ["sanitize", "fixed_seed", "warnings"]
"""The switches that a run may have; the page offers these and no others."""


# The terminal sets the styles of its cells from a script; scripts stay strict.
@csp_update({"style-src": [SELF, UNSAFE_INLINE]})
@require_safe
def ide(request: HttpRequest) -> HttpResponse:
    """The editor's page."""
    context = {"limits": asdict(settings.LIMITS), "tools": {"options": OPTIONS}}
    return render(request, "ide.html", context)


@require_safe
def execution(request: HttpRequest, execution_id: UUID) -> HttpResponse:
    """The record of one execution; 404 alike for “not yours” and “not there”."""
    record = execution_visible_to(request.user, execution_id)
    if record is None:
        raise Http404
    sources = record.source.contents().items()
    texts = [(name, data.decode("utf-8", "replace")) for name, data in sources]
    streams = [
        ("Compiler", record.compiler_output),
        ("Standard output", record.stdout),
        ("Standard error", record.stderr),
    ]
    texts += [(title, text) for title, text in streams if text]
    violations = record.violations.order_by("id")
    context = {"record": record, "texts": texts, "violations": violations}
    return render(request, "execution.html", context)
