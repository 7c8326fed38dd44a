"""Every message of ``/ws/execute/``, both ways, as dataclasses.

Reading this file is reading the protocol; ``docs/protocol.md`` tells it to
people outside. A message is one JSON object whose ``type`` names the class.
The server's :class:`Blocked`, :class:`Stage`, :class:`Output`, :class:`Diagnostics`
and :class:`File` are also what the engine emits while an execution lives.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from executor.fields import BadMessage as BadMessage
from executor.fields import Fields, parsed
from executor.outcome import Diagnostic, Outcome, Violation
from executor.submission import BadSubmission, Submission

SIGNALS = ("SIGINT", "SIGTERM", "SIGQUIT", "SIGTSTP", "SIGCONT")


# Client to server


@dataclass(frozen=True, slots=True)
class Saved:
    """A submission from a saved project, still to be made; what is None is the project's own."""

    project: str
    files: Mapping[str, str | bytes]
    """Unsaved ones, in place of those that are saved under these names."""
    main: str | None
    args: tuple[str, ...] | None
    stdin: str | None
    interactive: bool
    cols: int
    rows: int


@dataclass(frozen=True, slots=True)
class Run:
    """Validate, compile and run a submission."""

    type: ClassVar[str] = "run"
    submission: Submission | Saved


@dataclass(frozen=True, slots=True)
class Stdin:
    """Characters for the program's standard input."""

    type: ClassVar[str] = "stdin"
    data: str


@dataclass(frozen=True, slots=True)
class Eof:
    """No more standard input (Ctrl-D)."""

    type: ClassVar[str] = "eof"


@dataclass(frozen=True, slots=True)
class Signal:
    """Send the program a signal, by name: one of ``SIGNALS``."""

    type: ClassVar[str] = "signal"
    signal: str


@dataclass(frozen=True, slots=True)
class Stop:
    """End the execution now, in whatever stage it is."""

    type: ClassVar[str] = "stop"


@dataclass(frozen=True, slots=True)
class Resize:
    """The terminal's new size, in characters."""

    type: ClassVar[str] = "resize"
    cols: int
    rows: int


@dataclass(frozen=True, slots=True)
class Attach:
    """Follow an execution of one's own again, from its first event on."""

    type: ClassVar[str] = "attach"
    execution_id: str


ClientMessage = Run | Stdin | Eof | Signal | Stop | Resize | Attach

# Server to client


@dataclass(frozen=True, slots=True)
class Accepted:
    """The execution is recorded; ``position`` is 0 when nothing is ahead of it."""

    type: ClassVar[str] = "accepted"
    execution_id: str
    position: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """What policy said no to; a result with status ``blocked`` follows."""

    type: ClassVar[str] = "blocked"
    violations: list[Violation]


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Nothing was recorded or run; ``retry_after`` is in whole seconds, rounded up."""

    type: ClassVar[str] = "rate_limited"
    retry_after: int
    message: str


@dataclass(frozen=True, slots=True)
class Stage:
    """``queued``, ``starting``, ``compile``, ``link`` or ``run`` begins."""

    type: ClassVar[str] = "stage"
    stage: str


@dataclass(frozen=True, slots=True)
class Output:
    """Text of ``stdout``, ``stderr`` or ``compiler``; never splits a character."""

    type: ClassVar[str] = "output"
    stream: str
    data: str


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """The compiler's messages with their places."""

    type: ClassVar[str] = "diagnostics"
    items: list[Diagnostic]


