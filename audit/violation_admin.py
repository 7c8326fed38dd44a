"""The reviewer's pages: the list with its counts, the dossier, decisions, exports."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audit.access import may, reviewable_by, violations_visible_to
from audit.decisions import decide
from audit.dossier import dossier
from audit.export import FORMATS
from audit.filters import Offender, Within
from audit.forms import DecisionForm
from audit.models import Review, Severity, Violation
from audit.readonly_admin import LightList, Records, person_of

MOST_AT_ONCE = 500
"""Decisions in one go; the request that confirms them names each violation."""
_HEAVY = (
    *("stdout", "stderr", "compiler_output", "diagnostics", "walls", "limits", "data_files"),
    *("compiler_files", "input_kept"),
)


class ViolationList(LightList):
    heavy = (*(f"execution__{name}" for name in _HEAVY), "suggestion", "note")


class ViolationAdmin(Records):
    list_display = (
        *("created", "rule", "severity", "state", "username", "execution_link", "place"),
        "message",
    )
    list_filter = (*("state", "severity", Within, "category", "rule", Offender),)
    list_select_related = ("execution",)
    search_fields = ("rule", "message", "execution__username", "^execution__id")
    execution_key = "execution__id"
    search_help_text = "Rule, message, user name or execution id"
    actions = ("review_selected",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Violation]:
        return violations_visible_to(request.user)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ViolationList

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        return [
            path("export.<slug:suffix>", export, name="audit_violation_export"),
            *super().get_urls(),
        ]

    def has_review_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "review_violation")

    @admin.display(description="user", ordering="execution__username")
    def username(self, violation: Violation) -> str:
        return violation.execution.username

    @admin.display(description="execution")
    def execution_link(self, violation: Violation) -> SafeString:
        address = reverse("admin:audit_execution_change", args=[violation.execution_id])
        return format_html('<a href="{}">{}…</a>', address, str(violation.execution_id)[:8])

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the counts of all violations above it."""
        context = {"severities": Severity.labels, "counts": _counts(self.get_queryset(request))}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The dossier; a POST is a decision."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        violation = self.get_object(request, object_id)
        if violation is None:
            raise Http404("There is no such violation.")
        form = DecisionForm(request.POST or None)
        if request.method == "POST":
            chosen = reviewable_by(request.user).filter(pk=violation.pk)
            if not chosen:
                raise PermissionDenied
            if form.is_valid():
                self._decide(request, chosen, form)
                return redirect(request.path)
        facts = dossier(violation, person_of(request))
        context = self._context(request, violation.rule) | facts | {"form": form}
        return TemplateResponse(request, "admin/audit/violation/dossier.html", context)

    @admin.action(description="Decide on the selected violations…", permissions=["review"])
    def review_selected(
        self, request: HttpRequest, queryset: QuerySet[Violation]
    ) -> HttpResponse | None:
        """Ask for a decision and a note; with them, decide on all that were named."""
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(keys) > MOST_AT_ONCE:
            text = f"Choose at most {MOST_AT_ONCE} violations at a time; nothing was changed."
            self.message_user(request, text, messages.ERROR)
            return None
        chosen = reviewable_by(request.user).filter(pk__in=keys)
        form = DecisionForm(request.POST if "decide" in request.POST else None)
        if form.is_valid():
            self._decide(request, chosen, form)
            return None
        context = self._context(request, "Decide on several violations") | {
            "form": form,
            "violations": chosen.select_related("execution"),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/audit/violation/review_selected.html", context)

    def export(self, request: HttpRequest, suffix: str) -> HttpResponseBase:
        """The filtered list as a file, streamed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if suffix not in FORMATS:
            raise Http404("There is no such format.")
        try:
            violations = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:audit_violation_changelist")
        content_type, write = FORMATS[suffix]
        name = f'attachment; filename="violations.{suffix}"'
        headers = {"Content-Type": content_type, "Content-Disposition": name}
        return StreamingHttpResponse(write(violations), headers=headers)

    def _decide(
        self, request: HttpRequest, chosen: QuerySet[Violation], form: DecisionForm
    ) -> None:
        state, note = form.cleaned_data["state"], form.cleaned_data["note"]
        count = decide(chosen, person_of(request), state, note)
        many = f"{count} violations are" if count != 1 else "The violation is"
        self.message_user(request, f"{many} {state} now.", messages.SUCCESS)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        site = self.admin_site.each_context(request)
        return site | {"opts": self.opts, "title": title, "media": self.media}


def _counts(violations: QuerySet[Violation]) -> list[dict[str, Any]]:
    """A row per state, with a number and a filter per severity."""
    grouped = violations.order_by().values_list("state", "severity").annotate(Count("pk"))
    counts = {(state, severity): count for state, severity, count in grouped}
    return [
        {
            "label": Review(state).label,
            "cells": [
                (counts.get((state, severity), 0), f"state__exact={state}&severity={severity}")
                for severity in Severity.values
            ],
        }
        for state in Review.values
    ]
