"""Pages for people: what a share's link leads to, and one's own statistics."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audit.visible import visible
from workspace import shares
from workspace.access import own_executions, share_for_reading
from workspace.files import text_of
from workspace.models import Share, SharedFile
from workspace.refused import Refused
from workspace.statistics import Statistics

logger = logging.getLogger(__name__)

# Of a page, for whoever may open it: a project of the greatest size would take three seconds.
_SHOWN_LINES = 3000
_SHOWN_CHARACTERS = 1 << 19


@login_not_required  # asked for below, for SHARES_PUBLIC may say otherwise
@require_safe
@never_cache  # a link that was revoked leads nowhere, not to what somebody kept of it
def shared(request: HttpRequest, token: str) -> HttpResponseBase:
    """What was shared, to read."""
    if not settings.SHARES_PUBLIC and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    share = _share(token)
    # By its number: whoever reads the log must not be able to use the link.
    logger.info("share %s was read by %s", share.pk, request.user.pk or "somebody")
    return _page(request, share)


@login_not_required  # asked for below: after the log-in comes the page, not this
@require_http_methods(["GET", "POST"])
def fork(request: HttpRequest, token: str) -> HttpResponseBase:
    """A copy for whoever asks, opened in the editor."""
    page = reverse("share", args=[token])
    if not isinstance(request.user, User):
        return redirect_to_login(page)
    if request.method == "GET":
        return redirect(page)
    share = _share(token)
    try:
        project = shares.fork(request.user, share)
    except Refused as error:
        return _page(request, _share(token), error)
    return redirect(f"{reverse('ide')}?project={project.pk}")


@require_safe
@never_cache
def statistics(request: HttpRequest) -> HttpResponse:
    """One's own executions in numbers."""
    context = {"statistics": Statistics.of(own_executions(request.user))}
    return render(request, "statistics.html", context)


def _share(token: str) -> Share:
    share = share_for_reading(token)
    if share is None:
        raise Http404("This link does not exist, has expired or was revoked.")
    return share


def _page(request: HttpRequest, share: Share, error: Refused | None = None) -> HttpResponse:
    room = _Room()
    stored = sorted(share.files.all(), key=lambda file: (file.path != share.main, file.path))
    files = [_shown(file, room) for file in stored]
    context = {"share": share, "files": files, "error": error}
    return render(request, "shared.html", context, status=error.status if error else 200)


@dataclass(slots=True)
class _Room:
    """What of a page is left for the files that are still to come."""

    lines: int = _SHOWN_LINES
    characters: int = _SHOWN_CHARACTERS

    def first_of(self, text: str) -> list[str]:
        """The first lines of a text, whole ones only, as far as there is room for them."""
        taken = []
        for line in text.split("\n", self.lines)[: self.lines]:
            self.characters -= len(line) + 1
            if self.characters < 0:
                self.lines = 0
                break
            taken.append(line)
        self.lines -= min(self.lines, len(taken))
        return taken


def _shown(file: SharedFile, room: _Room) -> dict[str, Any]:
    """A file's lines, with what would be invisible made visible; None for what is no text."""
    facts: dict[str, Any] = {"path": file.path, "size": file.size, "lines": None}
    text = text_of(bytes(file.content))
    if text is None:
        return facts
    text = text.replace("\r\n", "\n").removesuffix("\n")
    lines = [visible(line) for line in room.first_of(text)]
    return facts | {"lines": lines, "more": text.count("\n") + 1 - len(lines)}
