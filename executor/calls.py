"""System calls in words: ``socket(AF_INET, SOCK_STREAM)`` for a person to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

# The names of constants, as in the headers of Linux for x86-64 and arm64.
_FAMILIES: Final = {
    1: "AF_UNIX", 2: "AF_INET", 10: "AF_INET6", 16: "AF_NETLINK", 17: "AF_PACKET",
    38: "AF_ALG", 40: "AF_VSOCK", 44: "AF_XDP",
}  # fmt: skip
_TYPES: Final = {1: "SOCK_STREAM", 2: "SOCK_DGRAM", 3: "SOCK_RAW", 5: "SOCK_SEQPACKET"}
_TRACES: Final = {0: "PTRACE_TRACEME", 16: "PTRACE_ATTACH", 0x4206: "PTRACE_SEIZE"}
_REQUESTS: Final = {0x5412: "TIOCSTI", 0x5414: "TIOCSWINSZ", 0x540E: "TIOCSCTTY"}
_OPTIONS: Final = {4: "PR_SET_DUMPABLE", 15: "PR_SET_NAME", 22: "PR_SET_SECCOMP"}
_PROTECTION: Final = {1: "PROT_READ", 2: "PROT_WRITE", 4: "PROT_EXEC"}
_SIGNALS: Final = {6: "SIGABRT", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM", 19: "SIGSTOP"}
_NAMESPACES: Final = {
    0x00020000: "CLONE_NEWNS", 0x02000000: "CLONE_NEWCGROUP", 0x04000000: "CLONE_NEWUTS",
    0x08000000: "CLONE_NEWIPC", 0x10000000: "CLONE_NEWUSER", 0x20000000: "CLONE_NEWPID",
    0x40000000: "CLONE_NEWNET", 0x00010000: "CLONE_THREAD", 0x00000100: "CLONE_VM",
}  # fmt: skip
_TYPE_BITS: Final = 0xF  # SOCK_NONBLOCK and SOCK_CLOEXEC are above


def system_call(name: str, arguments: Sequence[int]) -> str:
    """A call as C would write it, as far as its arguments say something without memory."""
    values = [*arguments, *[0] * 6]
    match name:
        case "socket" | "socketpair":
            shown = [_one(_FAMILIES, values[0]), _one(_TYPES, values[1] & _TYPE_BITS)]
        case "ptrace":
            shown = [_one(_TRACES, values[0])]
        case "ioctl":
            shown = [str(_signed(values[0])), _one(_REQUESTS, values[1] & 0xFFFFFFFF)]
        case "prctl":
            shown = [_one(_OPTIONS, values[0])]
        case "mmap" | "mprotect":
            shown = [_flags(_PROTECTION, values[2])]
        case "kill":
            shown = [str(_signed(values[0])), _one(_SIGNALS, values[1])]
        case "clone" | "unshare":
            shown = [_flags(_NAMESPACES, values[0] & ~0xFF)]
        case _:
            shown = []
    return f"{name}({', '.join(text for text in shown if text)})"


def _one(names: Mapping[int, str], value: int) -> str:
    return names.get(value, str(_signed(value)))


def _flags(names: Mapping[int, str], value: int) -> str:
    return " | ".join(name for bit, name in names.items() if value & bit)


def _signed(value: int) -> int:
    """A C int out of a register; the kernel looks at its lower half."""
    low = value & 0xFFFFFFFF
    return low - (1 << 32) if low >> 31 else low
