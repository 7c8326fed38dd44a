"""From the supervisor's verdict to a status and a sentence for a person."""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping, Sequence
from itertools import islice, takewhile

from executor.calls import system_call
from executor.limits import KIB, MIB, Limits
from executor.outcome import (
    Category,
    Crash,
    Diagnostic,
    Outcome,
    Severity,
    Status,
    Violation,
)

_DIAGNOSTIC = re.compile(
    # No more digits than a line or column has: the text shows the source too, which may lie.
    r"^(?P<file>[^:\n]+):(?P<line>[0-9]{1,7}):(?:(?P<column>[0-9]{1,7}):)? "
    r"(?P<severity>fatal error|error|warning|note): (?P<message>.*)$",
    re.MULTILINE,
)
# gold: "main.c:function main: error: undefined reference to 'foo'", once tidy() was there.
_LINKER = re.compile(
    r"^(?P<file>[^:\n]+):function \w+: (?P<severity>error): (?P<message>.*)$", re.MULTILINE
)
# “In file included from a.h:3,” and rows of “from main.c:1:”, just before a message; perhaps with
# the name of a function between.
_INCLUDED_FROM = re.compile(
    r"^In file included from [^\n]+\n(?: +from [^\n]+\n)*(?:[^\n]*: In [^\n]*:\n)?\Z", re.MULTILINE
)
# "In function memcpy," and rows of "inlined from main at main.c:4:16:", just before a message.
_INLINED_FROM = re.compile(
    r"^[^\n]*[Ii]n function [^\n]*,\n(?: +inlined from [^\n]*[,:]\n)+\Z", re.MULTILINE
)
_INLINED = re.compile(
    r" at (?P<file>[^:\n]+):(?P<line>[0-9]{1,7})(?::(?P<column>[0-9]{1,7}))?[,:]$", re.MULTILINE
)
_INCLUDE = re.compile(r"from (?P<file>[^:\n]+):(?P<line>[0-9]{1,7})(?::(?P<column>[0-9]{1,7}))?")
_EXPANSION = re.compile(r"in (?:expansion of macro|definition of macro) ")
# How far a message's chains are followed: a compiler's output may be one chain after another.
_CHAIN_CHARACTERS = 4096
_CHAIN_NOTES = 16
_INNER_PATHS = re.compile(
    r"/usr/lib/cloister/link/Scrt1\.o:function _start: |/build/[0-9]{1,3}\.o:(?=[^\s:]{1,255}:)|"
    r"/usr/lib/cloister/(?:include/\w+/\d+/|link/|(?=ld: ))"
)
_OBJECT = re.compile(r"/build/([0-9]{1,3})\.o")

# gcc's text for a signal that it caught: toplev.cc, crash_signal; strsignal(3).
_CAUGHT = {
    "Segmentation fault": "SIGSEGV",
    "Illegal instruction": "SIGILL",
    "Bus error": "SIGBUS",
    "Aborted": "SIGABRT",
    "Floating point exception": "SIGFPE",
}
_INTERNAL_ERROR = re.compile(r"internal compiler error: (" + "|".join(_CAUGHT) + ")$", re.MULTILINE)
_COMPILER_CRASHED = "4"  # child.h
# Limits end a tool with these, the end of the next tool in the pipe with SIGPIPE, and what kills it
# from outside with SIGKILL. No source can make a tool end itself with one of them.
_NO_CRASH = {"SIGXFSZ", "SIGXCPU", "SIGPIPE", "SIGKILL"}
_TOOLS = {"as": "The assembler", "ld": "The linker", "astyle": "The formatter"}

_SIGNAL_MEANING = {
    "SIGABRT": "The program called abort(), or libc did because it found corrupted memory",
    "SIGFPE": "Undefined arithmetic, such as a division by zero",
    "SIGILL": "Invalid instruction",
    "SIGBUS": "Access to memory that does not exist",
    "SIGTRAP": "Stopped at a trap",
    "SIGTERM": "Terminated",
}
_SYSCALL_ESCALATES = {
    "ptrace", "process_vm_readv", "process_vm_writev", "mount", "unshare", "setns", "pivot_root",
    "chroot", "bpf", "init_module", "finit_module", "kexec_load", "keyctl", "add_key",
    "request_key", "io_uring_setup", "userfaultfd", "perf_event_open", "open_by_handle_at",
}  # fmt: skip


def tidy(compiler_output: str, units: Sequence[str]) -> str:
    """The compiler's messages without the sandbox's own paths.

    ``units`` are the C files in the order of their objects.
    """
    text = _INNER_PATHS.sub("", compiler_output)
    return _OBJECT.sub(lambda found: _unit(found, units), text)


