"""The tools for the site's people: who may use one now, and what of it is recorded.

Theory of operation
-------------------
A run comes first. A tool gets a sandbox only while no execution waits in line
and more than one sandbox is warm, so that a run finds one; else its answer says
``busy``. One person has one tool in use, and ``_MOST_AT_ONCE`` are in use at all.

A look at a source is no execution: it is not recorded, and what the policy says
to half a line that is being typed counts for nothing. But a tool that meets an
attempt to get out was an execution of hostile code. It is recorded as one, and
its answer is not given before the record is committed. Where it cannot be, it
stays here, and nobody uses a tool until it could.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from channels.db import database_sync_to_async
from django.contrib.auth.models import User

from audit import recorder
from audit.models import Execution
from executor import dispatch
from executor.frames import Tool
from executor.outcome import Outcome
from executor.submission import Submission
from executor.tools import Check

logger = logging.getLogger(__name__)

_MOST_AT_ONCE = 2


@dataclass(slots=True)
class _Escape:
    """An attempt to get out, on its way to the records."""

    tool: Tool
    submission: Submission
    sender: dispatch.Sender
    outcome: Outcome
    began: bool = False


class Tooling:
    """The tools in use in this process."""

    def __init__(self) -> None:
        self._using: set[int] = set()
        self._unrecorded: list[_Escape] = []
        self._recording = asyncio.Lock()

    async def use(self, tool: Tool, submission: Submission, sender: dispatch.Sender) -> Check:
        """What the tool found. Raises :class:`executor.dispatch.Refused`.

        To be awaited to its end: cancelled, it could lose what it has to record.
        """
        await self._record_all()
        await database_sync_to_async(dispatch.refuse)(submission, sender)
        account = str(sender.user.pk) if sender.user else None
        with self._place(sender.user.pk if sender.user else 0) as take:
            found = await dispatch.current().use_tool(tool, submission, take, account)
        if found.escape:
            self._unrecorded.append(_Escape(tool, submission, sender, found.escape))
            await self._record_all()
        return found

    @contextmanager
    def _place(self, person: int) -> Iterator[Callable[[], bool]]:
        """A function that takes a place if there is one; it is free again afterwards."""
        taken = []

        def take() -> bool:
            if person in self._using or len(self._using) >= _MOST_AT_ONCE:
                return False
            taken.append(person)
            self._using.add(person)
            return True

        try:
            yield take
        finally:
            self._using.difference_update(taken)

    async def _record_all(self) -> None:
        async with self._recording:
            while self._unrecorded:
                await database_sync_to_async(_record)(self._unrecorded[0])
                del self._unrecorded[0]


def _record(escape: _Escape) -> None:
    outcome = escape.outcome
    # It may be there already, where the answer to an earlier attempt was lost on its way.
    if not escape.began and not Execution.objects.filter(pk=outcome.execution_id).exists():
        sender = _as_far_as_there(escape.sender)
        dispatch.record(outcome.execution_id, escape.submission, sender, tool=escape.tool)
    escape.began = True
    try:
        recorder.ended(outcome.execution_id, outcome.as_dict())
    except Exception as error:
        logger.exception("the ending of %s could not be recorded", outcome.execution_id)
        raise dispatch.audit_unavailable() from error


def _as_far_as_there(sender: dispatch.Sender) -> dispatch.Sender:
    """The sender, or what is left of one whose account was deleted meanwhile.

    A record of an account that is gone could never be made, and everybody's tools would wait.
    """
    if sender.user is None or User.objects.filter(pk=sender.user.pk).exists():
        return sender
    return replace(sender, user=None, remote_address="", user_agent="")


_current: Tooling | None = None


def current() -> Tooling:
    """This process's tools, made on first use inside the event loop."""
    global _current
    if _current is None:
        _current = Tooling()
    return _current
