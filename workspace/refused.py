"""What a person asked for and does not get."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """``code`` is stable, the text is for a person, ``status`` is HTTP's.

    ``more`` goes into the answer beside the error.
    """

    def __init__(self, code: str, message: str, status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.more = more


def not_logged_in() -> Refused:
    """Nobody is, or whoever was has no account any more that is open."""
    return Refused("not-logged-in", "You are no longer logged in. Log in again.", 403)


def not_there(what: str) -> Refused:
    """Alike for “not yours” and “not there”."""
    return Refused("not-found", f"There is no {what} of yours here.", 404)
