"""The requests that the broker accepts: fixed verbs, each with fixed fields.

One request is one message of a ``SOCK_SEQPACKET`` socket, a JSON object; the kernel keeps
messages apart, so there are no partial ones. One answer is one message: a JSON object, or
``{"attached": …}`` with a descriptor beside it. No field names an image, a mount, a
capability, a network or a command: the broker's own settings define a sandbox, and the
client chooses among named shapes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

REQUEST_MAX: Final = 512
"""The largest request in bytes; honest ones need less than a third of it."""
ANSWER_MAX: Final = 32 << 10
"""The largest answer in a message; a larger one is sent as a descriptor of a memory file."""
SHAPES: Final = ("standard", "unvalidated")
IMAGE_AGE_LEAST_SECONDS: Final = 3600.0

_NAME: Final = re.compile(r"sandbox_[0-9a-f]{12}")
_NAME_OR_ID: Final = re.compile(r"sandbox_[0-9a-f]{12}|[0-9a-f]{64}")
_IMAGE_ID: Final = re.compile(r"sha256:[0-9a-f]{64}")


class BadRequest(Exception):
    """A malformed request; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A verb and its validated fields."""

    verb: str
    fields: Mapping[str, Any]


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_shape(value: object) -> bool:
    return isinstance(value, str) and value in SHAPES


def _is_age(value: object) -> bool:
    # bool is an int in Python, and infinity a float.
    return type(value) in (int, float) and IMAGE_AGE_LEAST_SECONDS <= float(str(value)) <= 1e10


VERBS: Final[Mapping[str, Mapping[str, Callable[[object], bool]]]] = {
    "ping": {},
    "info": {},
    "version": {},
    "list": {},
    "start": {"shape": _is_shape, "name": _matches(_NAME)},
    "await_removal": {"name": _matches(_NAME_OR_ID)},
    "remove": {"name": _matches(_NAME_OR_ID)},
    "image": {"shape": _is_shape},
    "declarations": {"shape": _is_shape, "image": _matches(_IMAGE_ID)},
    "remove_old_images": {"seconds": _is_age},
}
"""For every verb, a validator for each of its fields."""


def request(data: bytes) -> Request:
    """Parse a request. Raise :class:`BadRequest` unless it matches a verb exactly."""
    try:
        found = json.loads(data, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadRequest("the request is not a JSON object") from error
    if not isinstance(found, dict):
        raise BadRequest("the request is not a JSON object")
    verb = found.pop("verb", None)
    if not isinstance(verb, str) or verb not in VERBS:
        raise BadRequest("there is no such verb")
    fields = VERBS[verb]
    if found.keys() != fields.keys():
        raise BadRequest(f"“{verb}” takes exactly these fields: {', '.join(fields) or 'none'}")
    for name, fits in fields.items():
        if not fits(found[name]):
            raise BadRequest(f"“{name}” is not a value that “{verb}” takes")
    return Request(verb, found)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a field appears twice")
    return dict(pairs)


def _no_number(word: str) -> float:
    raise ValueError(word)
