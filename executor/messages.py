"""Every message of ``/ws/execute/``, both ways, as dataclasses.

Reading this file is reading the protocol; ``docs/protocol.md`` tells it to
people outside. A message is one JSON object whose ``type`` names the class.
The server's :class:`Blocked`, :class:`Stage`, :class:`Output`, :class:`Diagnostics`,
:class:`File` and :class:`Waiting` are also what the engine emits while an execution lives.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from executor.outcome import Diagnostic, Outcome, Violation
from executor.submission import Options, Submission

SIGNALS = ("SIGINT", "SIGTERM", "SIGQUIT", "SIGTSTP", "SIGCONT")


# Client to server


@dataclass(frozen=True, slots=True)
class Saved:
    """A submission from a saved project, still to be made; what is None is the project's own."""

    project: str
    files: Mapping[str, str | bytes]
    """Unsaved ones, in place of those that are saved under these names."""
    main: str | None
    options: Options | None
    args: tuple[str, ...] | None = None
    stdin: str | None = None
    interactive: bool = False
    cols: int = 80
    rows: int = 24


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


@dataclass(frozen=True, slots=True)
class Check:
    """What do policy and compiler say of this? Nothing of it is run."""

    type: ClassVar[str] = "check"
    seq: int
    submission: Submission | Saved


@dataclass(frozen=True, slots=True)
class Assembly:
    """What does the compiler make of the main file?"""

    type: ClassVar[str] = "assembly"
    seq: int
    submission: Submission | Saved


@dataclass(frozen=True, slots=True)
class Format:
    """How does this source look with the usual blanks?"""

    type: ClassVar[str] = "format"
    seq: int
    submission: Submission


ToolMessage = Check | Assembly | Format
ClientMessage = Run | Stdin | Eof | Signal | Stop | Resize | Attach | ToolMessage

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
class Waiting:
    """An interactive program waits for input; the idle limit ends it in ``idle_seconds``.

    None: it computes again.
    """

    type: ClassVar[str] = "waiting"
    idle_seconds: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome, without the streams and files that were already sent."""

    type: ClassVar[str] = "result"
    outcome: Outcome
    streamed: ClassVar[tuple[str, ...]] = ("stdout", "stderr", "compiler_output", "files")
    only_recorded: ClassVar[tuple[str, ...]] = ("input_kept_base64",)


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer to the check with this ``seq``; ``compiler`` is done, busy or skipped."""

    type: ClassVar[str] = "checked"
    seq: int
    violations: list[Violation]
    items: list[Diagnostic]
    compiler: str


@dataclass(frozen=True, slots=True)
class Assembled:
    """The assembler text; ``lines`` are pairs of its line and the source's, from 1."""

    type: ClassVar[str] = "assembly"
    seq: int
    text: str
    lines: list[list[int]]
    violations: list[Violation]
    items: list[Diagnostic]


@dataclass(frozen=True, slots=True)
class Formatted:
    """The same source in the usual format."""

    type: ClassVar[str] = "formatted"
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Error:
    """The message was refused or the service failed; ``code`` is stable."""

    type: ClassVar[str] = "error"
    code: str
    message: str
    detail: dict[str, Any] = field(default_factory=dict)


Event = Blocked | Stage | Output | Diagnostics | File | Waiting
ToolAnswer = Checked | Assembled | Formatted
ServerMessage = Accepted | RateLimited | Event | Result | ToolAnswer | Error
Control = Stdin | Eof | Signal | Stop | Resize


def to_json(message: ServerMessage) -> str:
    """One text frame."""
    if isinstance(message, Result):
        body = message.outcome.as_dict()
        for name in (*Result.streamed, *Result.only_recorded):
            del body[name]
    else:
        body = asdict(message)
    return json.dumps({"type": message.type, **body})
