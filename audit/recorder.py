"""The only writer of executions and violations.

An execution is recorded before anything of it runs, and its state only moves
forward: what has ended, or was given up as lost, is never written again.
Values are plain (text, bytes, numbers, mappings); nobody's types are needed.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from audit import alerts, journal, packing, quota
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
    stdin: bytes = b"",
    running: bool = False,
    source: Source | None = None,
) -> Execution:
    """Record a submission as queued, or as running already; committed once this returns.

    ``sources`` are kept whole, of ``data_files`` only name, size and hash, of ``stdin`` size,
    hash and as much as ``RECORD_INPUT_BYTES`` says. ``source`` is what :func:`source_of` makes
    of ``sources``, for a caller who has it. ``server`` names the process that looks after the
    execution. Raises ``RuntimeError`` inside a transaction, where nothing could be committed
    yet, and ``IntegrityError`` for an id that exists.
    """
    now = timezone.now()
    begun = {"state": State.RUNNING, "started": now} if running else {}
    new = source or source_of(sources)
    long = _long_columns(data_files, main, args, limits, options, stdin)
    with journal.transaction(durable=True) as notes:
        notes.begun("execution", execution_id)
        stored, is_new = _stored_once(new)
        execution = Execution.objects.create(
            id=execution_id,
            created=now,
            **begun,
            user=user,
            username=user.get_username() if user else "",
            door=door,
            remote_address=remote_address,
            user_agent=storable(user_agent)[:USER_AGENT_CHARS],
            server=server,
            source=stored,
            code_hash=code_hash,
            interactive=interactive,
            validated=validated,
            project=project,
            input_bytes=len(stdin),
            input_sha256=hashlib.sha256(stdin).hexdigest(),
            **long,
        )
        if user is not None:
            packed = len(new.packed or b"") if is_new else 0
            quota.count(execution_id, quota.ROW_BYTES + quota.size_of(*long.values()) + packed)
        return execution


def _long_columns(
    data_files: Mapping[str, bytes],
    main: str,
    args: Iterable[str],
    limits: Mapping[str, Any],
    options: Mapping[str, Any],
    stdin: bytes,
) -> dict[str, Any]:
    """Return the columns whose size is up to the submission."""
    return {
        "data_files": [_described(name, data) for name, data in data_files.items()],
        "main": storable(main),
        "args": storable(list(args)),
        "limits": storable(dict(limits)),
        "options": storable(dict(options)),
        "input_kept": packing.text_of(stdin[: settings.RECORD_INPUT_BYTES]),
    }


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
    facts, typed = _facts(outcome), _typed(outcome)
    violations = [_violation(execution_id, found, now) for found in outcome["violations"]]
    with journal.transaction(durable=True) as notes:
        if violations:
            alerts.take_turn(execution_id)
        unfinished = Execution.objects.filter(pk=execution_id, state__in=UNFINISHED)
        if unfinished.update(state=State.ENDED, ended=now, **facts):
            # Not into a record that forgot its person meanwhile: what was typed is personal.
            if typed:
                Execution.objects.filter(pk=execution_id).exclude(salt="").update(**typed)
            Violation.objects.bulk_create(violations)
            quota.count(execution_id, quota.size_of_ending(facts | typed, violations))
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
    files = {storable(name): data for name, data in sources.items()}
    return Source(hash=packing.hash_of(files), packed=packing.pack(files))


def _stored_once(new: Source) -> tuple[Source, bool]:
    """Return the row with these files, and whether it is new."""
    return Source.objects.only("hash").get_or_create(hash=new.hash, defaults={"packed": new.packed})


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
        "compiler_files": storable(outcome.get("compiler_files", [])),
    }


def _typed(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """Return the input fields if the user typed anything; else the record has them already."""
    kept = outcome.get("input_kept_base64")
    if kept is None:
        return {}
    return {
        "input_bytes": outcome["input_bytes"],
        "input_sha256": outcome["input_sha256"],
        "input_kept": packing.text_of(base64.b64decode(kept)[: settings.RECORD_INPUT_BYTES]),
    }


def _violation(execution_id: str | UUID, found: Mapping[str, Any], created: Any) -> Violation:
    texts = ("category", "rule", "severity", "message", "file", "suggestion")
    return Violation(
        execution_id=execution_id,
        created=created,
        **{name: storable(str(found[name] or "")) for name in texts},
        **{name: found[name] for name in ("line", "column", "end_column")},
    )