def _unit(found: re.Match[str], units: Sequence[str]) -> str:
    number = int(found[1])
    return units[number] if number < len(units) else found[0]


def diagnostics(compiler_output: str, files: Mapping[str, bytes]) -> list[Diagnostic]:
    """The compiler's and the linker's messages that name a place.

    A message about a header of the system is placed where a file of the project led there.
    gcc counts columns in bytes; with the project's ``files`` they become characters.
    """
    found = []
    lines = _Lines(files)
    for match in _DIAGNOSTIC.finditer(compiler_output):
        place = _own_place(match, compiler_output, files)
        found.append(
            Diagnostic(
                severity=match["severity"],
                message=match["message"],
                file=place["file"],
                line=int(place["line"] or 0),
                column=_column(place, lines) if place.get("column") else None,
            )
        )
    found.extend(
        Diagnostic(match["severity"], match["message"], match["file"])
        for match in _LINKER.finditer(compiler_output)
    )
    return found


def _own_place(
    message: re.Match[str], text: str, files: Mapping[str, bytes]
) -> Mapping[str, str | None]:
    """Return the message's place, or the innermost place in the project that gcc names.

    gcc writes the chains of includes and of inlined calls before a message, and the chain of macros
    as notes after it, each innermost first.
    """
    own = message.groupdict()
    if own["file"] in files:
        return own
    notes = _DIAGNOSTIC.finditer(text, message.end(), message.end() + _CHAIN_CHARACTERS)
    for note in islice(takewhile(lambda one: one["severity"] == "note", notes), _CHAIN_NOTES):
        if note["file"] in files and _EXPANSION.match(note["message"]):
            return note.groupdict()
    before = text[max(0, message.start() - _CHAIN_CHARACTERS) : message.start()]
    for chain, place in ((_INLINED_FROM, _INLINED), (_INCLUDED_FROM, _INCLUDE)):
        found = chain.search(before)
        for one in place.finditer(found[0]) if found else ():
            if one["file"] in files:
                return one.groupdict()
    return own


class _Lines(dict[str, list[bytes]]):
    """The lines of each of ``files``, split once: a message for each would take seconds."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__()
        self._files = files

    def __missing__(self, name: str) -> list[bytes]:
        lines = self[name] = self._files.get(name, b"").split(b"\n")
        return lines


def _column(place: Mapping[str, str | None], lines_of: Mapping[str, list[bytes]]) -> int:
    """The column in characters of a place that has its column in bytes."""
    lines = lines_of[place["file"] or ""]
    at, column = int(place["line"] or 0) - 1, int(place["column"] or 0)
    if not 0 <= at < len(lines):
        return column
    return len(lines[at][: column - 1].decode("utf-8", "replace")) + 1


def signal_name(number: int) -> str | None:
    """``11`` is ``SIGSEGV``; 0 is None."""
    if not number:
        return None
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"SIG{number}"


def crash(verdict: Mapping[str, str]) -> Crash | None:
    """Where a fatal signal hit the program's own code, if the supervisor could tell."""
    name = signal_name(int(verdict.get("signal", "0")))
    # It may be a line of a header that was compiled into the program.
    file = _INNER_PATHS.sub("", verdict.get("crash_file", ""))
    if not name or not file:
        return None
    function = verdict.get("crash_function") or None
    return Crash(name, function, file, int(verdict.get("crash_line", "0")))


def compile_ending(cause: str, verdict: Mapping[str, str], limits: Limits) -> tuple[Status, str]:
    """Status and message of an execution that ended before its program began."""
    if cause == "timeout":
        return Status.COMPILE_TIMEOUT, (
            f"Compiling took longer than {limits.compile_seconds:g} s, the limit. "
            "Simplify the source: large initialisers and nested macros take the most time."
        )
    if cause == "memory":
        return Status.MEMORY_LIMIT, (
            f"The compiler needed more than {_mib(limits.memory_bytes)}, the limit. "
            "Make large arrays smaller or fill them when the program runs."
        )
    if cause == "stopped":
        return Status.STOPPED, "You stopped the execution while it was compiling."
    if cause == "text":
        return Status.COMPILE_ERROR, (
            "The text that came out is larger than the limit. Split the source into smaller files."
        )
    if cause == "blocked":
        return Status.BLOCKED_SYSCALL, "The compiler made a system call that is not allowed."
    name = signal_name(int(verdict.get("signal", "0")))
    if name == "SIGXFSZ":
        return Status.COMPILE_ERROR, (
            f"The compiled program would be larger than {_mib(limits.file_bytes)}, the limit."
        )
    if name:
        return (
            Status.COMPILE_ERROR,
            f"{_tool(verdict)} was stopped by {name}. Run it again.",
        )
    return Status.COMPILE_ERROR, "The program did not compile; see the compiler's messages."


