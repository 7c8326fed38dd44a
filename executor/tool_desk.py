"""One socket's requests to the tools, of which only the newest of a kind matter.

While somebody types, a check is out of date as soon as the next one arrives. The
one that is under way goes on to its end all the same, because what it meets may
have to be recorded; its answer is dropped, and so are requests that have waited
in vain.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from asgiref.sync import sync_to_async

from executor import messages, tooling
from executor.dispatch import Refused, Sender
from executor.frames import Tool
from executor.saved import resolved
from executor.throttle import tool_wait, tool_wait_message
from executor.tools import Check

logger = logging.getLogger(__name__)

Say = Callable[[messages.ServerMessage], Awaitable[None]]


class ToolDesk:
    """Takes requests at any time, works on one, answers the newest of each kind."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._wanted: dict[str, tuple[messages.ToolMessage, Sender]] = {}
        self._working: asyncio.Task[None] | None = None
        self._closed = False

    def take(self, message: messages.ToolMessage, sender: Sender) -> None:
        """Put a request on the desk, in the place of an older one of its kind."""
        self._wanted[message.type] = (message, sender)
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work(), name="tool desk")

    def close(self) -> None:
        """Nobody listens any more."""
        self._closed = True
        self._wanted.clear()

    async def _work(self) -> None:
        while self._wanted:
            kind = next(iter(self._wanted))
            message, sender = self._wanted.pop(kind)
            answer = await _answer(message, sender)
            if not self._closed and kind not in self._wanted:
                await self._say(answer)


async def _answer(message: messages.ToolMessage, sender: Sender) -> messages.ServerMessage:
    try:
        if sender.user and (
            wait := await sync_to_async(tool_wait, thread_sensitive=False)(sender.user)
        ):
            raise Refused("too-many-tools", tool_wait_message(wait))
        tool = Tool(message.type)
        submission, sender = await resolved(message.submission, sender)
        found = await tooling.current().use(tool, submission, sender)
        return _told(message, found)
    except Refused as error:
        return messages.Error(error.code, str(error), {"seq": message.seq})
    except Exception:
        logger.exception("a source could not be looked at")
        sentence = "The source could not be looked at; try again."
        return messages.Error("unavailable", sentence, {"seq": message.seq})


def _told(message: messages.ToolMessage, found: Check) -> messages.ServerMessage:
    if isinstance(message, messages.Check):
        return messages.Checked(
            message.seq, found.violations, found.diagnostics, compiler=found.compiler
        )
    if found.compiler == "busy":
        raise Refused(
            "tools-busy",
            "There is no sandbox to spare for this now; runs go first. Try again in a moment.",
        )
    if isinstance(message, messages.Assembly):
        return messages.Assembled(
            message.seq, found.text, found.lines, found.violations, found.diagnostics
        )
    problems = [one.message for one in found.violations]
    problems += [one.message for one in found.diagnostics]
    if problems:
        raise Refused("not-formatted", f"The source was not formatted. {problems[0]}")
    return messages.Formatted(message.seq, found.text)
