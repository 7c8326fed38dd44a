"""From the sandbox's frames to events for whoever follows, and to the outcome."""

from __future__ import annotations

import base64
import codecs
import hashlib
from collections.abc import Callable
from posixpath import normpath

from executor import frames, messages, verdict
from executor.limits import Limits
from executor.outcome import Outcome, OutputFile, Violation
from executor.submission import Submission

Emit = Callable[[messages.Event], None]

_STREAMS = {frames.STDOUT: "stdout", frames.STDERR: "stderr", frames.COMPILER: "compiler"}
# Frames that are neither output nor a file's content, and the headers of all: output comes in
# frames of a byte each at worst.
_OTHER_BYTES = 4 << 20
# A wait for input and its end are each reported at most ten times a second.
_WAITING_BYTES_PER_SECOND = 1000


class Transcript:
    """What the sandbox has said so far, told on at once and kept for the outcome."""

    def __init__(
        self, submission: Submission, outcome: Outcome, limits: Limits, emit: Emit
    ) -> None:
        self.submission = submission
        self.outcome = outcome
        self.limits = limits
        self.emit = emit
        self.symbols: list[str] = []
        self.refused: list[Violation] = []
        self.text = b""
        self.ending: dict[str, str] = {}
        self.blocked: dict[str, str] | None = None
        self._decoders = {
            stream: codecs.getincrementaldecoder("utf-8")("replace") for stream in _STREAMS.values()
        }
        self._text: dict[str, list[str]] = {stream: [] for stream in _STREAMS.values()}
        self.began = False
        self._compiler_line = ""
        self._units = frames.units(submission)
        self._bytes = dict.fromkeys(_STREAMS.values(), 0)
        # Whatever it is that speaks there, it does not fill this server's memory.
        self._bytes_left = (
            limits.output_bytes
            + limits.compiler_output_bytes
            + limits.data_bytes
            + limits.assembly_bytes
            + limits.source_bytes
            + _OTHER_BYTES
            + int(limits.session_seconds * _WAITING_BYTES_PER_SECOND)
        )

    def take(self, kind: bytes, payload: bytes) -> None:
        """One frame that is not the verdict."""
        self.began = True
        self._bytes_left -= len(payload) + frames.HEADER.size
        if self._bytes_left < 0:
            raise frames.ProtocolError("more than the limits allow")
        if kind in _STREAMS:
            self._output(_STREAMS[kind], payload)
        elif kind == frames.STAGE:
            self._stage(payload.decode("ascii", "replace"))
        elif kind == frames.SYMBOL:
            self.symbols.append(payload.decode("utf-8", "replace"))
        elif kind == frames.OBJECT:
            self.refused.append(verdict.refused_object(payload))
        elif kind == frames.OPENED:
            self.refused.append(verdict.opened_file(payload))
        elif kind == frames.READ:
            self._read(payload.decode("utf-8", "replace"))
        elif kind == frames.BLOCKED:
            self.blocked = frames.pairs(payload)
        elif kind == frames.PATH:
            self.outcome.violations.append(verdict.blocked_path(payload))
        elif kind == frames.LIMIT:
            word = payload.decode("ascii", "replace")
            self.outcome.violations.append(verdict.met_limit(word, self.limits))
        elif kind == frames.TEXT:
            self.text = payload
        elif kind == frames.WAITING:
            self.emit(messages.Waiting(frames.idle_seconds(payload)))
        elif kind == frames.FILE:
            self._file(payload)
        else:
            raise frames.ProtocolError("a frame of an unknown type")

    def _output(self, stream: str, data: bytes) -> None:
        self._bytes[stream] += len(data)
        program_bytes = self._bytes["stdout"] + self._bytes["stderr"]
        if (
            program_bytes > self.limits.output_bytes
            or self._bytes["compiler"] > self.limits.compiler_output_bytes
        ):
            raise frames.ProtocolError("more output than the limits allow")
        text = self._decoders[stream].decode(data)
        if stream == "compiler":
            # Whole lines only, so that the sandbox's own paths in them can be recognised.
            whole, newline, self._compiler_line = (self._compiler_line + text).rpartition("\n")
            text = verdict.tidy(whole + newline, self._units)
        self._say(stream, text)

    def _say(self, stream: str, text: str) -> None:
        if text:
            self._text[stream].append(text)
            self.emit(messages.Output(stream, text))

    def _stage(self, stage: str) -> None:
        if stage == "run":
            self._diagnose()
        self.emit(messages.Stage(stage))

    def _diagnose(self) -> None:
        self.outcome.diagnostics = verdict.diagnostics(
            "".join(self._text["compiler"]), self.submission.files
        )
        if self.outcome.diagnostics:
            self.emit(messages.Diagnostics(self.outcome.diagnostics))

    def _read(self, name: str) -> None:
        """Note a project file that the compiler opened, under its normalised name."""
        path = normpath(name)
        if path not in self.submission.code:
            self.refused.append(verdict.opened_file(name.encode()))
        elif path not in self.outcome.compiler_files:
            self.outcome.compiler_files.append(path)

    def _file(self, payload: bytes) -> None:
        name, size, content = frames.file(payload)
        if len(self.outcome.files) >= self.limits.file_count:
            raise frames.ProtocolError("more files than the limits allow")
        written = OutputFile(
            name,
            size,
            sha256=None if content is None else hashlib.sha256(content).hexdigest(),
            content_base64=None if content is None else base64.b64encode(content).decode(),
        )
        self.outcome.files.append(written)
        self.emit(messages.File(written.name, size, written.sha256, written.content_base64))

    def flush(self) -> None:
        """Put the streams into the outcome; a character that never ended is replaced."""
        self._say("compiler", verdict.tidy(self._compiler_line, self._units))
        for stream, decoder in self._decoders.items():
            self._say(stream, decoder.decode(b"", final=True))
        self.outcome.stdout = "".join(self._text["stdout"])
        self.outcome.stderr = "".join(self._text["stderr"])
        self.outcome.compiler_output = "".join(self._text["compiler"])
        self.outcome.output_bytes = self._bytes["stdout"] + self._bytes["stderr"]
        if not self.outcome.diagnostics:
            self._diagnose()
