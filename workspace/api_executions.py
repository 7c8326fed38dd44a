"""One's own executions, from their records; and what they ran, put back into a project."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from audit.models import Execution
from executor.recorded import outcome
from workspace import projects
from workspace.access import own_execution, own_executions, project_of
from workspace.api_projects import change_json, project_json
from workspace.endpoint import clean_text, endpoint, fields_of
from workspace.refused import Refused

_MOST = 200


def _list(person: User, request: HttpRequest) -> dict[str, Any]:
    found = own_executions(person)
    if project := request.GET.get("project"):
        found = found.filter(project=project_of(person, project).pk)
    if before := request.GET.get("before"):
        found = found.filter(created__lt=_moment(before))
    limit = _limit(request.GET.get("limit", "50"))
    columns = ("id", "created", "status", "state", "message", "main", "code_hash", "run_ms")
    rows = list(found.only(*columns, "project")[: limit + 1])
    return {
        "executions": [_in_short(row) for row in rows[:limit]],
        "next": rows[limit - 1].created.isoformat() if len(rows) > limit else None,
    }


def _in_short(row: Execution) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "created": row.created.isoformat(),
        "status": row.status or row.state,
        "message": row.message,
        "main": row.main,
        "code_hash": row.code_hash,
        "run_ms": row.run_ms,
        "project": str(row.project) if row.project else None,
    }


def _read(person: User, request: HttpRequest, execution_id: UUID) -> dict[str, Any]:
    record = own_execution(person, execution_id)
    facts = outcome(record).as_dict() if record.status else _in_short(record)
    facts.pop("input_kept_base64", None)
    files = [file | {"content_base64": None} for file in record.output_files]
    sources = record.source.contents().items()
    return facts | {
        **{name: getattr(record, name) for name in ("stdout", "stderr", "compiler_output")},
        "files": files,
        "created": record.created.isoformat(),
        "main": record.main,
        "args": record.args,
        "options": {name: used for name, used in record.options.items() if name != "origin"},
        "project": str(record.project) if record.project else None,
        "sources": [{"path": p, "text": data.decode("utf-8", "replace")} for p, data in sources],
    }


def _restore(person: User, request: HttpRequest, execution_id: UUID) -> dict[str, Any]:
    fields = fields_of(request)
    project = project_of(person, clean_text(fields.take("project", str)))
    fields.done()
    record = own_execution(person, execution_id)
    sources = record.source.contents()
    restored, change = projects.store(person, project.pk, sources, main=record.main)
    return project_json(restored, with_texts=True) | {"change": change_json(change)}


def _moment(text: str) -> datetime:
    # In an address, the plus of a time zone is a space.
    try:
        moment = parse_datetime(text.replace(" ", "+"))
        if moment is not None:
            aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
            return aware.astimezone(UTC)  # as the database will; near the ends of time it cannot
    except (ValueError, OverflowError):
        pass
    raise Refused("bad-field", "“before” must be a time, as “next” gives it.")


def _limit(text: str) -> int:
    digits = len(str(_MOST))
    if not re.fullmatch(f"[0-9]{{1,{digits}}}", text) or not 1 <= int(text) <= _MOST:
        raise Refused("bad-field", f"“limit” must be a number from 1 to {_MOST}.")
    return int(text)


execution_list = endpoint(GET=_list)
one_execution = endpoint(GET=_read)
restore = endpoint(POST=_restore)
