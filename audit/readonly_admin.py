"""Admin pages of records: to read, to filter and to search, never to change."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audit.visible import visible


def shown(text: str) -> SafeString:
    """``text`` escaped, as it is written, with its invisible characters made visible."""
    return format_html('<pre class="record">{}</pre>', visible(text)) if text else SafeString("–")


def person_of(request: HttpRequest) -> User:
    """Who asks; the admin has let nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class LightList(ChangeList):
    """Lists leave the large columns in the database; a record's own page reads them."""

    heavy: ClassVar[tuple[str, ...]]

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        return super().get_queryset(request, *args, **kwargs).defer(*self.heavy)


class ReadOnly:
    """Refuses every change to everyone, superusers included."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# The admin classes of Django are generic to the type checker only.
class Records(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_per_page = 50
    show_full_result_count = False
    execution_key = ""
    """The field by which the search finds how an execution's id begins, with dashes or without.

    PostgreSQL compares it with dashes; on SQLite, Django takes them away from both.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, may_be_doubled = super().get_search_results(request, queryset, search_term)
        plain = search_term.strip()
        if self.execution_key and re.fullmatch("[0-9a-fA-F]{9,32}", plain):
            ends = (8, 12, 16, 20, 32)
            parts = [plain[begin:end] for begin, end in pairwise((0, *ends)) if begin < len(plain)]
            found |= queryset.filter(**{f"{self.execution_key}__startswith": "-".join(parts)})
        return found, may_be_doubled

    class Media:
        css: ClassVar = {"all": ["audit/admin.css"]}
