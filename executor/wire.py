"""A submission and a tool's finding as text between web servers and workers."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Any

from executor.frames import Tool
from executor.messages import Control
from executor.outcome import Diagnostic, Outcome, Status, Violation
from executor.submission import Options, Submission
from executor.tools import Check


def submission_text(
    submission: Submission, tool: Tool = Tool.RUN, account: str | None = None
) -> str:
    """One JSON object; it says nothing of validation, which a worker never leaves out."""
    fields = {name: getattr(submission, name) for name in _PLAIN}
    files = {name: _text(data) for name, data in submission.files.items()}
    return json.dumps(
        fields
        | {
            "files": files,
            "stdin": _text(submission.stdin),
            "options": asdict(submission.options),
            "tool": tool.value,
            "account": account,
        }
    )


def submission_from(text: str) -> tuple[Submission, Tool, str | None]:
    """What :func:`submission_text` was given."""
    body = json.loads(text)
    submission = Submission(
        files={name: _bytes(data) for name, data in body["files"].items()},
        stdin=_bytes(body["stdin"]),
        options=Options(**body["options"]),
        **{name: body[name] for name in _PLAIN} | {"args": tuple(body["args"])},
    )
    return submission, Tool(body["tool"]), body.get("account")


def control_text(message: Control) -> str:
    """A message as the client sent it, for :func:`executor.parsing.parse`."""
    return json.dumps({"type": message.type, **asdict(message)})


def check_text(check: Check) -> str:
    """What a tool found, as one JSON object."""
    escape = check.escape.as_dict() if check.escape else None
    return json.dumps(asdict(check) | {"escape": escape})


def check_from(text: str) -> Check:
    """What :func:`check_text` was given."""
    body = json.loads(text)
    return Check(
        **body
        | {
            "violations": [Violation.from_dict(one) for one in body["violations"]],
            "diagnostics": [Diagnostic(**one) for one in body["diagnostics"]],
            "escape": _outcome(body["escape"]) if body["escape"] else None,
        }
    )


_PLAIN = ("main", "args", "interactive", "cols", "rows")


def _outcome(found: dict[str, Any]) -> Outcome:
    """Of a tool: no program ran, so no file was written."""
    return Outcome(
        **found
        | {
            "status": Status(found["status"]),
            "diagnostics": [Diagnostic(**one) for one in found["diagnostics"]],
            "violations": [Violation.from_dict(one) for one in found["violations"]],
            "files": [],
        }
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
