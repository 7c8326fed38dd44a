"""What one execution may use: one frozen dataclass, the unit in each name."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

# One file, or all input, travels in one frame of 16 MiB; see frames.FRAME_MAX.
_LARGEST_BYTES = 15 << 20

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one execution.

    Every field can be overridden by a setting of the same name, in upper case
    and with the prefix ``LIMIT_`` (``LIMIT_RUN_SECONDS=20``).
    """

    memory_bytes: int = 128 * MIB
    """Memory of the whole container, swap included; its tmpfs counts too."""
    cpu_percent: int = 50
    """Share of one core, enforced over periods of ``cpu_period_us``."""
    cpu_period_us: int = 1_000_000
    """A long period lets a compile of 60 ms pass without being throttled."""
    run_seconds: float = 10.0
    """Wall time of the program; stands still while it waits for a person."""
    idle_seconds: float = 120.0
    """How long an interactive program may wait for its person."""
    session_seconds: float = 3600.0
    """All of an interactive execution, its person's pauses included."""
    compile_seconds: float = 5.0
    """Wall time of compiling and linking, all files together."""
    validation_cpu_seconds: int = 2
    """CPU time for validating sources that are too large to be cheap in any shape."""
    source_bytes: int = 1 * MIB
    """All C sources and headers together."""
    data_bytes: int = 8 * MIB
    """All other files together, on the way in and again on the way out."""
    file_count: int = 100
    """Number of files, on the way in and again on the way out."""
    output_bytes: int = 64 * KIB
    """Standard output and standard error together."""
    compiler_output_bytes: int = 64 * KIB
    """The compiler's messages; what goes beyond is cut, the compile goes on."""
    assembly_bytes: int = 2 * MIB
    """The compiler's assembler text of one file, its debug directives included."""
    argument_bytes: int = 16 * KIB
    """All program arguments together."""
    argument_count: int = 1000
    """Number of program arguments."""
    stdin_bytes: int = 1 * MIB
    """Standard input that is sent along with the submission."""
    file_bytes: int = 16 * MIB
    """Largest file a program or the compiler may write (RLIMIT_FSIZE)."""
    stack_bytes: int = 8 * MIB
    """RLIMIT_STACK."""
    open_files: int = 64
    """RLIMIT_NOFILE."""
    process_count: int = 16
    """The container's pids limit; the program's own filter allows it none."""
    work_bytes: int = 32 * MIB
    """The tmpfs that holds the project."""
    build_bytes: int = 32 * MIB
    """The tmpfs that holds the compiler's files."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) <= 0:
                raise ValueError(f"limit {field.name} must be greater than zero")
        for name in ("source_bytes", "data_bytes", "stdin_bytes", "assembly_bytes"):
            if getattr(self, name) > _LARGEST_BYTES:
                raise ValueError(f"limit {name} must be at most {_LARGEST_BYTES} bytes")

    def with_overrides(self, overrides: dict[str, Any]) -> Limits:
        """A copy with ``overrides`` applied; an unknown name is a ``TypeError``."""
        return replace(self, **overrides)
