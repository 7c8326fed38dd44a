"""``{% load outcomes %}``: how an execution ended, in the words and tones of the editor's page."""

from __future__ import annotations

from django import template

from executor.outcome import Status

register = template.Library()

# static/src/result.js says the same beside a run.
_SHOWN = {
    Status.SUCCESS: ("Success", "good"),
    Status.RUNTIME_ERROR: ("Runtime error", "bad"),
    Status.COMPILE_ERROR: ("Compile error", "bad"),
    Status.BLOCKED: ("Blocked", "bad"),
    Status.BLOCKED_SYSCALL: ("Blocked system call", "bad"),
    Status.COMPILE_TIMEOUT: ("Compile time limit", "limit"),
    Status.TIMEOUT: ("Time limit", "limit"),
    Status.IDLE_TIMEOUT: ("Idle limit", "limit"),
    Status.MEMORY_LIMIT: ("Memory limit", "limit"),
    Status.OUTPUT_LIMIT: ("Output limit", "limit"),
    Status.STOPPED: ("Stopped", "plain"),
    Status.SANDBOX_ERROR: ("Sandbox error", "bad"),
}


@register.filter
def status_words(status: str) -> str:
    """A status as people read it; what is no status stays as it is."""
    return _SHOWN[Status(status)][0] if status in _SHOWN else status


@register.filter
def status_tone(status: str) -> str:
    """The tone of its badge: good, bad, limit or plain."""
    return _SHOWN[Status(status)][1] if status in _SHOWN else "plain"
