"""Which execution the code that runs now is about, so that each log line can name it.

A context variable: tasks and threads that are started while it is set inherit it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_execution_id: ContextVar[str] = ContextVar("execution_id", default="")


@contextmanager
def about(execution_id: str) -> Iterator[None]:
    """What is logged inside belongs to this execution."""
    token = _execution_id.set(execution_id)
    try:
        yield
    finally:
        _execution_id.reset(token)


def execution_id() -> str:
    """The execution that is being worked on, or an empty text."""
    return _execution_id.get()
