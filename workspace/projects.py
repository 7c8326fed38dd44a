"""The only writer of projects and their files.

Everything here runs under :func:`access.writing`, so what is checked still
holds when it is written, whatever other tabs do. A change that is refused
raises :class:`Refused` and leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Sum
from django.utils import timezone

from audit import disk
from workspace import files
from workspace.access import file_of, project_of, projects_of, writing
from workspace.models import File, Project, SharedFile
from workspace.refused import Refused, not_there

ANYTHING = ""
"""As ``expected``: whatever is there may be overwritten."""
NOTHING = "*"
"""As ``expected``: there must be no such file yet."""


def create(user: User, contents: Mapping[str, bytes], recipe: Mapping[str, Any]) -> Project:
    """A new project; ``recipe`` holds fields of :class:`Program`, ``name`` at least."""
    facts = _facts(contents)
    with writing(user, _bytes(contents)):
        most = settings.PROJECTS_PER_USER
        if projects_of(user).count() >= most:
            raise Refused(
                "project-count",
                f"You have {most} projects, the limit. Nothing was created. Delete one first.",
                413,
            )
        project = Project.objects.create(owner=user, **recipe)
        _store(project, facts)
        return project


def change(user: User, project_id: UUID, changed: Mapping[str, Any]) -> Project:
    """Set fields of :class:`Program`."""
    with writing(user):
        project = project_of(user, project_id)
        main = changed.get("main", project.main)
        if "main" in changed and main not in _mains(project):
            raise Refused("bad-main", f"“{main}” is not a C file (.c) of this project.")
        for name, value in changed.items():
            setattr(project, name, value)
        return _touched(project)


def delete(user: User, project_id: UUID) -> None:
    size = sum(sizes_of(project_of(user, project_id)).values())
    with writing(user, size):
        project_of(user, project_id).delete()


def store(user: User, project_id: UUID, contents: Mapping[str, bytes], main: str = "") -> Project:
    """Add or overwrite files, all or none of them."""
    facts = _facts(contents)
    with writing(user, _bytes(contents)):
        project = project_of(user, project_id)
        project.main = main or project.main
        return _store(project, facts)


def put(user: User, project_id: UUID, path: str, content: bytes, expected: str) -> File:
    """Save one file if it still is what the editor started from.

    ``expected`` is that content's SHA-256 in hex, ``NOTHING`` or ``ANYTHING``.
    Saving what is there already is no change and never refused, so that a
    request whose answer was lost may be sent again.
    """
    contents = {path: content}
    facts = _facts(contents)
    with writing(user, len(content)):
        project = project_of(user, project_id)
        current = project.files.defer("content").filter(path=path).first()
        if current is None or current.sha256 != facts[path]["sha256"]:
            _expect(current, expected)
            _store(project, facts)
        return file_of(project, path)


def remove(user: User, project_id: UUID, path: str, expected: str) -> None:
    """Delete one file; ``expected`` as for :func:`put`."""
    with writing(user):
        project = project_of(user, project_id)
        file = file_of(project, path)
        _expect(file, expected)
        file.delete()
        _touched(project)


def move(user: User, project_id: UUID, old: str, new: str) -> Project:
    """Rename a file, or a folder with all that is in it."""
    with writing(user):
        project = project_of(user, project_id)
        sizes = sizes_of(project)
        renamed = _renamed(sizes, old, new)
        if not renamed:
            raise not_there("file or folder")
        staying = {path: size for path, size in sizes.items() if path not in renamed}
        if taken := sorted(staying.keys() & renamed.values()):
            raise Refused("exists", f"“{taken[0]}” already exists. Nothing was moved.", status=409)
        files.check(staying | {renamed[path]: sizes[path] for path in renamed})
        # A folder that moves up may hold one of its own name: what is in its way goes first.
        for path in sorted(renamed, key=len):
            project.files.filter(path=path).update(path=renamed[path])
        project.main = renamed.get(project.main, project.main)
        return _touched(project)


def sizes_of(project: Project) -> dict[str, int]:
    """Bytes by path."""
    return dict(project.files.values_list("path", "size"))


def _bytes(contents: Mapping[str, bytes]) -> int:
    return sum(len(data) for data in contents.values())


def _facts(contents: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """The fields of a file by its path; made before a transaction, because hashing takes time."""
    return {path: File.fields_of(path, data) for path, data in contents.items()}


def _store(project: Project, facts: Mapping[str, dict[str, Any]]) -> Project:
    sizes = {path: fields["size"] for path, fields in facts.items()}
    files.check(sizes_of(project) | sizes)
    project.files.filter(path__in=facts).delete()
    check_room(project.owner, sum(sizes.values()))
    File.objects.bulk_create(File(project=project, **fields) for fields in facts.values())
    return _touched(project)


def check_room(owner: User, more: int) -> None:
    """Refuse ``more`` bytes that would not fit among all files and shares of one person, or that
    the server's disk has no room for.
    """
    if more and disk.is_refused(owner):
        raise Refused("disk-reserve", disk.message(), 507)
    kept = File.objects.filter(project__owner=owner).aggregate(bytes=Sum("size"))["bytes"] or 0
    shared = SharedFile.objects.filter(share__project__owner=owner)
    kept += shared.aggregate(bytes=Sum("size"))["bytes"] or 0
    limit = settings.WORKSPACE_BYTES
    if kept + more > limit:
        raise Refused(
            "workspace-size",
            f"Your projects and shares would be {kept + more:,} bytes together, and {limit:,} "
            "bytes is the limit. Nothing was changed. Delete files, projects or shares.",
            413,
        )


def _expect(current: File | None, expected: str) -> None:
    if expected == ANYTHING:
        return
    if current.sha256 == expected if current else expected == NOTHING:
        return
    raise Refused(
        "changed-elsewhere",
        "This file was changed elsewhere since it was opened here. Nothing was overwritten.",
        412,
        current=described(current, with_text=True) if current else None,
    )


def described(file: File | SharedFile, with_text: bool = False) -> dict[str, Any]:
    """A file as JSON has it; ``text`` is None where it cannot be shown as text."""
    facts = {"path": file.path, "size": file.size, "sha256": file.sha256}
    return facts | {"text": files.text_of(bytes(file.content))} if with_text else facts


def _renamed(sizes: Mapping[str, int], old: str, new: str) -> dict[str, str]:
    """New paths by old ones."""
    if old in sizes:
        return {old: new}
    if new.startswith(f"{old}/"):
        raise Refused("bad-name", f"The folder “{old}” cannot be moved into itself.")
    folder = f"{old}/"
    return {path: new + path.removeprefix(old) for path in sizes if path.startswith(folder)}


def _mains(project: Project) -> list[str]:
    """The C files that a program could start from, the likeliest first."""
    paths = project.files.filter(path__endswith=".c").values_list("path", flat=True)
    return sorted(paths, key=lambda path: (path.rpartition("/")[2] != "main.c", path))


def _touched(project: Project) -> Project:
    """Saved, with the time of now and a main file that exists."""
    mains = _mains(project)
    if project.main not in mains:
        project.main = mains[0] if mains else ""
    project.updated = timezone.now()
    project.save()
    return project
