"""What the admin shows of the records; each kind's pages are beside this file."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from audit import dashboard
from audit.access import executions_visible_to
from audit.filters import Sender, Within
from audit.models import Execution, Notification, Pause, Violation
from audit.pause_admin import NotificationAdmin, PauseAdmin
from audit.readonly_admin import LightList, ReadOnly, Records, shown
from audit.violation_admin import ViolationAdmin

admin.site.register(Violation, ViolationAdmin)
admin.site.register(Pause, PauseAdmin)
admin.site.register(Notification, NotificationAdmin)


class ExecutionList(LightList):
    heavy = (
        *("stdout", "stderr", "compiler_output", "diagnostics", "walls", "limits", "data_files"),
        *("compiler_files", "input_kept"),
    )


class ViolationsOfExecution(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Violation
    fields = ("category", "rule", "severity", "message", "place", "state")
    readonly_fields = fields
    show_change_link = True
    extra = 0


@admin.register(Execution)
class ExecutionAdmin(Records):
    list_display = (
        *("id", "created", "username", "door", "state", "status", "main"),
        *("total_ms", "peak_memory_bytes", "validated"),
    )
    list_filter = ("status", Within, "door", "state", "validated", Sender)
    search_fields = ("^id", "username", "^code_hash", "message")
    execution_key = "id"
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
                    *("compiler_files", "input_bytes", "input_sha256", "input_shown"),
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
        return ExecutionList

    def get_urls(self) -> list[URLPattern]:
        return [*dashboard.urls(self.admin_site), *super().get_urls()]

    @admin.display(description="source")
    def source_shown(self, execution: Execution) -> SafeString:
        files = execution.source.contents().items()
        return format_html_join(
            "",
            "<h3>{}</h3>{}",
            # Bytes that are no text appear as escapes, as everything invisible does.
            ((shown(name), shown(data.decode(errors="backslashreplace"))) for name, data in files),
        )

    @admin.display(description="input")
    def input_shown(self, execution: Execution) -> SafeString:
        return shown(execution.input.decode(errors="backslashreplace"))

    @admin.display(description="stdout")
    def stdout_shown(self, execution: Execution) -> SafeString:
        return shown(execution.stdout)

    @admin.display(description="stderr")
    def stderr_shown(self, execution: Execution) -> SafeString:
        return shown(execution.stderr)

    @admin.display(description="compiler output")
    def compiler_shown(self, execution: Execution) -> SafeString:
        return shown(execution.compiler_output)
