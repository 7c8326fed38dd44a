"""Reconcile the head file with the seals, also after a crash."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.models.functions import Coalesce

from audit import journal, leaves, signing
from audit.findings import Finding, Refused
from audit.head_file import Head, Unreadable
from audit.private_files import opened
from audit.sealed import Seal


class Overtaken(Exception):
    """Another process sealed first."""


_FIELDS = ("number", "form", "previous", "root", "count", "late", "key", "signature", "leaves")
_TIMES = ("until", "created")


def announce(new: Seal) -> None:
    """Write a seal to the head file, and whole beside it; with the lock held."""
    kept = {name: getattr(new, name) for name in _FIELDS}
    kept |= {name: getattr(new, name).isoformat() for name in _TIMES}
    draft = _pending_file().with_suffix(".draft")
    handle = opened(draft, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(kept, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, _pending_file())
    journal.file().append([f"seal {new.number} {new.digest()}"], sync=True)


def store(new: Seal, keys: dict[str, list[Any]]) -> None:
    """Write a seal and tie its records to it, in the caller's transaction."""
    new.save(force_insert=True)
    for kind, some in keys.items():
        records = leaves.MODELS[kind]._default_manager.filter(pk__in=some)
        # As in `leaves.of_keys`: found by their keys, not among all that wait.
        free = records.alias(sealed=Coalesce("seal_id", 0)).filter(sealed=0)
        if free.update(seal=new) != len(some):
            raise Overtaken


@contextmanager
def durable_commits() -> Iterator[None]:
    """Let SQLite put what is committed onto the disk at once: the head file does, too."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
        try:
            yield
        finally:
            cursor.execute("PRAGMA synchronous=NORMAL")


def recover() -> None:
    """Finish what a process that died left unfinished, and take up the seals of other machines.

    Raises :class:`~audit.findings.Refused` where an announced seal no longer fits its records.
    """
    try:
        journal.resolve()
        if pending := journal.file().peek().pending:
            # Unless the process that announced it is alive, and faster.
            with suppress(IntegrityError, Overtaken):
                _finish(*pending)
        with journal.file().locked() as head:
            later, _ = _later(head)
            if later:
                journal.file().append([f"sealed {later[-1].number} {later[-1].digest()}"])
    except Unreadable as error:
        raise Refused([Finding(f"the head file cannot be read: {error}")]) from error


def head_findings() -> Iterator[Finding]:
    """Yield findings about the newest seals, compared with the head file."""
    try:
        head = journal.file().peek()
    except Unreadable as error:
        yield Finding(f"the head file cannot be read: {error}")
        return
    if head.seal:
        known = Seal.objects.filter(pk=head.seal).first()
        if known is None:
            yield Finding("is missing, and the head file knows it", head.seal)
            return
        if known.digest() != head.digest:
            yield Finding("is another one than the head file knows", head.seal)
            return
    _, wrong = _later(head)
    yield from wrong


def _finish(number: int, digest: str) -> None:
    """Store an announced seal that is not in the database, exactly as it was announced."""
    with durable_commits(), journal.step(durable=True) as step:
        there = Seal.objects.filter(pk=number).first()
        if there is None:
            try:
                new = _pending(digest)
            except (OSError, ValueError, KeyError, TypeError) as error:
                if Seal.objects.filter(pk=number).exists():
                    raise Overtaken from error
                what = f"was announced and cannot be made again: {error}"
                raise Refused([Finding(what, number)]) from error
            store(new, _keys(new))
            there = new
        head = step.lock()
        if head.pending == (number, digest):
            same = there.digest() == digest
            # Another machine was faster: what it sealed has to follow, see `_later`.
            step.confirmations.append(f"sealed {number} {digest}" if same else f"unsealed {number}")


def _pending(digest: str) -> Seal:
    """Return the announced seal. Raise ``ValueError`` if its records have changed since."""
    kept = json.loads(_pending_file().read_text(encoding="ascii"))
    fields: dict[str, Any] = {name: kept[name] for name in _FIELDS}
    new = Seal(**fields, **{name: datetime.fromisoformat(kept[name]) for name in _TIMES})
    if new.digest() != digest:
        raise ValueError("the file beside the head file is of another one")
    expected = new.leaves.split("\n")
    found = [
        f"{kind} {one.key} {one.hash}"
        for kind, keys in _keys(new).items()
        for one in leaves.of_keys(kind, keys, new.form)
    ]
    if sorted(found) != sorted(expected):
        changed = sorted(set(expected) - set(found))
        raise ValueError(f"{changed[0].rpartition(' ')[0]} is not what was sealed")
    return new


def _keys(new: Seal) -> dict[str, list[Any]]:
    keys: dict[str, list[Any]] = {}
    for line in new.leaves.split("\n"):
        kind, key, _ = line.split(" ")
        keys.setdefault(kind, []).append(UUID(key) if kind == "execution" else int(key))
    return keys


def _later(head: Head) -> tuple[list[Seal], list[Finding]]:
    """Return the seals after the one in the head file, and findings about them."""
    number, digest = head.seal, head.digest
    later: list[Seal] = []
    for one in Seal.objects.filter(number__gt=head.seal).defer("leaves").order_by("number"):
        signed = signing.is_trusted(one.key) and signing.is_signed(
            one.header(), one.key, one.signature
        )
        if (one.number, one.previous) != (number + 1, digest) or not signed:
            return later, [Finding("does not follow the one that the head file knows", one.number)]
        number, digest = one.number, one.digest()
        later.append(one)
    return later, []


def _pending_file() -> Path:
    return journal.file().path.with_suffix(".pending")
