"""Admin pages of records: to read, to filter and to search, never to change."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

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
    """The field by which the search finds an execution's id however it is spelt.

    SQLite keeps it without dashes and PostgreSQL with them, and each compares as it keeps.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, may_be_doubled = super().get_search_results(request, queryset, search_term)
        try:
            key = UUID(search_term.strip())
        except ValueError:
            return found, may_be_doubled
        if self.execution_key:
            found |= queryset.filter(**{self.execution_key: key})
        return found, may_be_doubled

    class Media:
        css: ClassVar = {"all": ["audit/admin.css"]}
