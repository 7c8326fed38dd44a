"""Filters of the admin's lists that cost the same however many records there are."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

_LATEST = 1000


class Within(admin.SimpleListFilter):
    """How long ago at most; a date hierarchy would compute on every row of the table."""

    title = "time"
    parameter_name = "hours"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("1", "Past hour"),
            ("24", "Past 24 hours"),
            ("168", "Past 7 days"),
            ("720", "Past 30 days"),
            ("8760", "Past year"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        hours = self.value()
        if hours is None or hours not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(created__gte=timezone.now() - timedelta(hours=int(hours)))


class Sender(admin.SimpleListFilter):
    """The people of the latest executions; others are found by the search."""

    title = "user"
    parameter_name = "user"
    through = ""
    """What leads from a record to its execution."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        user, name = f"{self.through}user_id", f"{self.through}username"
        latest = model_admin.get_queryset(request).exclude(**{user: None})[:_LATEST]
        people = dict(latest.values_list(user, name))
        return sorted(((str(key), name) for key, name in people.items()), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        # More digits than a database's key has would not be a question but an error.
        known = re.fullmatch(r"[0-9]{1,18}", self.value() or "")
        return queryset.filter(**{f"{self.through}user": int(known[0])}) if known else queryset


class Offender(Sender):
    """The people of the latest violations."""

    through = "execution__"
