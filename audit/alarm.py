"""Alert administrators when the records were changed outside of the server.

The head file keeps the alarm, because a user with access to the database can delete a violation. It
lasts until the records fit again or an administrator accepts them; each different finding becomes
one critical violation, which is reported like an escape attempt.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from audit import journal, recorder
from audit.findings import Refused
from audit.fingerprints import ESCAPE_ATTEMPT
from audit.head_file import Unreadable, now, text
from audit.models import Door, Severity

logger = logging.getLogger(__name__)

RULE = "records-changed"
_SUGGESTION = (
    "Run “manage.py audit verify” to see what changed. No record is sealed until the records "
    "match again or an administrator accepts them with “manage.py audit accept”."
)


def current() -> str:
    """Return the sentence for administrators while the alarm is on; else ""."""
    try:
        alarm = journal.file().peek().alarm
    except (OSError, Unreadable) as error:
        return f"The head file of the records cannot be read: {error}."
    return f"{alarm}. {_SUGGESTION}" if alarm else ""


@contextmanager
def watching() -> Iterator[None]:
    """Raise the alarm if the block raises :class:`Refused`; clear it otherwise."""
    try:
        yield
    except Refused as refused:
        sound(str(refused))
        raise
    with journal.file().locked() as head:
        if head.alarm:
            journal.file().append([f"calm {now()}"])


def sound(message: str) -> None:
    """Store the alarm, and record a violation unless the same alarm was on already."""
    logger.critical("%s", message)
    with journal.file().locked() as head:
        if head.alarm == message or not head.chain:
            return
        journal.file().append([f"alarm {now()} {text(message)}"], sync=True)
    execution_id = uuid4()
    recorder.began(
        execution_id=execution_id,
        user=None,
        door=Door.SERVER,
        remote_address="",
        user_agent="",
        server="",
        sources={},
        data_files={},
        main="",
        args=(),
        code_hash="",
        interactive=False,
        validated=True,
        limits={},
        options={},
        project=None,
    )
    recorder.ended(execution_id, _outcome(message))


def _outcome(message: str) -> dict[str, Any]:
    texts = ("signal", "blocked_syscall", "stdout", "stderr", "compiler_output")
    numbers = ("queue_ms", "container_start_ms", "compile_ms", "run_ms", "cpu_ms", "total_ms")
    return {
        **dict.fromkeys((*texts, "policy_version", "image", "container"), ""),
        **dict.fromkeys((*numbers, "peak_memory_bytes", "output_bytes"), 0),
        **dict.fromkeys(("truncated", "compiled_early"), False),
        **{"status": "blocked", "message": message, "exit_code": None},
        **{"files": [], "diagnostics": [], "walls": {}},
        "violations": [
            {
                **dict.fromkeys(("file", "line", "column", "end_column")),
                "category": ESCAPE_ATTEMPT,
                "rule": RULE,
                "severity": Severity.CRITICAL,
                "message": message,
                "suggestion": _SUGGESTION,
            }
        ],
    }
