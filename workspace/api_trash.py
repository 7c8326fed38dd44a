"""``/api/trash/``: list, restore, empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse

from executor.fields import Fields
from workspace import projects
from workspace import trash as entries
from workspace.access import deleted_projects_of, trashed_files_of
from workspace.api_projects import project_json
from workspace.endpoint import endpoint, fields_of
from workspace.models import Project, TrashedFile
from workspace.refused import Refused, not_there

_RESTORERS = {
    "change": projects.undo,
    "file": projects.restore_file,
    "project": projects.restore_project,
}


def _list(person: User, request: HttpRequest) -> dict[str, Any]:
    files = trashed_files_of(person).exclude(reason=TrashedFile.Reason.ADDED)
    counted = (
        deleted_projects_of(person)
        .order_by("-deleted")
        .annotate(file_count=Count("files"), bytes=Sum("files__size"))
    )
    return {
        "days": settings.TRASH_DAYS,
        "files": [_file_json(file) for file in files.select_related("project").defer("content")],
        "projects": [
            _project_json(row)
            for row in counted.values("id", "name", "deleted", "file_count", "bytes")
        ],
    }


def _file_json(file: TrashedFile) -> dict[str, Any]:
    return {
        "id": str(file.pk),
        "project": {"id": str(file.project_id), "name": file.project.name},
        "path": file.path,
        "size": file.size,
        "reason": file.reason,
        "deleted": file.created.isoformat(),
        "expires": entries.expires(file.created).isoformat(),
    }


def _project_json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "files": row["file_count"],
        "bytes": row["bytes"] or 0,
        "deleted": row["deleted"].isoformat(),
        "expires": entries.expires(row["deleted"]).isoformat(),
    }


def _empty(person: User, request: HttpRequest) -> HttpResponse:
    projects.empty_trash(person)
    return HttpResponse(status=204)


def _restore(person: User, request: HttpRequest) -> dict[str, Any]:
    fields = fields_of(request)
    named = [name for name in _RESTORERS if fields.has(name)]
    if len(named) != 1:
        raise Refused("bad-field", "Name one of “change”, “file” and “project”.")
    key = _key(fields, named[0])
    fields.done()
    restored: Project = _RESTORERS[named[0]](person, key)
    return project_json(restored)


def _key(fields: Fields, name: str) -> UUID:
    try:
        return UUID(fields.take(name, str))
    except ValueError as error:
        raise not_there(name) from error


trash = endpoint(GET=_list, DELETE=_empty)
restore = endpoint(POST=_restore)
