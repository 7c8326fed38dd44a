"""What people keep: projects with their files, and snapshots of them that they share.

Contents are in the database, each file with its project: one backup holds all,
one transaction changes many files, and a project that leaves the trash leaves
nothing behind.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

NAME_CHARS = 100


class Program(models.Model):
    """How a set of files is run; common to projects and their snapshots."""

    name = models.CharField(max_length=NAME_CHARS)
    main = models.CharField(max_length=200, blank=True)
    """The C file to start from; empty while there is none."""
    args = models.JSONField(default=list)
    stdin = models.BinaryField(default=bytes)
    """Bytes, because no text column keeps a NUL."""
    options = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def recipe(self) -> dict[str, Any]:
        """The fields of this class by name, to make another one from."""
        names = ("name", "main", "args", "options")
        return {"stdin": bytes(self.stdin), **{name: getattr(self, name) for name in names}}


class StoredFile(models.Model):
    """One file; ``size`` is in bytes, ``sha256`` in hex."""

    path = models.CharField(max_length=200)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.path

    @staticmethod
    def fields_of(path: str, content: bytes) -> dict[str, Any]:
        digest = StoredFile.sha256_of(content)
        return {"path": path, "content": content, "size": len(content), "sha256": digest}

    @staticmethod
    def sha256_of(content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()


class Project(Program):
    """Files that are compiled and run together, of one person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="projects")
    created = models.DateTimeField(default=timezone.now)
    updated = models.DateTimeField(default=timezone.now)
    origin = models.JSONField(default=list)
    """The origin of a copied share, from :func:`workspace.shares.origin_of`; else empty."""
    deleted = models.DateTimeField(null=True, db_index=True)
    """The time at which it went to the trash; None for a project in use."""

    class Meta:
        ordering = ("-updated", "-created")
        indexes = (models.Index(fields=["owner", "-updated"], name="project_owner"),)
        default_permissions = ("view",)


class File(StoredFile):
    project = models.ForeignKey(Project, models.CASCADE, related_name="files")

    class Meta:
        ordering = ("path",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["project", "path"], name="one_file_per_path"),
        )
        # The columns that lists and limits need. In the row they lie behind the content, so each
        # save would read the content of all of the account's files.
        indexes = (models.Index(fields=["project", "path", "size", "sha256"], name="file_facts"),)


class TrashedFile(StoredFile):
    """A file of a project before one change, kept so that the change can be undone."""

    class Reason(models.TextChoices):
        """What the change did to the file."""

        DELETED = "deleted"
        OVERWRITTEN = "overwritten"
        ADDED = "added"
        """The change added the file; ``sha256`` is the added content's, ``content`` is empty."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    project = models.ForeignKey(Project, models.CASCADE, related_name="trash")
    change = models.UUIDField(db_index=True)
    """The id of the change, the same for all files of one request."""
    reason = models.CharField(max_length=11, choices=Reason.choices)
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ("-created", "path")
        default_permissions = ()
        indexes = (
            models.Index(fields=["project", "created", "size", "id"], name="trash_of_project"),
        )


class Share(Program):
    """A snapshot of a project that whoever has its link may read.

    It goes with its project: what nobody lists any more, nobody could revoke.
    """

    token = models.CharField(max_length=64, unique=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="shares")
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField(null=True)
    """None: never."""

    class Meta:
        ordering = ("-created",)
        default_permissions = ("view",)


class SharedFile(StoredFile):
    share = models.ForeignKey(Share, models.CASCADE, related_name="files")

    class Meta:
        ordering = ("path",)
        default_permissions = ()
        indexes = (
            models.Index(fields=["share", "path", "size", "sha256"], name="shared_file_facts"),
        )
