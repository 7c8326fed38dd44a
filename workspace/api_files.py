"""The files of one project: read, save, delete, move, upload, download."""

from __future__ import annotations

from typing import IO, Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header

from workspace import archive, files, projects, recipe
from workspace.access import file_of, project_of
from workspace.api_projects import change_json, project_json
from workspace.endpoint import clean_text, endpoint, fields_of, raw_body
from workspace.projects import described
from workspace.refused import Refused, not_there


def attachment(content: bytes, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    """Bytes to save, of a type that no browser shows or runs."""
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, kind, headers={"Content-Disposition": disposition})


def _read(person: User, request: HttpRequest, project_id: UUID, path: str) -> HttpResponse:
    file = file_of(project_of(person, project_id), _in_address(path))
    response = attachment(bytes(file.content), path.rpartition("/")[2])
    response.headers["ETag"] = f'"{file.sha256}"'
    return response


def _save(person: User, request: HttpRequest, project_id: UUID, path: str) -> dict[str, Any]:
    limits = settings.LIMITS
    content = raw_body(request, max(limits.source_bytes, limits.data_bytes))
    return described(
        projects.put(person, project_id, _in_address(path), content, _expected(request))
    )


def _delete(person: User, request: HttpRequest, project_id: UUID, path: str) -> HttpResponse:
    projects.remove(person, project_id, _in_address(path), _expected(request))
    return HttpResponse(status=204)


def _move(person: User, request: HttpRequest, project_id: UUID) -> dict[str, Any]:
    fields = fields_of(request)
    old, new = (clean_text(fields.take(name, str)).rstrip("/") for name in ("from", "to"))
    fields.done()
    return project_json(projects.move(person, project_id, old, new))


def _upload(person: User, request: HttpRequest, project_id: UUID) -> dict[str, Any]:
    overwrite = request.POST.get("overwrite", "yes")
    if overwrite not in ("yes", "no"):
        raise Refused("bad-field", "“overwrite” must be “yes” or “no”.")
    project, change = projects.store(
        person, project_id, _sent_files(request), overwrite=overwrite == "yes"
    )
    return project_json(project) | {"change": change_json(change)}


def _import(person: User, request: HttpRequest) -> HttpResponse:
    """Make a project of what was sent."""
    name = recipe.project_name(clean_text(request.POST.get("name", "")))
    project = projects.create(person, _sent_files(request), {"name": name})
    return JsonResponse(project_json(project), status=201)


def _sent_files(request: HttpRequest) -> dict[str, bytes]:
    """Return the files of a form by path, archives unpacked."""
    folder = request.POST.get("folder", "").strip("/")
    contents: dict[str, bytes] = {}
    for sent in request.FILES.getlist("files"):
        # Before each one more, for a thousand small archives may hold eight gigabytes.
        files.check({path: len(content) for path, content in contents.items()})
        name = sent.name or ""
        if name.lower().endswith(".zip"):
            found = archive.unpacked(cast(IO[bytes], sent))
        else:
            found = {name: sent.read()}
        for path, content in found.items():
            placed = f"{folder}/{path}" if folder else path
            if placed in contents:
                raise Refused("twice", f"“{placed}” was sent twice. Nothing was changed.")
            contents[placed] = content
    if not contents:
        raise Refused("bad-field", "There is no file in this upload.")
    return contents


def _download(person: User, request: HttpRequest, project_id: UUID) -> HttpResponse:
    project = project_of(person, project_id)
    contents = {file.path: bytes(file.content) for file in project.files.all()}
    packed = archive.packed(contents, project.updated)
    return attachment(packed, f"{project.name.replace('/', '-')}.zip", "application/zip")


def _in_address(path: str) -> str:
    """The path in a request's address; no database should be asked for one with a NUL."""
    if "\0" in path:
        raise not_there("file")
    return path


def _expected(request: HttpRequest) -> str:
    """What the sender believes to be there, from ``If-Match`` or ``If-None-Match``."""
    if request.headers.get("If-None-Match") == "*":
        return projects.NOTHING
    return request.headers.get("If-Match", projects.ANYTHING).strip('" ')


one_file = endpoint(GET=_read, PUT=_save, DELETE=_delete)
move = endpoint(POST=_move)
upload = endpoint(POST=_upload)
download = endpoint(GET=_download)
project_upload = endpoint(POST=_import)
