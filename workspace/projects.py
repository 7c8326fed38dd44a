"""The only writer of projects and their files.

Everything here runs under :func:`access.writing`, so what is checked still
holds when it is written, whatever other tabs do. A change that is refused
raises :class:`Refused` and leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet, Sum
from django.utils import timezone

from audit import disk
from workspace import files, trash
from workspace.access import (
    deleted_projects_of,
    file_of,
    project_of,
    projects_of,
    trashed_files_of,
    writing,
)
from workspace.models import File, Project, SharedFile, TrashedFile
from workspace.refused import Refused, not_there

ANYTHING = ""
"""As ``expected``: whatever is there may be overwritten."""
NOTHING = "*"
"""As ``expected``: there must be no such file yet."""
_ADDED = TrashedFile.Reason.ADDED


def create(user: User, contents: Mapping[str, bytes], recipe: Mapping[str, Any]) -> Project:
    """A new project; ``recipe`` holds fields of :class:`Program`, ``name`` at least."""
    facts = _facts(contents)
    with writing(user, _bytes(contents)):
        _check_count(user)
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
    """Move a project to the trash and revoke its shares."""
    size = sum(sizes_of(project_of(user, project_id)).values())
    with writing(user, size):
        project = project_of(user, project_id)
        if not settings.TRASH_DAYS:
            project.delete()
            return
        project.shares.all().delete()
        project.deleted = timezone.now()
        project.save()
        trash.trim(user, _live_bytes(user))


@dataclass(frozen=True, slots=True)
class Change:
    """The changes of one request to the files of a project."""

    id: UUID | None
    """The id for :func:`undo`; None if nothing changed or the trash had no room."""
    added: tuple[str, ...]
    overwritten: tuple[str, ...]


def store(
    user: User,
    project_id: UUID,
    contents: Mapping[str, bytes],
    main: str = "",
    *,
    overwrite: bool = True,
) -> tuple[Project, Change]:
    """Add or overwrite files, all or none of them; earlier versions go to the trash.

    Without ``overwrite``, raise :class:`Refused` if any file would change, and name these files.
    """
    facts = _facts(contents)
    with writing(user, _bytes(contents)):
        project = project_of(user, project_id)
        project.main = main or project.main
        before = {file.path: file for file in project.files.filter(path__in=contents)}
        hashes = {path: fields["sha256"] for path, fields in facts.items()}
        added = {path: sha256 for path, sha256 in hashes.items() if path not in before}
        changed = [file for path, file in before.items() if file.sha256 != hashes[path]]
        if changed and not overwrite:
            raise _would_overwrite(changed, contents, added)
        change_id = uuid4()
        trash.keep(change_id, changed, TrashedFile.Reason.OVERWRITTEN)
        trash.note_added(change_id, project, added)
        _store(project, facts)
        kept = TrashedFile.objects.filter(change=change_id).count() == len(changed) + len(added)
        change = Change(
            change_id if kept and (changed or added) else None,
            tuple(sorted(added)),
            tuple(sorted(file.path for file in changed)),
        )
        return project, change


def undo(user: User, change_id: UUID) -> Project:
    """Restore every file that one change deleted or overwrote, and remove those it added.

    An added file that was edited since then stays.
    """
    trashed = trashed_files_of(user).filter(change=change_id)
    with writing(user, _bytes_of(trashed)):
        items = list(trashed.select_related("project"))
        if not items:
            raise not_there("change")
        project = items[0].project
        added = {item.path: item.sha256 for item in items if item.reason == _ADDED}
        current = project.files.filter(path__in=added)
        unedited = [file for file in current if file.sha256 == added[file.path]]
        trash.keep(uuid4(), unedited, TrashedFile.Reason.DELETED)
        project.files.filter(path__in=[file.path for file in unedited]).delete()
        return _restore(project, items)


def restore_file(user: User, item_id: UUID) -> Project:
    """Restore one file from the trash; a file that has its name now goes there instead."""
    trashed = trashed_files_of(user).filter(pk=item_id).exclude(reason=_ADDED)
    with writing(user, _bytes_of(trashed)):
        item = trashed.select_related("project").first()
        if item is None:
            raise not_there("file")
        return _restore(item.project, [item])


def restore_project(user: User, project_id: UUID) -> Project:
    """Restore a project from the trash, without its former shares."""
    with writing(user):
        _check_count(user)
        if not deleted_projects_of(user).filter(pk=project_id).update(deleted=None):
            raise not_there("project")
        check_room(user, 0)
        return project_of(user, project_id)


def empty_trash(user: User) -> None:
    """Delete everything that is in the user's trash now."""
    now = timezone.now()
    more = True
    while more:
        # Read the files again each time: other requests save between two transactions.
        with writing(user):
            more = trash.delete_some(user, now)


