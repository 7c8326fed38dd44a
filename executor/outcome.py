"""How an execution ended, and what was refused on the way."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Every way an execution can end. The values are part of the public contract."""

    SUCCESS = "success"
    RUNTIME_ERROR = "runtime_error"
    COMPILE_ERROR = "compile_error"
    BLOCKED = "blocked"
    COMPILE_TIMEOUT = "compile_timeout"
    TIMEOUT = "timeout"
    IDLE_TIMEOUT = "idle_timeout"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    BLOCKED_SYSCALL = "blocked_syscall"
    STOPPED = "stopped"
    SANDBOX_ERROR = "sandbox_error"


class Category(StrEnum):
    """Where a violation comes from."""

    BLOCKED_PATTERN = "blocked_pattern"
    RESOURCE_LIMIT = "resource_limit"
    ESCAPE_ATTEMPT = "escape_attempt"
    REPEATED_VIOLATIONS = "repeated_violations"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that was refused.

    ``line`` and ``column`` count from 1, the column in characters; both are
    None where no place in the source is to blame. ``end_column`` is exclusive.
    """

    category: Category
    rule: str
    severity: Severity
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    suggestion: str | None = None

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Violation:
        """Return the violation that ``asdict`` made ``values`` of."""
        kinds = {"category": Category(values["category"]), "severity": Severity(values["severity"])}
        return cls(**values | kinds)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message of the compiler; ``line`` and ``column`` count from 1."""

    severity: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file the program wrote. ``content_base64`` is None if it was too large to bring out."""

    name: str
    size: int
    sha256: str | None
    content_base64: str | None


@dataclass(frozen=True, slots=True)
class Crash:
    """Where in its own source a program met the signal that ended it; ``line`` is from 1."""

    signal: str
    function: str | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a sanitizer stopped the program for; ``file`` and ``line`` may be unknown."""

    kind: str
    message: str
    file: str | None
    line: int | None


@dataclass(slots=True)
class Outcome:
    """The result object: times in milliseconds, memory and output in bytes."""

    execution_id: str
    status: Status
    message: str
    stdout: str = ""
    stderr: str = ""
    compiler_output: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    exit_code: int | None = None
    signal: str | None = None
    crash: Crash | None = None
    sanitizer: Finding | None = None
    blocked_syscall: str | None = None
    violations: list[Violation] = field(default_factory=list)
    code_hash: str = ""
    policy_version: str = ""
    image: str = ""
    container: str = ""
    queue_ms: float = 0
    container_start_ms: float = 0
    compile_ms: float = 0
    run_ms: float = 0
    cpu_ms: float = 0
    total_ms: float = 0
    peak_memory_bytes: int = 0
    output_bytes: int = 0
    truncated: bool = False
    compiled_early: bool = False
    """Whether the compiler had been started before the submission came."""
    files: list[OutputFile] = field(default_factory=list)
    walls: dict[str, Any] = field(default_factory=dict)
    compiler_files: list[str] = field(default_factory=list)
    """The project's files that the compiler opened, as it reported them."""
    input_bytes: int = 0
    """The bytes of the input, given and typed."""
    input_sha256: str | None = None
    """The hash of all input; None if the program was not started."""
    input_kept_base64: str | None = None
    """For the record: the beginning of the input if the user typed anything."""

    def as_dict(self) -> dict[str, Any]:
        """The result object as JSON-ready values."""
        return asdict(self)
