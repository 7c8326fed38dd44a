"""The records: what was sent, what became of it, what was refused.

Nothing here is ever edited by hand, and rows are written by ``audit.recorder``
alone. Records outlive the accounts they belong to.
"""

from __future__ import annotations

import base64
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

USER_AGENT_CHARS = 400


class Source(models.Model):
    """The C files of a submission, stored once however often they are sent.

    ``hash`` is the SHA-256 of the stored form, names included: unlike
    ``Execution.code_hash`` it never stands for two different sets of files.
    """

    hash = models.CharField(max_length=64, primary_key=True)
    files = models.JSONField()
    """By name, ``{"encoding": "utf-8" | "base64", "content": text}``.

    Base64 where the file is not UTF-8 or holds a NUL, which no text column
    keeps: not a byte is lost.
    """
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.hash[:12]

    def contents(self) -> dict[str, bytes]:
        """The files as they were sent, by name."""
        return {name: _decoded(stored) for name, stored in sorted(self.files.items())}


class Door(models.TextChoices):
    """How a submission came in."""

    PAGE = "page"
    COMMAND = "command"
    LIBRARY = "library"
    API = "api", "API"


class State(models.TextChoices):
    """How far an execution is; it only ever moves down this list, to one of the last two."""

    QUEUED = "queued"
    RUNNING = "running"
    ENDED = "ended"
    LOST = "lost", "Lost (the server stopped)"


UNFINISHED = (State.QUEUED, State.RUNNING)


class Execution(models.Model):
    """One submission's life. Times in milliseconds, memory and output in bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # Who and from where
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="executions"
    )
    username = models.CharField(max_length=150, blank=True)
    door = models.CharField(max_length=10, choices=Door)
    remote_address = models.CharField(max_length=100, blank=True)
    user_agent = models.CharField(max_length=USER_AGENT_CHARS, blank=True)
    server = models.CharField(max_length=200, blank=True)
    """The server process that looks after it; see ``recorder.sweep_lost``."""
    # When and how far
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    created = models.DateTimeField(default=timezone.now)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    # What was sent
    source = models.ForeignKey(Source, models.PROTECT, related_name="executions")
    code_hash = models.CharField(max_length=64, db_index=True)
    data_files = models.JSONField(default=list)
    """``{"name", "size", "sha256"}`` of each file that is not C; its content is not kept."""
    main = models.TextField()
    args = models.JSONField(default=list)
    interactive = models.BooleanField(default=False)
    validated = models.BooleanField(default=True)
    limits = models.JSONField(default=dict)
    # How it ended
    status = models.CharField(max_length=20, blank=True)
    message = models.TextField(blank=True)
    exit_code = models.IntegerField(null=True)
    signal = models.CharField(max_length=20, blank=True)
    blocked_syscall = models.CharField(max_length=100, blank=True)
    diagnostics = models.JSONField(default=list)
    stdout = models.TextField(blank=True)
    stderr = models.TextField(blank=True)
    compiler_output = models.TextField(blank=True)
    output_files = models.JSONField(default=list)
    """``{"name", "size", "sha256"}`` of each file the program wrote."""
    truncated = models.BooleanField(default=False)
    # Under which walls
    policy_version = models.CharField(max_length=100, blank=True)
    image = models.CharField(max_length=300, blank=True)
    container = models.CharField(max_length=100, blank=True)
    walls = models.JSONField(default=dict)
    # What it took
    queue_ms = models.FloatField(default=0)
    container_start_ms = models.FloatField(default=0)
    compile_ms = models.FloatField(default=0)
    run_ms = models.FloatField(default=0)
    cpu_ms = models.FloatField(default=0)
    total_ms = models.FloatField(default=0)
    peak_memory_bytes = models.BigIntegerField(default=0)
    output_bytes = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("-created",)
        indexes = (
            models.Index(fields=["created"], name="execution_created"),
            models.Index(fields=["user", "created"], name="execution_user"),
            models.Index(fields=["status", "created"], name="execution_status"),
            models.Index(
                fields=["state"],
                name="execution_unfinished",
                condition=models.Q(state__in=UNFINISHED),
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class Violation(models.Model):
    """One thing an execution was refused; lines and columns count from 1."""

    execution = models.ForeignKey(Execution, models.PROTECT, related_name="violations")
    category = models.CharField(max_length=40)
    rule = models.CharField(max_length=100, db_index=True)
    severity = models.CharField(max_length=10)
    message = models.TextField()
    file = models.TextField(blank=True)
    line = models.PositiveIntegerField(null=True)
    column = models.PositiveIntegerField(null=True)
    end_column = models.PositiveIntegerField(null=True)
    suggestion = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created", "id")
        indexes = (
            models.Index(fields=["created"], name="violation_created"),
            models.Index(fields=["severity", "created"], name="violation_severity"),
        )

    def __str__(self) -> str:
        return f"{self.rule} ({self.severity})"

    @property
    def place(self) -> str:
        """``file:line:column``, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


def _decoded(stored: dict[str, str]) -> bytes:
    if stored["encoding"] == "base64":
        return base64.b64decode(stored["content"])
    return stored["content"].encode()
