"""The trash: what users deleted or overwrote, kept for ``TRASH_DAYS``.

A deleted project stays in its table with the time of its deletion; of single files
the earlier content is copied here. The trash is part of the account's
``WORKSPACE_BYTES`` and gives way to files: the oldest entries go first. Everything
but :func:`purge` runs inside ``access.writing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from workspace.access import deleted_projects_of
from workspace.models import File, Project, TrashedFile

# The most bytes that one transaction deletes.
_BATCH_FILES = 100
_BATCH_BYTES = 8 << 20


def keep(change: UUID, files: Iterable[File], reason: TrashedFile.Reason) -> None:
    """Copy files before they are overwritten or deleted by ``change``."""
    if not settings.TRASH_DAYS:
        return
    TrashedFile.objects.bulk_create(
        TrashedFile(
            project_id=file.project_id,
            change=change,
            reason=reason,
            path=file.path,
            content=file.content,
            size=file.size,
            sha256=file.sha256,
        )
        for file in files
    )


def note_added(change: UUID, project: Project, hashes: Mapping[str, str]) -> None:
    """Remember the files that ``change`` added, SHA-256 by path, so that it can be undone."""
    if not settings.TRASH_DAYS:
        return
    TrashedFile.objects.bulk_create(
        TrashedFile(
            project=project,
            change=change,
            reason=TrashedFile.Reason.ADDED,
            path=path,
            content=b"",
            size=0,
            sha256=sha256,
        )
        for path, sha256 in hashes.items()
    )


def trim(owner: User, live_bytes: int) -> None:
    """Delete the oldest entries beyond the limits; ``live_bytes`` is what files and shares use."""
    room = settings.WORKSPACE_BYTES - live_bytes
    if not _exceeds(owner, room):
        return
    number = settings.TRASH_ITEMS
    files: list[UUID] = []
    projects: list[UUID] = []
    for entry in sorted(_entries(owner), key=lambda entry: entry.when, reverse=True):
        room -= entry.bytes
        number -= entry.files
        if room < 0 or number < 0:
            (projects if entry.is_project else files).append(entry.key)
    TrashedFile.objects.filter(pk__in=files).delete()
    Project.objects.filter(pk__in=projects).delete()


def delete_some(owner: User, before: datetime) -> bool:
    """Delete a few entries of one account from ``before``; return False when there were none."""
    if _delete_files(_all_files_of(owner).filter(created__lte=before)):
        return True
    project = deleted_projects_of(owner).filter(deleted__lte=before).first()
    if project is None:
        return False
    project.delete()
    return True


def purge() -> int:
    """Delete the expired entries of all accounts; return their number."""
    expired_before = timezone.now() - timedelta(days=settings.TRASH_DAYS)
    number = 0
    while deleted := _delete_files(TrashedFile.objects.filter(created__lte=expired_before)):
        number += deleted
    expired_projects = Project.objects.filter(deleted__lte=expired_before)
    for key in list(expired_projects.values_list("pk", flat=True)):
        with transaction.atomic():
            # Locked and checked again: its owner may be restoring it.
            if project := expired_projects.select_for_update().filter(pk=key).first():
                project.delete()
                number += 1
    return number


def _delete_files(files: QuerySet[TrashedFile]) -> int:
    """Delete a few of ``files``; return their number. All at once would lock SQLite for long."""
    keys: list[UUID] = []
    size = 0
    for key, more in files.order_by("created").values_list("pk", "size")[:_BATCH_FILES]:
        if keys and size + more > _BATCH_BYTES:
            break
        keys.append(key)
        size += more
    return TrashedFile.objects.filter(pk__in=keys).delete()[0] if keys else 0


def _exceeds(owner: User, room: int) -> bool:
    """Return whether entries must be deleted. Reads only indexes, because each save asks."""
    files = _all_files_of(owner).aggregate(bytes=Sum("size"), number=Count("pk"))
    projects = deleted_projects_of(owner)
    inside = File.objects.filter(project__in=projects).aggregate(
        bytes=Sum("size"), number=Count("pk")
    )
    return (files["bytes"] or 0) + (inside["bytes"] or 0) > room or files[
        "number"
    ] + projects.count() + inside["number"] > settings.TRASH_ITEMS


def _all_files_of(owner: User) -> QuerySet[TrashedFile]:
    """Return the trashed files of all projects, also of those that are in the trash."""
    return TrashedFile.objects.filter(project__owner=owner).order_by()


def expires(when: datetime) -> datetime:
    """Return the time at which an entry from ``when`` is deleted."""
    return when + timedelta(days=settings.TRASH_DAYS)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A trashed file or a deleted project."""

    key: UUID
    when: datetime
    bytes: int
    files: int
    is_project: bool


def _entries(owner: User) -> Iterator[_Entry]:
    for key, when, size in _all_files_of(owner).values_list("pk", "created", "size"):
        yield _Entry(key, when, size, 1, is_project=False)
    counted = (
        deleted_projects_of(owner)
        .order_by()
        .annotate(file_count=Count("files"), file_bytes=Sum("files__size"))
    )
    columns = ("pk", "deleted", "file_count", "file_bytes")
    for key, deleted, number, size in counted.values_list(*columns):
        if deleted is not None:
            yield _Entry(key, deleted, size or 0, number + 1, is_project=True)
