"""An execution that ended long ago, told again from its record."""

from __future__ import annotations

from collections.abc import Iterator

from audit.models import Execution
from audit.models import Violation as StoredViolation
from executor import messages
from executor.outcome import Category, Diagnostic, Outcome, Severity, Status, Violation

_STREAMS = (("compiler", "compiler_output"), ("stdout", "stdout"), ("stderr", "stderr"))
_COPIED = (
    *("message", "exit_code", "code_hash", "policy_version", "image", "container", "queue_ms"),
    *("container_start_ms", "compile_ms", "run_ms", "cpu_ms", "total_ms", "peak_memory_bytes"),
    *("output_bytes", "truncated", "compiled_early", "walls", "input_sha256"),
)


def replay(record: Execution) -> Iterator[messages.ServerMessage]:
    """The messages a follower would have got, each stream in one piece."""
    execution_id = str(record.id)
    yield messages.Accepted(execution_id, 0)
    if not record.status:
        yield messages.Error("not-here", "This program runs in another server process.")
        return
    for stream, column in _STREAMS:
        if text := getattr(record, column):
            yield messages.Output(stream, text)
    yield messages.Result(outcome(record))


def outcome(record: Execution) -> Outcome:
    """The result object of an ended execution, without its files' content."""
    return Outcome(
        execution_id=str(record.id),
        status=Status(record.status),
        signal=record.signal or None,
        blocked_syscall=record.blocked_syscall or None,
        diagnostics=[Diagnostic(**found) for found in record.diagnostics],
        violations=[_violation(found) for found in record.violations.order_by("id")],
        compiler_files=record.compiler_files or [],
        input_bytes=record.input_bytes or 0,
        **{name: getattr(record, name) for name in _COPIED},
    )


def _violation(found: StoredViolation) -> Violation:
    return Violation(
        category=Category(found.category),
        rule=found.rule,
        severity=Severity(found.severity),
        message=found.message,
        file=found.file or None,
        line=found.line,
        column=found.column,
        end_column=found.end_column,
        suggestion=found.suggestion or None,
    )
