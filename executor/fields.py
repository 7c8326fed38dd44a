"""One JSON object from outside, taken apart field by field; for messages and requests alike."""

from __future__ import annotations

import base64
import json
import re
from types import NoneType
from typing import Any, get_args

_TEXT = re.compile(r'"(?>[^"\\]+|\\.)*+(?:"|\Z)', re.DOTALL)
_MOST_OUTSIDE = 1 << 16
"""Texts, and characters outside of them. The most of files and arguments take a sixth of it; a
message of nothing but ``{},`` would take a gigabyte, and hold up everybody meanwhile."""

_KINDS = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "an object",
    NoneType: "null",
}


class BadMessage(ValueError):
    """What a client sent cannot be understood; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parsed(text: str | bytes, what: str) -> dict[str, Any]:
    """The JSON object in ``text``, no key twice; raises :class:`BadMessage` about ``what``."""
    try:
        text = text if isinstance(text, str) else text.decode()
        if not _is_mostly_text(text):
            raise BadMessage("bad-json", f"{what} has far too many fields.")
        body = json.loads(text, object_pairs_hook=_unique)
    except BadMessage:
        raise
    except (ValueError, RecursionError) as error:
        raise BadMessage("bad-json", f"{what} is not valid JSON.") from error
    if not isinstance(body, dict):
        raise BadMessage("bad-json", f"{what} must be a JSON object.")
    return body


def _is_mostly_text(text: str) -> bool:
    """Whether what is outside of strings is little; looked at until it is not, in linear time."""
    if len(text) <= _MOST_OUTSIDE:
        return True
    outside = end = 0
    for string in _TEXT.finditer(text):
        outside += string.start() - end + 1  # a text of nothing counts too
        end = string.end()
        if outside > _MOST_OUTSIDE:
            return False
    return outside + len(text) - end <= _MOST_OUTSIDE


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("duplicate key")
    return body


class Fields:
    """Takes fields out of an object, each checked; what is left over is an error.

    ``what`` names the object in sentences for people.
    """

    def __init__(self, body: dict[str, Any], what: str) -> None:
        self._body = body
        self.what = what

    def take(self, name: str, kind: type, default: Any = None) -> Any:
        value = self._body.pop(name, default)
        # bool is a subclass of int, and true is no number of columns.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            needed = " or ".join(_KINDS[one] for one in get_args(kind) or (kind,))
            raise BadMessage("bad-field", f"{self.what} needs “{name}” as {needed}.")
        return value

    def has(self, name: str) -> bool:
        return name in self._body

    def done(self) -> None:
        if self._body:
            unknown = ", ".join(sorted(self._body))[:100]
            raise BadMessage("unknown-field", f"{self.what} has an unknown field: {unknown}.")


def listed_file(item: Any, key: str) -> tuple[str, str | bytes]:
    """A file of a list, {``key``, content} or {``key``, content_base64}: its name and content."""
    if not isinstance(item, dict):
        raise BadMessage("bad-field", f"Each file needs a “{key}” and a “content”.")
    fields = Fields(item, "Each file")
    name: str = fields.take(key, str)
    content: str | bytes
    if fields.has("content_base64"):
        content = _decoded(fields.take("content_base64", str), name)
    else:
        content = fields.take("content", str)
    fields.done()
    return name, content


def _decoded(text: str, name: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BadMessage("bad-field", f"The content of “{name:.80}” is not base64.") from error
