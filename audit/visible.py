"""Text of strangers, made fit for the eyes of people."""

from __future__ import annotations

import re

# Control characters but tab and newline, and marks that reorder the text around them.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """``text`` with its invisible and reordering characters written as escapes."""
    return _HIDDEN.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
