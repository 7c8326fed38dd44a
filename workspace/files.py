"""Which files a project may have: the same names and limits as a submission."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from executor.code_files import is_source
from executor.submission import BadSubmission, check_names
from workspace.refused import Refused

TEXT_BYTES = 1 << 20
"""Larger files do not travel inside JSON."""


def check(sizes: Mapping[str, int]) -> None:
    """Refuse what could never run: ``sizes`` are all files of a project, in bytes by path."""
    try:
        check_names(sizes)
    except BadSubmission as error:
        raise Refused(error.code, str(error)) from error
    limits = settings.LIMITS
    if len(sizes) > limits.file_count:
        raise Refused(
            "file-count",
            f"The project would have {len(sizes)} files, and {limits.file_count} is the limit. "
            "Nothing was changed. Delete some, or begin a second project.",
            413,
        )
    code = sum(size for path, size in sizes.items() if is_source(path))
    _check_bytes("code-size", "C files", code, limits.source_bytes)
    _check_bytes("data-size", "data files", sum(sizes.values()) - code, limits.data_bytes)


def _check_bytes(code: str, what: str, actual: int, limit: int) -> None:
    if actual > limit:
        raise Refused(
            code,
            f"The project's {what} would be {actual:,} bytes together, and {limit:,} bytes is "
            "the limit. Nothing was changed. Shorten or delete some.",
            413,
        )


def text_of(content: bytes) -> str | None:
    """A file as text; None for one that is not UTF-8 or is too large to send as such."""
    if len(content) > TEXT_BYTES:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
