"""Log lines, for people or as JSON, in which text from outside cannot pose as a line of its own.

Whatever the format, a line about an execution names it, and what would open
somebody else's door (the token of a share link, a password in a query) is left out.
"""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from executor.log_context import execution_id

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
# Control characters, line and paragraph separators, and marks that reorder text.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_SHARE = re.compile(r"(/s(?:hares)?/)[\w-]{8,}")
_NAMED = re.compile(r"(?i)\b((?:token|password|secret|signature|sessionid|csrftoken)=)[^&;\s\"']+")
_BEARER = re.compile(r"(?i)\b(bearer )[\w.~+/=-]+")


def escaped(text: str) -> str:
    """``text`` on one line, its control characters written as escapes."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def without_secrets(text: str) -> str:
    """``text`` with the tokens of share links and the values of secrets as “…”."""
    for pattern in (_SHARE, _NAMED, _BEARER):
        text = pattern.sub(r"\1…", text)
    return text


class RefusalsInOneLine(logging.Filter):
    """A traceback for each request with a made-up host or size would let anyone flood the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = None
        return True


class PlainFormatter(logging.Formatter):
    """Time, level, logger and message; a traceback follows with every line indented."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        line = escaped(without_secrets(super().formatMessage(record)))
        return f"{line} [execution {execution_id()}]" if execution_id() else line

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 (logging's name)
        lines = without_secrets(super().formatException(ei)).split("\n")
        return "\n".join(f"    {escaped(line)}" for line in lines)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, in ASCII; a traceback is one of its values."""

    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if execution_id():
            facts["execution_id"] = execution_id()
        if record.exc_info:
            facts["exception"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(facts)


def rotate(file: Path, most_bytes: int, kept: int) -> bool:
    """Move a log that has grown over ``most_bytes`` aside; whether that was needed.

    ``kept`` older ones stay, as ``file.1`` and so on. Who writes notices that
    its file is another one and opens it anew (``WatchedFileHandler``), so this
    can be done from another process and no line is lost.
    """
    if not file.exists() or file.stat().st_size <= most_bytes:
        return False
    for number in range(kept, 0, -1):
        older = file.with_name(f"{file.name}.{number}")
        newer = file.with_name(f"{file.name}.{number - 1}") if number > 1 else file
        if newer.exists():
            os.replace(newer, older)
    if not kept:
        file.unlink()
    return True


def configuration(level: str, form: str, file: str) -> dict[str, Any]:
    """The site's ``LOGGING``; to standard error where no ``file`` is named."""
    handler: dict[str, Any] = {"formatter": form, "filters": ["short"]}
    if file:
        handler |= {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": file,
            "encoding": "utf-8",
        }
    else:
        handler["class"] = "logging.StreamHandler"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"()": "ideproject.logs.PlainFormatter"},
            "json": {"()": "ideproject.logs.JsonFormatter"},
        },
        "filters": {"short": {"()": "ideproject.logs.RefusalsInOneLine"}},
        "handlers": {"lines": handler},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            # Without this, Django's own handlers would log requests past our formatter.
            "django": {"handlers": [], "propagate": True},
            # At its start it tells what it was not given; `serve` says where it listens.
            "daphne.server": {"level": "WARNING"},
        },
    }