def _restore(project: Project, items: Sequence[TrashedFile]) -> Project:
    contents = {item.path: bytes(item.content) for item in items if item.reason != _ADDED}
    current = project.files.filter(path__in=contents)
    differing = [f for f in current if bytes(f.content) != contents[f.path]]
    trash.keep(uuid4(), differing, TrashedFile.Reason.OVERWRITTEN)
    TrashedFile.objects.filter(pk__in=[item.pk for item in items]).delete()
    return _store(project, _facts(contents)) if contents else _touched(project)


def _would_overwrite(
    changed: Iterable[File], contents: Mapping[str, bytes], added: Iterable[str]
) -> Refused:
    changes = [
        {"path": file.path, "size": file.size, "new_size": len(contents[file.path])}
        for file in changed
    ]
    number = "1 file" if len(changes) == 1 else f"{len(changes)} files"
    return Refused(
        "exists",
        f"The upload would overwrite {number}. Nothing was changed.",
        status=409,
        changes=changes,
        added=sorted(added),
    )


def put(user: User, project_id: UUID, path: str, content: bytes, expected: str) -> File:
    """Save one file if it still is what the editor started from.

    ``expected`` is that content's SHA-256 in hex, ``NOTHING`` or ``ANYTHING``.
    Saving what is there already is no change and never refused, so that a
    request whose answer was lost may be sent again. What ``ANYTHING`` overwrites
    goes to the trash; the editor keeps its own earlier versions, for undo.
    """
    contents = {path: content}
    facts = _facts(contents)
    with writing(user, len(content)):
        project = project_of(user, project_id)
        current = project.files.defer("content").filter(path=path).first()
        if current is None or current.sha256 != facts[path]["sha256"]:
            _expect(current, expected)
            if current and expected == ANYTHING:
                trash.keep(uuid4(), [current], TrashedFile.Reason.OVERWRITTEN)
            _store(project, facts)
        return file_of(project, path)


def remove(user: User, project_id: UUID, path: str, expected: str) -> None:
    """Move one file to the trash; ``expected`` as for :func:`put`."""
    with writing(user):
        project = project_of(user, project_id)
        file = file_of(project, path)
        _expect(file, expected)
        trash.keep(uuid4(), [file], TrashedFile.Reason.DELETED)
        file.delete()
        _touched(project)
        trash.trim(user, _live_bytes(user))


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
    """Return the fields of files by path. Call it before a transaction: hashing takes time."""
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
    the server's disk has no room for. The trash gives way to them.
    """
    if more and disk.is_refused(owner):
        raise Refused("disk-reserve", disk.message(), 507)
    kept = _live_bytes(owner)
    limit = settings.WORKSPACE_BYTES
    if kept + more > limit:
        raise Refused(
            "workspace-size",
            f"Your projects and shares would be {kept + more:,} bytes together, and {limit:,} "
            "bytes is the limit. Nothing was changed. Delete files, projects or shares.",
            413,
        )
    trash.trim(owner, kept + more)


def _live_bytes(owner: User) -> int:
    """Return the bytes of all files and shares, without the trash."""
    in_use = File.objects.filter(project__owner=owner, project__deleted=None)
    return _bytes_of(in_use) + _bytes_of(SharedFile.objects.filter(share__project__owner=owner))


def _bytes_of(stored: QuerySet[Any]) -> int:
    """Return the bytes of stored files."""
    return int(stored.aggregate(bytes=Sum("size"))["bytes"] or 0)


def _check_count(user: User) -> None:
    most = settings.PROJECTS_PER_USER
    if projects_of(user).count() >= most:
        raise Refused(
            "project-count",
            f"You have {most} projects, the limit. Nothing was created. Delete one first.",
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