def compiler_crash(
    cause: str, verdict: Mapping[str, str], compiler_output: str
) -> tuple[str, Violation] | None:
    """Return message and violation if compiler, assembler, linker or formatter crashed.

    A source that crashes one of them may be on its way to take it over, so a crash is an escape
    attempt. What the limits end is no crash.
    """
    if verdict.get("stage") != "compile":
        return None
    name = signal_name(int(verdict.get("signal", "0"))) if cause == "signal" else None
    if cause == "exit" and verdict.get("exit") == _COMPILER_CRASHED:
        caught = _INTERNAL_ERROR.search(compiler_output)
        name = _CAUGHT[caught[1]] if caught else None
    if name is None or name in _NO_CRASH:
        return None
    message = f"{_tool(verdict)} crashed ({name}) on this source."
    suggestion = (
        "Split very long or deeply nested expressions, declarations and macros. "
        "If this is an ordinary source, report it to an administrator."
    )
    return f"{message} {suggestion}", Violation(
        Category.ESCAPE_ATTEMPT, "compiler-crash", Severity.HIGH, message, suggestion=suggestion
    )


def _tool(verdict: Mapping[str, str]) -> str:
    return _TOOLS.get(verdict.get("tool", ""), "The compiler")


def run_ending(cause: str, verdict: Mapping[str, str], limits: Limits) -> tuple[Status, str]:
    """Status and message of an execution whose program began."""
    if cause == "timeout":
        return Status.TIMEOUT, (
            f"Stopped: exceeded the {limits.run_seconds:g} s time limit. Programs get "
            f"{_cores(limits.cpu_percent)} here. The earlier output is kept; files that the "
            "program was writing may be incomplete."
        )
    if cause == "idle":
        return Status.IDLE_TIMEOUT, (
            f"Stopped: no input for {limits.idle_seconds:g} s, the limit while a program waits. "
            "Run it again."
        )
    if cause == "session":
        return Status.IDLE_TIMEOUT, (
            f"Stopped: the program was open for {limits.session_seconds:g} s, the limit "
            "for an interactive program. Run it again."
        )
    if cause == "memory":
        peak = int(verdict.get("peak_kib", "0")) * KIB
        return Status.MEMORY_LIMIT, (
            f"Stopped: needed more than {_mib(limits.memory_bytes)} of memory, the limit "
            f"(the program's own peak was {_mib(peak)}). "
            "Allocate less, or free what is no longer needed."
        )
    if cause == "output":
        return Status.OUTPUT_LIMIT, (
            f"Stopped: output exceeded {_kib(limits.output_bytes)}. The first part is kept. "
            "Write long output to a file."
        )
    if cause == "stopped":
        return Status.STOPPED, "You stopped the program. The earlier output is kept."
    return _exit_or_signal(verdict, limits)


def _exit_or_signal(verdict: Mapping[str, str], limits: Limits) -> tuple[Status, str]:
    name = signal_name(int(verdict.get("signal", "0")))
    where = _place(crash(verdict))
    if name == "SIGSYS":
        return Status.BLOCKED_SYSCALL, (
            "Stopped: the program made a system call that does not exist here."
        )
    if name == "SIGXFSZ":
        return Status.OUTPUT_LIMIT, (
            f"Stopped: a file exceeded {_mib(limits.file_bytes)}, the limit for one file. "
            "Write less, or split it into smaller files."
        )
    if name == "SIGSEGV":
        return Status.RUNTIME_ERROR, (
            f"Invalid memory access (SIGSEGV){where}. Infinite recursion or a local array over "
            f"the {_mib(limits.stack_bytes)} stack can also cause this."
        )
    if name == "SIGINT":
        return Status.RUNTIME_ERROR, "Interrupted (Ctrl+C)."
    if name:
        meaning = _SIGNAL_MEANING.get(name, "A signal stopped the program")
        return Status.RUNTIME_ERROR, f"{meaning} ({name}){where}."
    code = int(verdict.get("exit", "0"))
    status = Status.RUNTIME_ERROR if code else Status.SUCCESS
    return status, f"Finished (exit code {code})."


def _cores(percent: int) -> str:
    if percent == 100:
        return "one CPU core"
    return "half a CPU core" if percent == 50 else f"{percent} % of a CPU core"


