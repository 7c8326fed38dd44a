"""From the text of a frame to a message of the client; everything in it is checked here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from executor.fields import BadMessage, Fields, listed_file, parsed
from executor.messages import (
    SIGNALS,
    Assembly,
    Attach,
    Check,
    ClientMessage,
    Eof,
    Format,
    Resize,
    Run,
    Saved,
    Signal,
    Stdin,
    Stop,
)
from executor.submission import BadSubmission, Options, Submission


def parse(text: str) -> ClientMessage:
    """The client message in one text frame; raises :class:`BadMessage`."""
    body = parsed(text, "The message")
    kind = body.pop("type", None)
    parser = _PARSERS.get(kind) if isinstance(kind, str) else None
    if parser is None:
        raise BadMessage("unknown-type", f"The message type must be one of: {', '.join(_PARSERS)}.")
    return parser(Fields(body, f"“{kind}”"))


def _run(fields: Fields) -> Run:
    given: dict[str, Any] = {"interactive": fields.take("interactive", bool, False)}
    given["cols"], given["rows"] = _size(fields)
    if fields.has("args"):
        given["args"] = _args(fields)
    if fields.has("stdin"):
        given["stdin"] = fields.take("stdin", str)
    return Run(_sent(fields, **given))


def _check(fields: Fields) -> Check:
    return Check(fields.take("seq", int), _sent(fields))


def _assembly(fields: Fields) -> Assembly:
    return Assembly(fields.take("seq", int), _sent(fields))


def _format(fields: Fields) -> Format:
    seq, source = fields.take("seq", int), fields.take("source", str)
    fields.done()
    return Format(seq, _submission({"main.c": source}, "main.c"))


def _sent(fields: Fields, **given: Any) -> Submission | Saved:
    """What is to be looked at or run: ``source``, ``files`` and ``main``, or a ``project``."""
    options = _options(fields)
    if fields.has("project"):
        project = fields.take("project", str)
        files = _files(fields) if fields.has("files") else {}
        main = fields.take("main", str) if fields.has("main") else None
        fields.done()
        return Saved(project, files, main, options, **given)
    if fields.has("source"):
        files, main = {"main.c": fields.take("source", str)}, "main.c"
    elif fields.has("files"):
        files, main = _files(fields), fields.take("main", str)
    else:
        raise BadMessage("bad-field", f"{fields.what} needs “source”, “files” or “project”.")
    fields.done()
    return _submission(files, main, options=options or Options(), **given)


def _submission(files: dict[str, str | bytes], main: str, **given: Any) -> Submission:
    try:
        return Submission.from_files(files, main, **given)
    except BadSubmission as error:
        raise BadMessage(error.code, str(error)) from error


def _options(fields: Fields) -> Options | None:
    """None where the message does not say."""
    if not fields.has("options"):
        return None
    chosen = Fields(fields.take("options", dict), "“options”")
    sanitize = chosen.take("sanitize", bool, False)
    fixed_seed = chosen.take("fixed_seed", bool, False)
    warnings = chosen.take("warnings", str, "error")
    chosen.done()
    try:
        return Options(sanitize, fixed_seed, warnings)
    except BadSubmission as error:
        raise BadMessage(error.code, str(error)) from error


def _args(fields: Fields) -> tuple[str, ...]:
    args = fields.take("args", list)
    if not all(isinstance(argument, str) for argument in args):
        raise BadMessage("bad-field", "“args” must be a list of strings.")
    return tuple(args)


def _size(fields: Fields) -> tuple[int, int]:
    cols, rows = fields.take("cols", int, 80), fields.take("rows", int, 24)
    if not (1 <= cols <= 1000 and 1 <= rows <= 1000):
        raise BadMessage("bad-field", "“cols” and “rows” must be between 1 and 1000.")
    return cols, rows


def _files(fields: Fields) -> dict[str, str | bytes]:
    """``files`` as an object (name to text), or as a list of {name, content | content_base64}."""
    value = fields.take("files", dict | list)  # type: ignore[arg-type]
    if isinstance(value, dict):
        pairs = list(value.items())
    else:
        pairs = [listed_file(item, "name") for item in value]
    files = dict(pairs)
    if not files or len(files) != len(pairs):
        raise BadMessage("bad-field", "“files” must hold at least one file, and no name twice.")
    if not all(isinstance(content, str | bytes) for content in files.values()):
        raise BadMessage("bad-field", "Each file's content must be text.")
    return files


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
    "check": _check,
    "assembly": _assembly,
    "format": _format,
}
