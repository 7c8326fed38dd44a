"""Findings of a check of the records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference from what was recorded or sealed."""

    what: str
    seal: int | None = None
    record: str = ""
    """``kind key``, where it is about one record."""

    def __str__(self) -> str:
        where = "" if self.seal is None else f"seal {self.seal}: "
        return f"{where}{self.record + ' ' if self.record else ''}{self.what}"


class Refused(Exception):
    """The records were changed, so no record is sealed."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(f"The records were changed outside of the server: {findings[0]}{more}")
