"""Projects and shares in the administration: who has how much. Contents are nobody else's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.urls import URLPattern

from audit.readonly_admin import Records
from workspace.models import Project, Share


class Counted(Records):
    """Lists with the number and the size of the files; no page shows what is in them."""

    list_display_links = None
    actions = None

    def get_urls(self) -> list[URLPattern]:
        """The list, and no page of a single one; adding is refused like everywhere else."""
        kept = ("_changelist", "_add")
        return [url for url in super().get_urls() if url.name and url.name.endswith(kept)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).defer("stdin", "args")
        counted: QuerySet[Any] = rows.annotate(
            file_count=Count("files"), file_bytes=Sum("files__size")
        )
        return counted

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Nothing here deletes; it is asked for before an account is, with which its projects go.
        return request.user.has_perm("auth.delete_user")

    @admin.display(ordering="file_count")
    def number_of_files(self, row: Any) -> int:
        return int(row.file_count)

    @admin.display(ordering="file_bytes", description="bytes")
    def size(self, row: Any) -> int:
        return int(row.file_bytes or 0)


@admin.register(Project)
class ProjectAdmin(Counted):
    list_display = (
        *("id", "owner", "name", "number_of_files", "size"),
        *("created", "updated", "deleted"),
    )
    list_filter = (("owner", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("^id", "name", "owner__username")


@admin.register(Share)
class ShareAdmin(Counted):
    list_display = ("id", "owner", "name", "number_of_files", "size", "created", "expires")
    list_select_related = ("project__owner",)
    search_fields = ("name", "project__owner__username")

    @admin.display(ordering="project__owner")
    def owner(self, share: Share) -> str:
        return share.project.owner.get_username()