def _place(place: Crash | None) -> str:
    if place is None:
        return ""
    function = f" (function {place.function})" if place.function else ""
    return f" in {place.file} line {place.line}{function}"


def leaves_no_doubt(outcome: Outcome, verdict: Mapping[str, str]) -> bool:
    """Whether the sandbox may serve again: compiler and program ended by themselves.

    Whatever met a limit, was stopped, or tried something takes its container with it.
    """
    return verdict.get("cause") in ("exit", "signal") and not outcome.violations


def limit_violation(status: Status, message: str) -> Violation | None:
    """The audit's view of an execution that ran into a limit."""
    if status not in (
        Status.TIMEOUT,
        Status.COMPILE_TIMEOUT,
        Status.MEMORY_LIMIT,
        Status.OUTPUT_LIMIT,
    ):
        return None
    rule = status.value.replace("_", "-")
    return Violation(Category.RESOURCE_LIMIT, rule, Severity.LOW, message)


OUTLIVED = ("open-files", "work-space")
"""Rules of the limits that a program can meet without being ended for it."""


def met_limit(word: str, limits: Limits) -> Violation:
    """The violation for one of the limits in ``OUTLIVED``."""
    message = {
        "open-files": f"The program had {limits.open_files} files open, the limit. Close some.",
        "work-space": (
            f"The project's files filled {_mib(limits.work_bytes)}, the limit. "
            "Write fewer or smaller ones."
        ),
    }.get(word, f"The program met a limit: {word}.")
    return Violation(Category.RESOURCE_LIMIT, word, Severity.LOW, message)


def blocked_call(
    name: str,
    arguments: Sequence[int],
    who: str = "The program",
    place: tuple[str, int] | None = None,
) -> tuple[str, Violation]:
    """Message and violation for a refused system call; an empty name if it has none here.

    ``place`` is the file and line of the program's own code that led to the call.
    """
    shown = system_call(name, arguments) if name else "A system call that does not exist here"
    severity = Severity.CRITICAL if name in _SYSCALL_ESCALATES else Severity.HIGH
    file, line = (_INNER_PATHS.sub("", place[0]), place[1]) if place else (None, None)
    where = f" (from {file}, line {line})" if place else ""
    message = f"{shown} was blocked{where}. {who} was ended: no program may make this call here."
    return message, Violation(
        Category.ESCAPE_ATTEMPT, "blocked-syscall", severity, message, file=file, line=line
    )


def blocked_path(payload: bytes) -> Violation:
    """The violation for a file outside of the project that a program asked for in vain."""
    place, _, path = payload.decode("utf-8", "replace").partition("\0")
    line, _, file = place.partition(":")
    file = _INNER_PATHS.sub("", file)
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in path)
    of_the_machine = path.split("/")[1:2] in (["proc"], ["sys"], ["dev"])
    return Violation(
        Category.ESCAPE_ATTEMPT,
        "blocked-path",
        Severity.HIGH if of_the_machine else Severity.MEDIUM,
        f"The program asked for {shown[:200]}, which is outside the project. It got an error.",
        file=file or None,
        line=int(line) or None,
        suggestion="Put the file into the project and open it by a relative name.",
    )


_REFUSED_OBJECTS = {
    "constructor": "code that runs without being called ({})",
    "indirect-function": "a function that is chosen when the program is loaded ({})",
    "executable-section": "code in a section of its own ({})",
    "executable-stack": "an executable stack, as pointers to nested functions need ({})",
    "reserved-definition": "a definition of {}, a name that belongs to the compiler or libc",
}


def refused_object(payload: bytes) -> Violation:
    """The violation for what the link check found in a compiled object."""
    word, _, name = payload.decode("utf-8", "replace").partition("\0")
    found = _REFUSED_OBJECTS.get(word, "something unknown ({})").format(name)
    return Violation(
        Category.BLOCKED_PATTERN,
        f"object-{word}",
        Severity.HIGH,
        f"The compiled program holds {found}, which is not allowed.",
    )


def opened_file(payload: bytes) -> Violation:
    """The violation for a file that the compiler read and should not have."""
    name = payload.decode("utf-8", "replace")[:200]
    return Violation(
        Category.ESCAPE_ATTEMPT,
        "opened-file",
        Severity.HIGH,
        f"The compiler read {name}, which is not part of this project.",
    )


def _kib(count: int) -> str:
    return f"{count} bytes" if count % KIB else f"{count // KIB} KB"


def _mib(count: int) -> str:
    return f"{count / MIB:.4g} MB"
