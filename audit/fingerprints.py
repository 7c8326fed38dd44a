"""Recognise a finding that an earlier, nearly identical source had already.

A user who does not understand a message sends a program several times, with changes
elsewhere, and means no harm. So a fingerprint covers the rule, the message (which names
the refused text) and the words around the place, without white space, comments, digits
and the contents of literals. A finding without a place is identified by the whole source.
Every escape attempt at run time is a new finding.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from audit.models import Execution, Violation

ESCAPE_ATTEMPT = "escape_attempt"
# A source may be one line of a megabyte, so only this much of a line counts on each side.
_CHARS_AROUND = 100
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_SKIPPED = re.compile(
    r"//.*|/\*(?:[^*]|\*(?!/))*(?:\*/)?|\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?|[0-9]+|\s+",
    re.DOTALL,
)


def fingerprints(execution: Execution, violations: Sequence[Violation]) -> set[str]:
    """Return one SHA-256, in hex, for each different finding of an execution."""
    sources = execution.source.contents()
    lines: dict[str, list[bytes]] = {}
    for one in violations:
        if one.file in sources and one.file not in lines:
            lines[one.file] = _LINE_ENDS.split(sources[one.file])
    described = {_description(execution, one, lines) for one in violations}
    return {hashlib.sha256("\0".join(parts).encode()).hexdigest() for parts in described}


def _description(
    execution: Execution, violation: Violation, lines: Mapping[str, list[bytes]]
) -> tuple[str, ...]:
    if violation.category == ESCAPE_ATTEMPT:
        return violation.rule, violation.message, str(execution.pk)
    around = _words_around(violation, lines.get(violation.file, []))
    return violation.rule, violation.message, around or execution.code_hash


def _words_around(violation: Violation, lines: list[bytes]) -> str:
    """Return the normalised text around a violation; empty if it has no place."""
    if not violation.line or violation.line > len(lines):
        return ""
    text = lines[violation.line - 1].decode("utf-8", "replace")
    at = (violation.column or 1) - 1
    return _SKIPPED.sub("", text[max(at - _CHARS_AROUND, 0) : at + _CHARS_AROUND])
