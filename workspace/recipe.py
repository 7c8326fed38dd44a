"""How a project is run, as it comes in and goes out as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from django.conf import settings

from executor.fields import Fields, listed_file
from executor.submission import BadSubmission, Options, encoded
from workspace.endpoint import clean_text
from workspace.models import NAME_CHARS
from workspace.refused import Refused


def recipe(fields: Fields) -> dict[str, Any]:
    """The fields of ``Program`` that a request holds, each checked."""
    readers: dict[str, Callable[[], Any]] = {
        "name": lambda: project_name(fields.take("name", str)),
        "main": lambda: clean_text(fields.take("main", str)),
        "args": lambda: _args(fields.take("args", list)),
        "stdin": lambda: _stdin(fields.take("stdin", str)),
        "options": lambda: _options(fields.take("options", dict)),
    }
    return {name: read() for name, read in readers.items() if fields.has(name)}


def project_name(text: str) -> str:
    """A name that can be read: without control characters and spaces around it."""
    name = text.strip()
    if not name.isprintable() or not 1 <= len(name) <= NAME_CHARS:
        raise Refused(
            "bad-project-name", f"A project's name has 1 to {NAME_CHARS} visible characters."
        )
    return name


def _args(args: list[Any]) -> list[str]:
    limits = settings.LIMITS
    if not all(isinstance(argument, str) for argument in args):
        raise Refused("bad-field", "“args” must be a list of strings.")
    if any("\0" in clean_text(argument) for argument in args):
        raise BadSubmission("bad-argument", "A program argument cannot hold a NUL character.")
    size = sum(len(argument.encode()) + 1 for argument in args)
    if len(args) > limits.argument_count or size > limits.argument_bytes:
        raise Refused(
            "argument-size",
            f"The arguments are more than {limits.argument_count:,}, or more than "
            f"{limits.argument_bytes:,} bytes together, the limits.",
            413,
        )
    return args


def _stdin(text: str) -> bytes:
    data = encoded(text)
    limit = settings.LIMITS.stdin_bytes
    if len(data) > limit:
        raise Refused(
            "stdin-size", f"The input of {len(data):,} bytes is over the limit of {limit:,}.", 413
        )
    return data


def _options(options: dict[str, Any]) -> dict[str, Any]:
    """As they are given: what is not said stays as the server has it."""
    if unknown := options.keys() - {field.name for field in dataclasses.fields(Options)}:
        raise Refused("bad-option", f"There is no such option: {min(unknown):.40}.")
    Options(**options)
    return options


def contents(fields: Fields) -> dict[str, bytes]:
    """The field ``files``: a list of {path, content} or {path, content_base64}."""
    pairs = [listed_file(item, "path") for item in fields.take("files", list)]
    listed = {path: encoded(content) for path, content in pairs}
    if not listed or len(listed) != len(pairs):
        raise Refused("bad-field", "“files” must hold at least one file, and no path twice.")
    return listed
