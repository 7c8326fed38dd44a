from __future__ import annotations

from dataclasses import asdict, astuple
from uuid import UUID

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.access import execution_visible_to
from executor import library
from executor.engine import SandboxUnavailable

OPTIONS = ["sanitize", "fixed_seed", "warnings"]
"""The switches that a run may have; the page offers those that the site allows."""


# The terminal sets the styles of its cells from a script; scripts stay strict.
@csp_update({"style-src": [SELF, UNSAFE_INLINE]})
@require_safe
def ide(request: HttpRequest) -> HttpResponse:
    """The editor's page."""
    ruled_out = () if settings.ALLOW_SHOW_WARNINGS else ("warnings",)
    offered = [option for option in OPTIONS if option not in ruled_out]
    context = {"limits": asdict(settings.LIMITS), "tools": {"options": offered}}
    return render(request, "ide.html", context)


@require_safe
def declarations(request: HttpRequest) -> HttpResponse:
    """What the editor offers: ``{"declarations": [[name, header, text, sentence], …]}``.

    Status 503 while the engine, which has the image with the headers, is away.
    """
    try:
        told = library.current().declarations()
    except SandboxUnavailable as error:
        problem = {"error": {"code": error.code, "message": str(error)}}
        return JsonResponse(problem, status=503)
    return JsonResponse({"declarations": [list(astuple(one)) for one in told]})


@require_safe
@never_cache
def execution(request: HttpRequest, execution_id: UUID) -> HttpResponse:
    """The record of one execution; 404 alike for “not yours” and “not there”."""
    record = execution_visible_to(request.user, execution_id)
    if record is None:
        raise Http404
    sources = record.source.contents().items()
    texts = [(name, data.decode("utf-8", "replace")) for name, data in sources]
    streams = [
        ("Input", record.input.decode("utf-8", "replace")),
        ("Compiler", record.compiler_output),
        ("Standard output", record.stdout),
        ("Standard error", record.stderr),
    ]
    texts += [(title, text) for title, text in streams if text]
    violations = record.violations.order_by("id")
    context = {"record": record, "texts": texts, "violations": violations}
    return render(request, "execution.html", context)
