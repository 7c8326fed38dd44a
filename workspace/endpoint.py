"""The HTTP door: log-in, methods, bodies and errors, the same for every address of the API.

Its handlers take the person and the request and give what becomes JSON, or a
response of their own. Whoever is not logged in gets JSON too, not the log-in page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.views.csrf import csrf_failure as csrf_page

from executor.fields import BadMessage, Fields, parsed
from executor.submission import BadSubmission, encoded
from executor.throttle import Headcount
from workspace.refused import Refused, not_logged_in

# A browser has six; each may hold the largest of bodies.
_MOST_AT_ONCE = 8
_under_way = Headcount(_MOST_AT_ONCE)
_counting = Lock()

Handler = Callable[..., dict[str, Any] | HttpResponseBase]


def endpoint(**handlers: Handler) -> Callable[..., HttpResponseBase]:
    """A view that gives each HTTP method to its handler."""

    @login_not_required  # asked for below, and answered in JSON
    def view(request: HttpRequest, **at: Any) -> HttpResponseBase:
        handler = handlers.get(request.method or "")
        if handler is None:
            return HttpResponseNotAllowed(handlers)
        try:
            person = person_of(request)
            with _counted(person):
                answer = handler(person, request, **at)
        except Refused as error:
            return refusal(error)
        except (BadMessage, BadSubmission) as error:
            return refusal(Refused(error.code, str(error)))
        response = answer if isinstance(answer, HttpResponseBase) else JsonResponse(answer)
        # The next one at this computer is to find nothing.
        response.headers["Cache-Control"] = "no-store"
        return response

    return view


@contextmanager
def _counted(person: User) -> Iterator[None]:
    """One request of a person among those under way; raises :class:`Refused` beyond the most."""
    with _counting:
        if not _under_way.enter(person.pk):
            raise too_many_requests(_MOST_AT_ONCE)
    try:
        yield
    finally:
        with _counting:
            _under_way.leave(person.pk)


@login_not_required  # there is nothing to protect
def nowhere(request: HttpRequest) -> HttpResponse:
    """Any other address of the API."""
    return refusal(Refused("not-found", "There is nothing at this address.", 404))


def person_of(request: HttpRequest) -> User:
    """Who asks; raises :class:`Refused` when nobody is logged in."""
    if not isinstance(request.user, User):
        raise not_logged_in()
    return request.user


def refusal(error: Refused) -> JsonResponse:
    body = {"error": {"code": error.code, "message": str(error)}, **error.more}
    return JsonResponse(body, status=error.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page that says so, or the same in JSON for the API."""
    if not request.path.startswith("/api/"):
        return csrf_page(request, reason)
    return refusal(
        Refused("csrf", "The request does not come from this site's page. Reload the page.", 403)
    )


class LargestBody:
    """Middleware that refuses a body over ``settings.LARGEST_BODY`` bytes before it is parsed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > settings.LARGEST_BODY:
            return refusal(too_large(settings.LARGEST_BODY))
        return self._get_response(request)


def too_large(limit: int) -> Refused:
    return Refused(
        "body-size", f"The request is larger than {limit:,} bytes, the limit for one.", 413
    )


def too_many_requests(limit: int) -> Refused:
    return Refused(
        "too-many-requests",
        f"{limit} of your requests are under way, which is the limit, so nothing was done. "
        "Wait a moment and try again.",
        429,
    )


def raw_body(request: HttpRequest, limit: int) -> bytes:
    """The body; of a larger one than ``limit`` bytes no more than that is ever in memory."""
    body = request.read(limit + 1)
    if len(body) > limit:
        raise too_large(limit)
    return body


def fields_of(request: HttpRequest) -> Fields:
    """The JSON object in the body; raises ``BadMessage``, also when its fields are taken."""
    body = raw_body(request, settings.LARGEST_BODY)
    return Fields(parsed(body, "The request"), "The request")


def clean_text(text: str) -> str:
    """``text``; raises ``BadSubmission`` for half a character, which nothing could store."""
    encoded(text)
    return text
