"""The administrators' pages for what follows from violations: pauses and notifications."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audit.access import may, pauses_visible_to
from audit.alerts import lift
from audit.filters import Within
from audit.models import Pause
from audit.readonly_admin import Records, person_of


class PauseAdmin(Records):
    list_display = ("username", "created", "until", "on", "reason", "lifted_by_name", "lifted_at")
    list_filter = (Within, ("lifted_at", admin.EmptyFieldListFilter))
    search_fields = ("username",)
    actions = ("lift_selected",)
    fields = (
        *("username", "created", "until", "on", "reason", "violation_link"),
        *("lifted_by_name", "lifted_at"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pause]:
        return pauses_visible_to(request.user)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.lift_view)
        return [path("<int:key>/lift/", view, name="audit_pause_lift"), *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, "lift_pause")

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "lift_pause")

    @admin.display(description="on", boolean=True)
    def on(self, pause: Pause) -> bool:
        return pause.is_on

    @admin.display(description="violation")
    def violation_link(self, pause: Pause) -> SafeString:
        address = reverse("admin:audit_violation_change", args=[pause.violation_id])
        return format_html('<a href="{}">{}</a>', address, pause.violation)

    @admin.action(description="Lift the selected pauses", permissions=["lift"])
    def lift_selected(self, request: HttpRequest, queryset: QuerySet[Pause]) -> None:
        count = sum(lift(pause, person_of(request)) for pause in queryset)
        self.message_user(request, f"{count} lifted.", messages.SUCCESS)

    def lift_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Lift one pause, from its own page or from a dossier, and go back there."""
        if not self.has_lift_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        pause = self.get_queryset(request).filter(pk=key).first()
        if pause is None:
            raise Http404("There is no such pause.")
        if lift(pause, person_of(request)):
            self.message_user(request, f"{pause.username} can submit again.", messages.SUCCESS)
        else:
            self.message_user(request, "This pause was over already.", messages.WARNING)
        violation = request.POST.get("violation", "")
        if violation.isdecimal():
            return redirect("admin:audit_violation_change", violation)
        return redirect("admin:audit_pause_change", key)


class NotificationAdmin(Records):
    list_display = ("created", "__str__", "attempts", "next_try", "sent_at", "last_error")
    list_filter = ("kind", Within, ("sent_at", admin.EmptyFieldListFilter))
