"""The only writer of executions and violations.

An execution is recorded before anything of it runs, and its state only moves
forward: what has ended, or was given up as lost, is never written again.
Values are plain (text, bytes, numbers, mappings); nobody's types are needed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from audit import alerts, journal
from audit.models import UNFINISHED, USER_AGENT_CHARS, Door, Execution, Source, State, Violation

logger = logging.getLogger(__name__)

LOST_MESSAGE = "The server stopped while this program was running."

_TEXTS = (
    *("status", "message", "signal", "blocked_syscall", "stdout", "stderr", "compiler_output"),
    *("policy_version", "image", "container"),
)
_NUMBERS = (
    *("exit_code", "truncated", "compiled_early"),
    *("queue_ms", "container_start_ms", "compile_ms", "run_ms"),
    *("cpu_ms", "total_ms", "peak_memory_bytes", "output_bytes"),
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def began(
    *,
    execution_id: str | UUID,
    user: User | None,
    door: str,
    remote_address: str,
    user_agent: str,
    server: str,
    sources: Mapping[str, bytes],
    data_files: Mapping[str, bytes],
    main: str,
    args: Iterable[str],
    code_hash: str,
    interactive: bool,
    validated: bool,
    limits: Mapping[str, Any],
    options: Mapping[str, Any],
    project: UUID | None,
    running: bool = False,
) -> Execution:
    """Record a submission as queued, or as running already; committed once this returns.

    ``sources`` are kept whole, of ``data_files`` only name, size and hash.
    ``server`` names the process that looks after the execution. Raises
    ``RuntimeError`` inside a transaction, where nothing could be committed yet,
    and ``IntegrityError`` for an id that exists.
    """
    now = timezone.now()
    begun = {"state": State.RUNNING, "started": now} if running else {}
    with journal.transaction(durable=True) as notes:
        notes.begun("execution", execution_id)
        return Execution.objects.create(
            id=execution_id,
            created=now,
            **begun,
            user=user,
            username=user.get_username() if user else "",
            door=door,
            remote_address=remote_address,
            user_agent=storable(user_agent)[:USER_AGENT_CHARS],
            server=server,
            source=_stored_once(sources),
            data_files=[_described(name, data) for name, data in data_files.items()],
            main=storable(main),
            args=storable(list(args)),
            code_hash=code_hash,
            interactive=interactive,
            validated=validated,
            limits=storable(dict(limits)),
            options=storable(dict(options)),
            project=project,
        )


def started(execution_id: str | UUID, server: str = "") -> bool:
    """Its turn has come, on another ``server`` maybe. False when it was not waiting (any more).

    However many ask for the same one, one of them gets True.
    """
    waiting = Execution.objects.filter(pk=execution_id, state=State.QUEUED)
    moved = {"server": server} if server else {}
    return bool(waiting.update(state=State.RUNNING, started=timezone.now(), **moved))


def ended(execution_id: str | UUID, outcome: Mapping[str, Any]) -> bool:
    """Record how it ended, violations included; ``outcome`` is the result object.

    What follows from the violations is stored with them or not at all.

    False when it had ended before: the first ending stands. An unknown id
    raises ``Execution.DoesNotExist``, an incomplete outcome ``KeyError``.
    """
    now = timezone.now()
    facts = _facts(outcome)
    violations = [_violation(execution_id, found, now) for found in outcome["violations"]]
    with journal.transaction(durable=True) as notes:
        if violations:
            alerts.take_turn(execution_id)
        unfinished = Execution.objects.filter(pk=execution_id, state__in=UNFINISHED)
        if unfinished.update(state=State.ENDED, ended=now, **facts):
            Violation.objects.bulk_create(violations)
            if violations:
                alerts.follow_up(Execution.objects.get(pk=execution_id), violations, notes)
            notes.settled("execution", execution_id)
            return True
    state = Execution.objects.values_list("state", flat=True).get(pk=execution_id)
    logger.warning("Execution %s is %s; a second ending was not recorded.", execution_id, state)
    return False


def lost(execution_id: str | UUID, message: str, stdout: str = "", stderr: str = "") -> bool:
    """Give up one execution, with what is known of its output. False when it had ended."""
    unfinished = Execution.objects.filter(pk=execution_id, state__in=UNFINISHED)
    with journal.transaction() as notes:
        given_up = unfinished.update(
            state=State.LOST,
            status="sandbox_error",
            message=message,
            stdout=storable(stdout),
            stderr=storable(stderr),
            ended=timezone.now(),
        )
        if given_up:
            notes.settled("execution", execution_id)
    if given_up:
        logger.warning("Execution %s is marked as lost.", execution_id)
    return bool(given_up)


def unfinished(server_prefix: str) -> list[str]:
    """The ids of the executions that have no ending and whose ``server`` begins like this."""
    found = Execution.objects.filter(state__in=UNFINISHED, server__startswith=server_prefix)
    return [str(one) for one in found.values_list("pk", flat=True)]


def unfinished_of(server: str, older: timedelta) -> list[str]:
    """The ids of what came to this server's pages and has no ending, ``older`` than that."""
    found = Execution.objects.filter(
        state__in=UNFINISHED,
        server=server,
        door__in=(Door.PAGE, Door.API),
        created__lt=timezone.now() - older,
    )
    return [str(one) for one in found.values_list("pk", flat=True)]


