"""The one form of a record that is hashed, and the tree over the hashes; knows no database.

Theory of operation
-------------------
A sealed record is a JSON object in its canonical form: keys sorted, no spaces,
ASCII. Its *leaf* is SHA-256 over a zero byte and that form; a node of the tree
is SHA-256 over a one byte and its two children, and an odd one out moves up as it
is (RFC 6962), so that no node can pass for a leaf.

``FORMS`` says which fields of which kind of record are in the form, by version.
A record stays in the form it was sealed in: a new field of a record is a new form,
and the old ones stay for as long as there are seals of them.

*Personal* fields are covered by a commitment only: SHA-256 over their canonical
form together with a random salt. Erase both, and what is left says nothing of the
person, while the seal still fits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

NO_SEAL = "0" * 64
"""What the first seal has for the digest of the one before."""

_encode = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    check_circular=False,
    # No record holds anything that JSON does not know, unless somebody put it there.
    default=repr,
).encode


@dataclass(frozen=True, slots=True)
class Shape:
    """The sealed columns of one kind of record, as stored, and the personal ones among them.

    ``commitment`` is the column that stands for the personal ones once they are erased.
    """

    fields: tuple[str, ...]
    personal: tuple[str, ...] = ()
    commitment: str = "commitment"


_EXECUTION = Shape(
    fields=(
        *("id", "door", "server", "state", "created", "started", "ended", "source_id"),
        *("code_hash", "data_files", "main", "args", "options", "project", "interactive"),
        *("validated", "limits", "status", "message", "exit_code", "signal"),
        *("blocked_syscall", "diagnostics", "stdout", "stderr", "compiler_output"),
        *("output_files", "truncated", "compiled_early"),
        *("policy_version", "image", "container", "walls"),
        *("queue_ms", "container_start_ms", "compile_ms", "run_ms", "cpu_ms", "total_ms"),
        *("peak_memory_bytes", "output_bytes"),
    ),
    personal=("user_id", "username", "remote_address", "user_agent"),
)
_VIOLATION = Shape(
    fields=(
        *("id", "category", "rule", "severity", "message", "file", "line", "column"),
        *("end_column", "suggestion", "created"),
    )
)
_DECISION = Shape(fields=("id", "violation_id", "state", "reviewer_name", "note", "created"))
_PAUSE = Shape(
    fields=("id", "violation_id", "reason", "created", "until", "lifted_at", "lifted_by_name"),
    personal=("user_id", "username"),
)
_REMOVAL = Shape(
    fields=("id", "what", "why", "created", "from_seal", "records", "pseudonym", "key", "signature")
)

_BEGUN_EXECUTION = Shape(
    fields=(
        *("id", "door", "created", "source_id", "data_files", "main", "args", "options"),
        *("project", "interactive", "validated", "limits"),
    ),
    personal=_EXECUTION.personal,
    commitment="begun_commitment",
)
_BEGUN_PAUSE = Shape(
    fields=("id", "violation_id", "reason", "created", "until"), personal=_PAUSE.personal
)

VIOLATION = "violation"
"""The kind that has no leaf of its own: violations are part of their execution's record."""
_FORM_1 = {
    "execution": _EXECUTION,
    VIOLATION: _VIOLATION,
    "decision": _DECISION,
    "pause": _PAUSE,
    "removal": _REMOVAL,
}
# Since 0.3: the files that the compiler opened, and the input. Typed input is personal, and so
# is its hash, because a short word can be guessed from it.
_EXECUTION_2 = Shape(
    fields=(*_EXECUTION.fields, "compiler_files", "input_bytes"),
    personal=(*_EXECUTION.personal, "input_sha256", "input_kept"),
)
FORMS: dict[int, dict[str, Shape]] = {1: _FORM_1, 2: _FORM_1 | {"execution": _EXECUTION_2}}
FORM = max(FORMS)
# No journal is older than form 2. Input and the files that the compiler opened are known at the end
# only.
BEGUN: dict[int, dict[str, Shape]] = {2: {"execution": _BEGUN_EXECUTION, "pause": _BEGUN_PAUSE}}
"""By form, the fields that are fixed from the first commit of a record that changes later.

The journal covers these fields until the record is settled. ``personal`` is as in ``FORMS``.
"""


def canonical(value: Any) -> bytes:
    """``value``, of what JSON knows, in its one form."""
    return _encode(value).encode("ascii")


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def leaf(text: bytes) -> str:
    """The leaf of a record in its canonical form, in hex."""
    return hashlib.sha256(b"\0" + text).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """The root over at least one leaf; all in hex."""
    level = [bytes.fromhex(one) for one in leaves]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [hashlib.sha256(b"\1" + left + right).digest() for left, right in pairs] + odd
    return level[0].hex()


def moment(time: datetime | None) -> str | None:
    """A time as records have it: ISO 8601 in UTC, to the microsecond where there is one."""
    if time is None:
        return None
    return f"{time.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
