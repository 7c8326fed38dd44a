"""The records: what was sent, what became of it, what was refused.

Nothing of a record is ever edited but the decision on a violation, of which each
one that was ever made is kept. Executions and violations are written by
``audit.recorder``, decisions by ``audit.decisions``, pauses by ``audit.alerts``,
notifications by ``audit.notify``, seals by ``audit.seals``. Records outlive the
accounts they belong to; ``audit.retention`` alone removes or pseudonymises any.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from audit import packing
from audit.sealed import Personal, Sealable

USER_AGENT_CHARS = 400


class Source(models.Model):
    """All files of a submission that the compiler could read, stored once per content.

    ``hash`` covers names and contents: unlike ``Execution.code_hash`` it never stands
    for two different sets of files. See ``audit.packing``.
    """

    hash = models.CharField(max_length=64, primary_key=True)
    packed = models.BinaryField(null=True)
    """Never null; a column that may be is added without writing a large table anew."""
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.hash[:12]

    def contents(self) -> dict[str, bytes]:
        """The files as they were sent, by name."""
        return packing.unpack(self.packed)


class Door(models.TextChoices):
    """How a submission came in."""

    PAGE = "page"
    COMMAND = "command"
    LIBRARY = "library"
    API = "api", "API"
    SERVER = "server"
    """No user sent it: the server made a finding about its own records."""


class State(models.TextChoices):
    """How far an execution is; it only ever moves down this list, to one of the last two."""

    QUEUED = "queued"
    RUNNING = "running"
    ENDED = "ended"
    LOST = "lost", "Lost (the server stopped)"


UNFINISHED = (State.QUEUED, State.RUNNING)


class Execution(Personal):
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
    """``{"name", "size", "sha256"}`` of each file that the compiler cannot read; its content is
    not kept."""
    main = models.TextField()
    args = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    """What was asked for beside the usual way to build and run, by name.

    Of a copied project, ``origin`` as well: where it was copied from first and last, each
    ``{"share", "project", "name", "owner"}``, the owner by number.
    """
    project = models.UUIDField(null=True)
    """The saved project it was run from; a plain value, for a record outlives the project."""
    interactive = models.BooleanField(default=False)
    validated = models.BooleanField(default=True)
    limits = models.JSONField(default=dict)
    # What it read: given and typed, in the order in which it came; null before 0.3
    input_bytes = models.BigIntegerField(null=True)
    input_sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001 - as Source.packed
    input_kept = models.TextField(null=True)  # noqa: DJ001
    """The beginning of it, as ``packing.text_of`` writes it; see RECORD_INPUT_BYTES."""
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
    compiler_files = models.JSONField(null=True)
    """The names of the project's files that the compiler opened; null before 0.3."""
    # Null as well: SQLite writes a table anew for any other column.
    begun_commitment = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001
    """As ``commitment``, to what the journal covers from the beginning on."""
    compiled_early = models.BooleanField(default=False)
    """By a compiler that had been started before the submission came."""
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
            models.Index(fields=["project", "created"], name="execution_project"),
            # All that audit.stats reads, so that it never meets a row's large columns.
            models.Index(
                fields=[
                    *("created", "status", "total_ms", "queue_ms", "container_start_ms"),
                    *("run_ms", "peak_memory_bytes"),
                ],
                name="execution_measures",
            ),
            models.Index(
                fields=["state"],
                name="execution_unfinished",
                condition=models.Q(state__in=UNFINISHED),
            ),
            # What waits for a seal, in the order in which it goes into one.
            models.Index(fields=["seal", "ended", "id"], name="execution_unsealed"),
        )

    def __str__(self) -> str:
        return str(self.id)

    @property
    def input(self) -> bytes:
        """What was kept of its input."""
        return packing.bytes_of(self.input_kept or "")


class RecordUse(models.Model):
    """The bytes of records that one account has made on one day (UTC); see ``audit.quota``."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        # The deletion of an account locks the account first, and an execution that ends locks this
        # row first: with a cascade, each would wait for the other. The row has nothing personal and
        # goes with the day.
        models.DO_NOTHING,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    day = models.DateField()
    bytes = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.bytes} bytes on {self.day}"


class Severity(models.TextChoices):
    """From the least to the gravest."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @classmethod
    def from_on(cls, least: str) -> list[str]:
        """``least`` and everything graver."""
        return cls.values[cls.values.index(least) :]


class Review(models.TextChoices):
    """What a reviewer made of a violation."""

    NEW = "new"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


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
    # The last decision; the only part of a record that changes after its end.
    state = models.CharField(max_length=10, choices=Review, default=Review.NEW)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reviewer_name = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created", "id")
        indexes = (
            models.Index(fields=["created"], name="violation_created"),
            models.Index(fields=["severity", "created"], name="violation_severity"),
            models.Index(fields=["state", "severity"], name="violation_state"),
        )
        permissions = (("review_violation", "Can decide on violations"),)

    def __str__(self) -> str:
        return f"{self.rule} ({self.severity})"

    @property
    def place(self) -> str:
        """``file:line:column``, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


class Decision(Sealable):
    """One decision on a violation; a later one does not replace it."""

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=10, choices=Review)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reviewer_name = models.CharField(max_length=150)
    note = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created", "-id")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.state} by {self.reviewer_name}"


class Pause(Personal):
    """A time in which a person's submissions are refused."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="pauses"
    )
    username = models.CharField(max_length=150)
    violation = models.ForeignKey(Violation, models.PROTECT, related_name="pauses")
    """The ``repeated_violations`` one that says why."""
    reason = models.TextField()
    created = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    lifted_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ("-created",)
        indexes = (models.Index(fields=["user", "until"], name="pause_user"),)
        # Who may lift a pause sees them all; nothing else can be done with one.
        default_permissions = ()
        permissions = (("lift_pause", "Can see pauses and lift them"),)

    def __str__(self) -> str:
        return f"{self.username} until {self.until:%Y-%m-%d %H:%M} UTC"

    @property
    def is_on(self) -> bool:
        return self.lifted_at is None and self.until > timezone.now()


class CountedFinding(models.Model):
    """A finding that counted towards a pause; the same one does not count again meanwhile.

    Working data of ``audit.alerts``, no record: removed once it is too old to count.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    execution_id = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    created = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["user", "created"], name="counted_finding_user"),)
        default_permissions = ()

    def __str__(self) -> str:
        return self.fingerprint[:12]


class Channel(models.TextChoices):
    """How administrators are told."""

    EMAIL = "email", "E-mail"
    WEBHOOK = "webhook"


class Notification(models.Model):
    """Something to tell the administrators, until it has arrived or was given up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=10, choices=Channel)
    payload = models.JSONField()
    created = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(null=True, default=timezone.now)
    """None once it has arrived or was given up."""
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ("-created",)
        indexes = (
            models.Index(
                fields=["next_try"],
                name="notification_due",
                condition=models.Q(next_try__isnull=False),
            ),
        )
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.payload.get('event')} by {self.get_kind_display()}"