def sweep_lost(is_alive: Callable[[str], bool]) -> int:
    """Give up the executions that a server left unfinished; how many there were.

    ``is_alive`` is asked once for each ``server`` that has unfinished ones.
    """
    unfinished = Execution.objects.filter(state__in=UNFINISHED)
    servers = unfinished.order_by().values_list("server", flat=True).distinct()
    dead = [server for server in servers if not is_alive(server)]
    if not dead:
        return 0
    with journal.transaction() as notes:
        of_dead = unfinished.filter(server__in=dead).select_for_update()
        keys = list(of_dead.values_list("pk", flat=True))
        lost = Execution.objects.filter(pk__in=keys).update(
            state=State.LOST, status="sandbox_error", message=LOST_MESSAGE, ended=timezone.now()
        )
        notes.settled("execution", *keys)
    if lost:
        logger.warning("%d unfinished executions of a stopped server are marked as lost.", lost)
    return lost


def storable(value: Any) -> Any:
    """``value`` without what PostgreSQL cannot hold in text or JSON.

    NUL becomes ␀ (U+2400), half of a surrogate pair the replacement character;
    lists and mappings are gone through.
    """
    if isinstance(value, str):
        return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value.replace("\0", "\u2400"))
    if isinstance(value, Mapping):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    return value


def source_of(sources: Mapping[str, bytes]) -> Source:
    """The row that keeps these files, not stored yet."""
    files = {storable(name): _encoded(data) for name, data in sources.items()}
    canonical = json.dumps(files, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Source(hash=hashlib.sha256(canonical.encode()).hexdigest(), files=files)


def _stored_once(sources: Mapping[str, bytes]) -> Source:
    new = source_of(sources)
    return Source.objects.get_or_create(hash=new.hash, defaults={"files": new.files})[0]


def _encoded(data: bytes) -> dict[str, str]:
    if b"\0" not in data:
        try:
            return {"encoding": "utf-8", "content": data.decode()}
        except UnicodeDecodeError:
            pass
    return {"encoding": "base64", "content": base64.b64encode(data).decode()}


def _described(name: str, data: bytes) -> dict[str, Any]:
    return {"name": storable(name), "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _facts(outcome: Mapping[str, Any]) -> dict[str, Any]:
    files = [{key: file[key] for key in ("name", "size", "sha256")} for file in outcome["files"]]
    return {
        **{name: storable(str(outcome[name] or "")) for name in _TEXTS},
        **{name: outcome[name] for name in _NUMBERS},
        "diagnostics": storable(outcome["diagnostics"]),
        "output_files": storable(files),
        "walls": storable(outcome["walls"]),
    }


def _violation(execution_id: str | UUID, found: Mapping[str, Any], created: Any) -> Violation:
    texts = ("category", "rule", "severity", "message", "file", "suggestion")
    return Violation(
        execution_id=execution_id,
        created=created,
        **{name: storable(str(found[name] or "")) for name in texts},
        **{name: found[name] for name in ("line", "column", "end_column")},
    )
