"""The records in the admin: to read, to filter and to search, never to change."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from audit.access import executions_visible_to, violations_visible_to
from audit.models import Execution, Violation

# Control characters but tab and newline, and marks that reorder the text around them.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


def shown(text: str) -> SafeString:
    """``text`` escaped, as it is written, with its invisible characters made visible."""
    visible = _HIDDEN.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
    return format_html('<pre class="record">{}</pre>', visible) if text else SafeString("–")


class _Light(ChangeList):
    """Lists leave the large columns in the database; a record's own page reads them."""

    heavy: ClassVar[tuple[str, ...]]

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        return super().get_queryset(request, *args, **kwargs).defer(*self.heavy)


class _ExecutionList(_Light):
    heavy = ("stdout", "stderr", "compiler_output", "diagnostics", "walls", "limits", "data_files")


class _ViolationList(_Light):
    heavy = tuple(f"execution__{name}" for name in _ExecutionList.heavy)


class _ReadOnly:
    """Refuses every change to everyone, superusers included."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# The admin classes of Django are generic to the type checker only.
class _Records(_ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    date_hierarchy = "created"
    list_per_page = 50
    show_full_result_count = False

    class Media:
        css: ClassVar = {"all": ["audit/admin.css"]}


class ViolationsOfExecution(_ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Violation
    fields = ("category", "rule", "severity", "message", "place", "suggestion")
    readonly_fields = fields
    show_change_link = True
    extra = 0


@admin.register(Execution)
class ExecutionAdmin(_Records):
    list_display = (
        *("id", "created", "username", "door", "state", "status", "main"),
        *("total_ms", "peak_memory_bytes", "validated"),
    )
    list_filter = (
        *("status", "door", "state", "validated", "created"),
        ("user", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("^id", "username", "^code_hash", "message")
    search_help_text = "Execution id, user name, code hash or message"
    inlines = (ViolationsOfExecution,)
    fieldsets = (
        (None, {"fields": ("id", "state", "status", "message", "created", "started", "ended")}),
        ("Who", {"fields": ("user", "username", "door", "remote_address", "user_agent", "server")}),
        (
            "What was sent",
            {
                "fields": (
                    *("code_hash", "source_shown", "main", "args", "data_files"),
                    *("interactive", "validated"),
                )
            },
        ),
        (
            "What became of it",
            {
                "fields": (
                    *("exit_code", "signal", "blocked_syscall", "truncated", "output_files"),
                    *("stdout_shown", "stderr_shown", "compiler_shown", "diagnostics"),
                )
            },
        ),
        (
            "What it took",
            {
                "fields": (
                    *("queue_ms", "container_start_ms", "compile_ms", "run_ms", "cpu_ms"),
                    *("total_ms", "peak_memory_bytes", "output_bytes"),
                )
            },
        ),
        ("Walls", {"fields": ("policy_version", "image", "container", "limits", "walls")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Execution]:
        return executions_visible_to(request.user)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _ExecutionList

    @admin.display(description="source")
    def source_shown(self, execution: Execution) -> SafeString:
        files = execution.source.contents().items()
        return format_html_join(
            "",
            "<h3>{}</h3>{}",
            # Bytes that are no text appear as escapes, as everything invisible does.
            ((shown(name), shown(data.decode(errors="backslashreplace"))) for name, data in files),
        )

    @admin.display(description="stdout")
    def stdout_shown(self, execution: Execution) -> SafeString:
        return shown(execution.stdout)

    @admin.display(description="stderr")
    def stderr_shown(self, execution: Execution) -> SafeString:
        return shown(execution.stderr)

    @admin.display(description="compiler output")
    def compiler_shown(self, execution: Execution) -> SafeString:
        return shown(execution.compiler_output)


@admin.register(Violation)
class ViolationAdmin(_Records):
    list_display = (
        *("created", "rule", "severity", "username", "execution_link", "place", "message"),
        "category",
    )
    list_filter = ("category", "severity", "rule", "created")
    list_select_related = ("execution",)
    search_fields = ("rule", "message", "execution__username", "^execution__id")
    search_help_text = "Rule, message, user name or execution id"
    fields = (
        *("created", "category", "rule", "severity", "message", "place", "suggestion"),
        *("username", "execution_link"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Violation]:
        return violations_visible_to(request.user)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _ViolationList

    @admin.display(description="user", ordering="execution__username")
    def username(self, violation: Violation) -> str:
        return violation.execution.username

    @admin.display(description="execution")
    def execution_link(self, violation: Violation) -> SafeString:
        address = reverse("admin:audit_execution_change", args=[violation.execution_id])
        return format_html('<a href="{}">{}…</a>', address, str(violation.execution_id)[:8])
