"""``/api/projects/``: list, make, read, change, delete."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse

from workspace import examples, projects
from workspace.access import project_of, projects_of
from workspace.endpoint import endpoint, fields_of
from workspace.models import Project
from workspace.projects import Change, described
from workspace.recipe import contents, recipe
from workspace.refused import Refused

_HELLO = b"""#include <stdio.h>

int main(void)
{
    printf("Hello from Cloister!\\n");
    return 0;
}
"""


def project_json(project: Project, with_texts: bool = False) -> dict[str, Any]:
    """The project object; ``text`` of its files only where asked for."""
    stored = project.files.all() if with_texts else project.files.defer("content")
    return {
        "id": str(project.pk),
        "name": project.name,
        "main": project.main,
        "created": project.created.isoformat(),
        "updated": project.updated.isoformat(),
        "options": project.options,
        "args": project.args,
        "stdin": bytes(project.stdin).decode(),
        "files": [described(file, with_texts) for file in stored],
    }


def change_json(change: Change) -> dict[str, Any]:
    """Return what an upload did; ``id`` undoes it and is null if that is impossible."""
    return {
        "id": str(change.id) if change.id else None,
        "added": change.added,
        "overwritten": change.overwritten,
    }


def _list(person: User, request: HttpRequest) -> dict[str, Any]:
    counted = projects_of(person).annotate(
        file_count=Count("files"), bytes=Coalesce(Sum("files__size"), 0)
    )
    # Said here, because a query that groups forgets the model's own order.
    ordered = counted.order_by("-updated", "-created")
    rows = ordered.values("id", "name", "main", "updated", "file_count", "bytes")
    limits = settings.LIMITS
    return {
        "projects": [
            {
                "id": str(row["id"]),
                "name": row["name"],
                "main": row["main"],
                "updated": row["updated"].isoformat(),
                "files": row["file_count"],
                "bytes": row["bytes"],
            }
            for row in rows
        ],
        "limits": {
            "projects": settings.PROJECTS_PER_USER,
            "files": limits.file_count,
            "source_bytes": limits.source_bytes,
            "data_bytes": limits.data_bytes,
            "workspace_bytes": settings.WORKSPACE_BYTES,
        },
    }


def _create(person: User, request: HttpRequest) -> HttpResponse:
    fields = fields_of(request)
    wanted = recipe(fields)
    files = {"main.c": _HELLO}
    if fields.has("example"):
        example = examples.find(fields.take("example", str))
        wanted, files = example.recipe | wanted, dict(example.files)
    elif fields.has("files"):
        files = contents(fields)
    fields.done()
    if "name" not in wanted:
        raise Refused("bad-field", "A project needs a “name”.")
    project = projects.create(person, files, wanted)
    return JsonResponse(project_json(project, with_texts=True), status=201)


def _read(person: User, request: HttpRequest, project_id: UUID) -> dict[str, Any]:
    return project_json(project_of(person, project_id), with_texts=True)


def _change(person: User, request: HttpRequest, project_id: UUID) -> dict[str, Any]:
    fields = fields_of(request)
    changed = recipe(fields)
    fields.done()
    return project_json(projects.change(person, project_id, changed))


def _delete(person: User, request: HttpRequest, project_id: UUID) -> HttpResponse:
    projects.delete(person, project_id)
    return HttpResponse(status=204)


def _examples(person: User, request: HttpRequest) -> dict[str, Any]:
    return {
        "examples": [
            {
                "slug": example.slug,
                "title": example.title,
                "summary": example.summary,
                "files": sorted(example.files),
            }
            for example in examples.all_examples()
        ]
    }


project_list = endpoint(GET=_list, POST=_create)
one_project = endpoint(GET=_read, PATCH=_change, DELETE=_delete)
example_list = endpoint(GET=_examples)
