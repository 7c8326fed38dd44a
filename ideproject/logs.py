"""Log lines for people, in which text from outside cannot pose as a line of its own."""

from __future__ import annotations

import logging
import re
from types import TracebackType
from typing import TypeAlias

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
# Control characters, line and paragraph separators, and marks that reorder text.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

_SHARE = re.compile(r"(/s(?:hares)?/)[\w-]+")


def escaped(text: str) -> str:
    """``text`` on one line, its control characters written as escapes."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


class RefusalsInOneLine(logging.Filter):
    """A traceback for each request with a made-up host or size would let anyone flood the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = None
        return True


class ShareTokensHidden(logging.Filter):
    """Whoever reads the log could otherwise read what the links in it lead to."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (hidden := _SHARE.sub(r"\1…", message)) != message:
            record.msg, record.args = hidden, ()
        return True


class PlainFormatter(logging.Formatter):
    """Time, level, logger and message; a traceback follows with every line indented."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        return escaped(super().formatMessage(record))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 (logging's name)
        lines = super().formatException(ei).split("\n")
        return "\n".join(f"    {escaped(line)}" for line in lines)
