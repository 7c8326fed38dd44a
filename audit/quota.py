"""Limit the bytes of records that one account makes in a day (``RECORD_BYTES_PER_DAY``).

Stored bytes count, so a source that is stored already costs nothing. The count is kept in
the transaction that writes the record, in one row per account that begins anew with each day
(UTC). Every entry point asks :func:`is_used_up` before it accepts anything. The record that passes
the limit is still made, so an account may be over it by what it has running.

No account is exempt, not even an administrator's, because scripts use those.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection

from audit.models import Execution, RecordUse, Violation

ROW_BYTES = 1000
"""Estimated bytes of a row and its index entries without its long columns."""


def size_of(*values: Any) -> int:
    """Return the bytes of long columns' values: text as UTF-8, all else as ASCII JSON."""
    return sum(
        len(value)
        if isinstance(value, bytes)
        else len(value.encode("utf-8", "replace"))
        if isinstance(value, str)
        else len(json.dumps(value))
        for value in values
    )


def size_of_ending(facts: Mapping[str, Any], violations: list[Violation]) -> int:
    """Return the bytes that an execution's result takes."""
    texts = (one.message + one.suggestion + one.file for one in violations)
    return size_of(*facts.values(), *texts) + ROW_BYTES * len(violations)


def count(execution_id: str | UUID, more: int) -> None:
    """Count ``more`` bytes for the execution's user, if it has one."""
    field = Execution._meta.get_field("id")
    key = field.get_db_prep_value(UUID(str(execution_id)), connection)
    day = RecordUse._meta.get_field("day").get_db_prep_value(_today(), connection)
    with connection.cursor() as cursor:
        # One statement: of two that begin a day at once, neither may fail.
        cursor.execute(
            "INSERT INTO audit_recorduse (user_id, day, bytes) "
            "SELECT user_id, %s, %s FROM audit_execution WHERE id = %s AND user_id IS NOT NULL "
            "ON CONFLICT (user_id) DO UPDATE SET day = excluded.day, bytes = excluded.bytes + "
            "CASE WHEN audit_recorduse.day = excluded.day THEN audit_recorduse.bytes ELSE 0 END",
            [day, more, key],
        )


def remove_old() -> None:
    """Remove what was counted on earlier days."""
    RecordUse.objects.filter(day__lt=_today()).delete()


def is_used_up(user: User | None) -> bool:
    """Return whether the account has used up today's limit."""
    most = settings.RECORD_BYTES_PER_DAY
    if user is None or not most:
        return False
    return RecordUse.objects.filter(user=user, day=_today(), bytes__gte=most).exists()


def message() -> str:
    """Return the sentences for a refused user."""
    return (
        f"The records of your programs take more than {_shown(settings.RECORD_BYTES_PER_DAY)} "
        "today, the limit for one account and day. Nothing was run. You can run programs again "
        "from 00:00 UTC. Shorter sources and less output take less space. An administrator "
        "can raise the limit (RECORD_BYTES_PER_DAY)."
    )


def _shown(count: int) -> str:
    return f"{count / (1 << 20):.4g} MB" if count >= 1 << 20 else f"{count:,} bytes"


def _today() -> Any:
    return datetime.now(UTC).date()
