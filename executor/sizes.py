"""What of a submission is too large to even look at."""

from __future__ import annotations

from executor.limits import Limits
from executor.outcome import Category, Severity, Violation
from executor.submission import Submission


def size_violations(submission: Submission, limits: Limits) -> list[Violation]:
    """One for each limit that is passed; also where validation is off."""
    data = sum(len(content) for content in submission.files.values())
    code = sum(len(content) for content in submission.code.values())
    arguments = sum(len(argument.encode("utf-8", "replace")) + 1 for argument in submission.args)
    checks = [
        ("code-size", "The C files and what they include have {} bytes", code, limits.source_bytes),
        ("data-size", "The data files have {} bytes", data - code, limits.data_bytes),
        ("file-count", "The project has {} files", len(submission.files), limits.file_count),
        ("argument-size", "The arguments have {} bytes", arguments, limits.argument_bytes),
        ("argument-count", "There are {} arguments", len(submission.args), limits.argument_count),
        ("stdin-size", "The input has {} bytes", len(submission.stdin), limits.stdin_bytes),
    ]
    return [
        Violation(
            Category.RESOURCE_LIMIT,
            rule,
            Severity.LOW,
            f"{what.format(f'{actual:,}')}, and {limit:,} is the limit.",
            suggestion="Shorten it, or leave out what the program does not need.",
        )
        for rule, what, actual, limit in checks
        if actual > limit
    ]
