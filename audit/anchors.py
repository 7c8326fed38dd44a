"""The head of the chain outside of the database: what shows that its end was cut off.

An anchor is a line ``time number digest key`` in a file that is only appended to,
best on another machine's disk or one that cannot be rewritten, or the same in a notification.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from audit import notify
from audit.canonical import moment
from audit.private_files import opened
from audit.sealed import Seal


class Unreadable(Exception):
    """There is no telling what was anchored; the message says where and why."""


def line(head: Seal) -> str:
    """The anchor of a seal, without a line break."""
    return f"{moment(timezone.now())} {head.number} {head.digest()} {head.key}"


def append(head: Seal, path: Path) -> None:
    """Add the anchor of ``head`` to the file. Raises ``OSError`` when it cannot be written."""
    handle = opened(path, os.O_WRONLY | os.O_APPEND)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        file.write(line(head) + "\n")
        file.flush()
        os.fsync(file.fileno())


def keep(made: list[Seal]) -> None:
    """Anchor the last of the new seals where the settings say, if they do.

    A new file gets the head, whenever that was made.
    """
    if not settings.AUDIT_ANCHOR_FILE:
        return
    path = Path(settings.AUDIT_ANCHOR_FILE)
    last = made[-1] if made else Seal.objects.order_by("-number").first()
    if last and (made or not path.exists()):
        append(last, path)


def tell(head: Seal) -> int:
    """Put the anchor into the outbox of notifications; the number of channels it goes by."""
    return notify.enqueue(
        {
            "event": "anchor",
            "instance": settings.INSTANCE_NAME,
            "created": moment(timezone.now()),
            "execution_id": "",
            "user": "",
            "door": "",
            "paused_until": None,
            "violations": [],
            "anchor": line(head),
        }
    )


def read(path: Path) -> dict[int, str]:
    """The digests in an anchor file by the number of their seal, the first of each.

    Raises :class:`Unreadable` when the file is not there or a line is no anchor.
    """
    found: dict[int, str] = {}
    try:
        for number, digest in _pairs(path):
            found.setdefault(number, digest)
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"The anchors in “{path}” cannot be read: {error}.") from error
    return found


def _pairs(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="ascii") as file:
        for count, text in enumerate(file, 1):
            words = text.split()
            if len(words) != 4 or not words[1].isdecimal():
                raise Unreadable(f"Line {count} of the anchors in “{path}” is no anchor.")
            yield int(words[1]), words[2]