@dataclass(frozen=True, slots=True)
class File:
    """A file the program wrote; see :class:`executor.outcome.OutputFile`."""

    type: ClassVar[str] = "file"
    name: str
    size: int
    sha256: str | None
    content_base64: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome, without the streams and files that were already sent."""

    type: ClassVar[str] = "result"
    outcome: Outcome
    streamed: ClassVar[tuple[str, ...]] = ("stdout", "stderr", "compiler_output", "files")


@dataclass(frozen=True, slots=True)
class Error:
    """The message was refused or the service failed; ``code`` is stable."""

    type: ClassVar[str] = "error"
    code: str
    message: str
    detail: dict[str, Any] = field(default_factory=dict)


Event = Blocked | Stage | Output | Diagnostics | File
ServerMessage = Accepted | RateLimited | Event | Result | Error
Control = Stdin | Eof | Signal | Stop | Resize


def to_json(message: ServerMessage) -> str:
    """One text frame."""
    if isinstance(message, Result):
        body = message.outcome.as_dict()
        for name in Result.streamed:
            del body[name]
    else:
        body = asdict(message)
    return json.dumps({"type": message.type, **body})


def parse(text: str) -> ClientMessage:
    """The client message in one text frame; raises :class:`BadMessage`."""
    body = parsed(text, "The message")
    kind = body.pop("type", None)
    parser = _PARSERS.get(kind) if isinstance(kind, str) else None
    if parser is None:
        raise BadMessage("unknown-type", f"The message type must be one of: {', '.join(_PARSERS)}.")
    return parser(Fields(body, f"“{kind}”"))


def _size(fields: Fields) -> tuple[int, int]:
    cols, rows = fields.take("cols", int, 80), fields.take("rows", int, 24)
    if not (1 <= cols <= 1000 and 1 <= rows <= 1000):
        raise BadMessage("bad-field", "“cols” and “rows” must be between 1 and 1000.")
    return cols, rows


def _run(fields: Fields) -> Run:
    return Run(_saved(fields) if fields.has("project") else _submission(fields))


def _submission(fields: Fields) -> Submission:
    if fields.has("source"):
        files: dict[str, str | bytes] = {"main.c": fields.take("source", str)}
        main = "main.c"
    else:
        files = _files(fields)
        main = fields.take("main", str)
    args = _args(fields)
    stdin = fields.take("stdin", str, "")
    interactive = fields.take("interactive", bool, False)
    cols, rows = _size(fields)
    fields.done()
    try:
        return Submission.from_files(
            files, main, args=args, stdin=stdin, interactive=interactive, cols=cols, rows=rows
        )
    except BadSubmission as error:
        raise BadMessage(error.code, str(error)) from error


def _saved(fields: Fields) -> Saved:
    saved = Saved(
        fields.take("project", str),
        _files(fields) if fields.has("files") else {},
        fields.take("main", str) if fields.has("main") else None,
        _args(fields) if fields.has("args") else None,
        fields.take("stdin", str) if fields.has("stdin") else None,
        fields.take("interactive", bool, False),
        *_size(fields),
    )
    fields.done()
    return saved


def _args(fields: Fields) -> tuple[str, ...]:
    args = fields.take("args", list, [])
    if not all(isinstance(argument, str) for argument in args):
        raise BadMessage("bad-field", "“args” must be a list of strings.")
    return tuple(args)


def _files(fields: Fields) -> dict[str, str | bytes]:
    """``files`` as an object (name to text), or as a list of {name, content | content_base64}."""
    value = fields.take("files", dict | list)  # type: ignore[arg-type]
    if isinstance(value, dict):
        pairs = list(value.items())
    else:
        pairs = [_listed_file(item) for item in value]
    files = dict(pairs)
    if not files or len(files) != len(pairs):
        raise BadMessage("bad-field", "“files” must hold at least one file, each name once.")
    if not all(isinstance(content, str | bytes) for content in files.values()):
        raise BadMessage("bad-field", "Each file's content must be text.")
    return files


def _listed_file(item: Any) -> tuple[str, Any]:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        raise BadMessage("bad-field", "Each file needs a “name” and a “content”.")
    if "content_base64" not in item:
        return item["name"], item.get("content")
    try:
        return item["name"], base64.b64decode(item["content_base64"], validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadMessage("bad-field", f"The content of “{item['name']}” is not base64.") from error


def _stdin(fields: Fields) -> Stdin:
    message = Stdin(fields.take("data", str))
    fields.done()
    return message


def _signal(fields: Fields) -> Signal:
    message = Signal(fields.take("signal", str))
    fields.done()
    if message.signal not in SIGNALS:
        raise BadMessage("bad-field", f"“signal” must be one of: {', '.join(SIGNALS)}.")
    return message


def _resize(fields: Fields) -> Resize:
    message = Resize(*_size(fields))
    fields.done()
    return message


def _attach(fields: Fields) -> Attach:
    message = Attach(fields.take("execution_id", str))
    fields.done()
    return message


def _eof(fields: Fields) -> Eof:
    fields.done()
    return Eof()


def _stop(fields: Fields) -> Stop:
    fields.done()
    return Stop()


_PARSERS: dict[str, Callable[[Fields], ClientMessage]] = {
    "run": _run,
    "stdin": _stdin,
    "eof": _eof,
    "signal": _signal,
    "stop": _stop,
    "resize": _resize,
    "attach": _attach,
}
