"""The shares of one project: make, list, revoke."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from workspace import shares
from workspace.access import project_of
from workspace.endpoint import endpoint, fields_of
from workspace.models import Share
from workspace.refused import Refused

_MOST_DAYS = 365


def _list(person: User, request: HttpRequest, project_id: UUID) -> dict[str, Any]:
    listed = project_of(person, project_id).shares.all()
    return {"shares": [_described(share, request) for share in listed]}


def _create(person: User, request: HttpRequest, project_id: UUID) -> HttpResponse:
    fields = fields_of(request)
    days = fields.take("days", int | None)  # type: ignore[arg-type]
    fields.done()
    if isinstance(days, bool) or (days is not None and not 1 <= days <= _MOST_DAYS):
        raise Refused("bad-field", f"“days” must be from 1 to {_MOST_DAYS}, or null for no end.")
    return JsonResponse(_described(shares.share(person, project_id, days), request), status=201)


def _revoke(person: User, request: HttpRequest, token: str) -> HttpResponse:
    shares.revoke(person, token)
    return HttpResponse(status=204)


def _described(share: Share, request: HttpRequest) -> dict[str, Any]:
    return {
        "token": share.token,
        "url": request.build_absolute_uri(reverse("share", args=[share.token])),
        "created": share.created.isoformat(),
        "expires": share.expires.isoformat() if share.expires else None,
    }


share_list = endpoint(GET=_list, POST=_create)
one_share = endpoint(DELETE=_revoke)
