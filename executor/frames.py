"""The byte protocol spoken with the supervisor; ``sandbox/frames.h`` is its other half.

An order travels as ``type(1) length(4, big endian) payload``, an event as
``type(1) length(4, big endian) nonce(16) payload``. The nonce is random for
each execution, so a frame that the supervisor did not write is recognised.
"""

from __future__ import annotations

import math
import secrets
import struct
from collections.abc import Iterable
from enum import StrEnum
from posixpath import dirname
from typing import Final

from executor.limits import Limits
from executor.submission import Submission

NONCE_BYTES: Final = 16
HEADER: Final = struct.Struct(f">cI{NONCE_BYTES}s")
FRAME_MAX: Final = 16 << 20

READY, STAGE, VERDICT = b"R", b"S", b"V"
COMPILER, STDOUT, STDERR = b"M", b"O", b"E"
SYMBOL, OBJECT, OPENED = b"U", b"J", b"H"
BLOCKED, PATH, LIMIT, FILE = b"B", b"P", b"N", b"F"
TEXT, READ, WAITING = b"T", b"C", b"W"

# After a verdict of time the supervisor still has to end the program and report its files.
_CPU_SECONDS_BEYOND_WALL = 1


class Tool(StrEnum):
    """What is done with the files: a program is run, or one of the tools beside that."""

    RUN = "run"
    CHECK = "check"
    ASSEMBLY = "assembly"
    FORMAT = "format"


class ProtocolError(Exception):
    """Something else than the supervisor spoke, or it ended without its verdict."""


class SandboxEnded(ProtocolError):
    """The sandbox's output ended without a verdict."""


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def prepare(limits: Limits, *, extended_headers: bool) -> bytes:
    """What is known before there is an order; the supervisor starts the compiler with it."""
    return frame(b"Q", _config(extended_headers=extended_headers, **_kernel_limits(limits)))


def order(
    submission: Submission,
    limits: Limits,
    nonce: bytes,
    *,
    symbols: Iterable[str],
    library: str,
    extended_headers: bool,
    tool: Tool = Tool.RUN,
) -> bytes:
    """All frames that make up one order, ready to be written at once."""
    config = _config(
        tool=tool,
        text_bytes=text_bytes(tool, limits),
        nonce=nonce.hex(),
        folder=dirname(submission.main) or ".",
        library=f"-l{library}",
        interactive=submission.interactive,
        link_check=submission.validate,
        extended_headers=extended_headers,
        show_warnings=submission.options.warnings == "show",
        fixed_seed=submission.options.fixed_seed,
        sanitize=submission.options.sanitize,
        columns=submission.cols,
        rows=submission.rows,
        compile_ms=_ms(limits.compile_seconds),
        run_ms=_ms(limits.run_seconds),
        idle_ms=_ms(limits.idle_seconds),
        session_ms=_ms(limits.session_seconds),
        output_bytes=limits.output_bytes,
        compiler_output_bytes=limits.compiler_output_bytes,
        stdin_bytes=limits.stdin_bytes + len(submission.stdin),
        output_files=limits.file_count,
        output_file_bytes=limits.data_bytes,
        **_kernel_limits(limits),
    )
    frames = [frame(b"L", config)]
    frames += [_file(b"F", name, content) for name, content in submission.code.items()]
    if tool is Tool.RUN:
        frames += [_file(b"D", name, content) for name, content in submission.data.items()]
    wanted = units(submission) if tool in (Tool.RUN, Tool.CHECK) else [submission.main]
    frames += [frame(b"U", name.encode()) for name in wanted]
    frames += [
        frame(b"A", argument.encode("utf-8", "surrogateescape")) for argument in submission.args
    ]
    frames.append(frame(b"P", b"".join(name.encode() + b"\0" for name in symbols)))
    frames.append(frame(b"G", b""))
    if submission.stdin:
        frames.append(stdin(submission.stdin))
    if not submission.interactive:
        frames.append(eof())
    return b"".join(frames)


def text_bytes(tool: Tool, limits: Limits) -> int:
    """The longest text that a tool may make; a formatted source has to stay a source."""
    return limits.assembly_bytes if tool is Tool.ASSEMBLY else limits.source_bytes


def units(submission: Submission) -> list[str]:
    """The C files to compile, main first; the others in the order of their names."""
    others = sorted(name for name in submission.files if name.endswith(".c"))
    return [submission.main, *(name for name in others if name != submission.main)]


def stdin(data: bytes) -> bytes:
    return frame(b"I", data)


def eof() -> bytes:
    return frame(b"E", b"")


def signal(number: int) -> bytes:
    return frame(b"K", bytes([number]))


def resize(cols: int, rows: int) -> bytes:
    return frame(b"W", struct.pack(">HH", cols, rows))


def stop() -> bytes:
    return frame(b"X", b"")


def frame(kind: bytes, payload: bytes) -> bytes:
    """One frame to the supervisor; a payload over ``FRAME_MAX`` bytes is a ``ValueError``."""
    if len(payload) > FRAME_MAX:
        raise ValueError(f"a frame of {len(payload)} bytes is over the limit of {FRAME_MAX}")
    return struct.pack(">cI", kind, len(payload)) + payload


def pairs(payload: bytes) -> dict[str, str]:
    """The ``key=value`` lines of a ready, blocked or verdict frame."""
    # Not splitlines: a file name may hold U+2028, and would add lines of its own.
    lines = payload.decode("utf-8", "replace").split("\n")
    return dict(line.split("=", 1) for line in lines if "=" in line)


def idle_seconds(payload: bytes) -> float | None:
    """Return the seconds left for a program that waits for input; None if it computes again."""
    try:
        return int(payload) / 1000 if payload else None
    except ValueError as error:
        raise ProtocolError("a malformed waiting frame") from error


def file(payload: bytes) -> tuple[str, int, bytes | None]:
    """A file frame's path, size in bytes, and content (None if it was not brought out)."""
    try:
        size, kept = struct.unpack_from(">Q?", payload)
        name, content = payload[9:].split(b"\0", 1)
    except (struct.error, ValueError) as error:
        raise ProtocolError("a malformed file frame") from error
    return name.decode("utf-8", "replace"), size, content if kept else None


def _file(kind: bytes, name: str, content: bytes) -> bytes:
    return frame(kind, name.encode() + b"\0" + content)


def _kernel_limits(limits: Limits) -> dict[str, int]:
    """What the supervisor has the kernel enforce on compiler and program."""
    seconds = math.ceil(max(limits.run_seconds, limits.compile_seconds))
    return {
        "file_bytes": limits.file_bytes,
        "stack_bytes": limits.stack_bytes,
        "open_files": limits.open_files,
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": seconds + _CPU_SECONDS_BEYOND_WALL,
    }


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _config(**values: object) -> bytes:
    lines = (
        f"{key}={int(value) if isinstance(value, bool) else value}\n"
        for key, value in values.items()
    )
    return "".join(lines).encode()
