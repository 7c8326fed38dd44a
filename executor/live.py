"""Executions while they live, and the line they wait in."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

from django.conf import settings

from executor import messages
from executor.outcome import Outcome, Status
from executor.remote import Remote

# What changes within this time is told together.
_WAIT_CHANGE_SECONDS = 0.2
ABANDONED = "The program was stopped because its page was closed and did not come back."


@dataclass(eq=False)
class Live:
    """One execution while it lives, and for a while after."""

    execution_id: str
    user_id: int | None
    code_hash: str
    remote: Remote
    door: str
    network: str = ""
    history: list[str] = field(default_factory=list)
    """Its messages as they are sent; one text of each, however many read it and how slowly."""
    followers: int = 0
    ended: float | None = None
    stopped_because: str = ""
    stopped_as: Status = Status.STOPPED
    sent_bytes: int = 0
    """Of the submission that it holds until it has ended."""
    file_bytes: int = 0
    """Of the files in the history, in base64."""
    wait_changes: int = 0
    """How often followers were due a change of the program's waiting for input."""
    _waits_until: float | None = None
    _wait_change: asyncio.TimerHandle | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _left: asyncio.TimerHandle | None = None

    def say(self, message: messages.ServerMessage) -> None:
        self.history.append(messages.to_json(message))
        if isinstance(message, messages.File):
            self.file_bytes += len(message.content_base64 or "")
        self._ring()

    def say_waiting(self, seconds: float | None) -> None:
        """Send followers how long the program may still wait for input; None if it computes.

        Only the latest of these is kept, so it is not part of the history.
        """
        self._waits_until = None if seconds is None else time.monotonic() + seconds
        if self._wait_change is None:
            loop = asyncio.get_running_loop()
            self._wait_change = loop.call_later(_WAIT_CHANGE_SECONDS, self._change_wait)

    def _change_wait(self) -> None:
        self._wait_change = None
        self.wait_changes += 1
        self._ring()

    def waiting(self) -> messages.Waiting:
        """Return the latest state given to :meth:`say_waiting`, adjusted to now."""
        if self._waits_until is None:
            return messages.Waiting(None)
        return messages.Waiting(round(max(0.0, self._waits_until - time.monotonic()), 1))

    def finish(self, message: messages.ServerMessage) -> None:
        self.ended = time.monotonic()
        self.say(message)

    async def follow(self) -> AsyncGenerator[str]:
        """Every message from the first on, until the last one, as JSON."""
        self._arrive()
        at = wait_changes = 0
        try:
            while True:
                news = self._news
                while at < len(self.history):
                    at += 1
                    yield self.history[at - 1]
                if self.ended is not None:
                    return
                if wait_changes != self.wait_changes:
                    wait_changes = self.wait_changes
                    yield messages.to_json(self.waiting())
                else:
                    await news.wait()
        finally:
            self._leave()

    async def after(self, at: int, wait_changes: int) -> list[str]:
        """Wait for messages beyond the first ``at``; nothing once there will be no more.

        Return nothing as well where only the program's waiting for input has changed.
        """
        while at == len(self.history) and self.ended is None and wait_changes == self.wait_changes:
            await self._news.wait()
        return self.history[at:]

    async def control(self, message: messages.Control) -> bool:
        """Pass a person's message on; False if it went over the limit for typed input."""
        return self.remote.handle(message)

    def stop(self, because: str, status: Status = Status.STOPPED) -> None:
        """End the execution for a reason that is not its person's."""
        self.stopped_because, self.stopped_as = because, status
        self.remote.handle(messages.Stop())

    def watch_out(self) -> None:
        """Stop the execution if nobody comes to follow it in time."""
        if self.followers == 0 and self.ended is None and self._left is None:
            self._left = asyncio.get_running_loop().call_later(
                settings.DETACH_GRACE_SECONDS, self.stop, ABANDONED
            )

    async def told(self) -> None:
        """Wait until it has ended and everybody who follows it knows."""
        while self.ended is None or self.followers:
            await self._news.wait()

    def _arrive(self) -> None:
        self.followers += 1
        if self._left is not None:
            self._left.cancel()
            self._left = None

    def _leave(self) -> None:
        self.followers -= 1
        self._ring()
        self.watch_out()

    def _ring(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


def stopped_by(live: Live, outcome: Outcome) -> Outcome:
    """The outcome; a stop that the server made is not blamed on the person."""
    if live.stopped_because and outcome.status is Status.STOPPED:
        return replace(outcome, message=live.stopped_because, status=live.stopped_as)
    return outcome


class Line:
    """``places`` at once; the others wait, and people take turns.

    Whoever waits is somebody's, and each turn goes to the next person of the round, to the
    oldest of what that person has waiting. Then the person goes to the end of the round. So a
    hundred submissions of one person hold up another one's single one by one turn, not by a
    hundred; within one person's, first come is first served.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._free = places
        self._round: OrderedDict[int | None, OrderedDict[str, asyncio.Event]] = OrderedDict()

    @property
    def waiting(self) -> int:
        return sum(map(len, self._round.values()))

    @property
    def taken(self) -> int:
        """The number of computing programs; :meth:`enter_regardless` can exceed the places."""
        return self.places - self._free

    @property
    def free(self) -> int:
        return max(0, self._free)

    def enter_regardless(self) -> None:
        """Count a program that goes on at once; new ones wait until a place is free."""
        self._free -= 1

    def enter_at_once(self) -> bool:
        """Take a place if one is free and nobody waits; whether it was taken."""
        if self._free <= 0 or self._round:
            return False
        self._free -= 1
        return True

    async def enter(self, person: int | None, execution_id: str) -> None:
        """Wait for a place. Nothing is taken and nothing waits after a cancellation."""
        if self.enter_at_once():
            return
        turn = asyncio.Event()
        self._round.setdefault(person, OrderedDict())[execution_id] = turn
        try:
            await turn.wait()
        except asyncio.CancelledError:
            if turn.is_set():
                self.leave()  # its turn came while it was giving up
            else:
                self._drop(person, execution_id)
            raise

    def leave(self) -> None:
        """Give the place to whose turn it is."""
        if self._free < 0 or not self._round:
            self._free += 1
            return
        person, theirs = next(iter(self._round.items()))
        self._round.move_to_end(person)
        execution_id, turn = next(iter(theirs.items()))
        self._drop(person, execution_id)
        turn.set()

    def ahead(self, person: int | None) -> int:
        """Which turn one of this person's would have that came now; 0: none, there is a place.

        Somebody who comes later may still be before it, with fewer waiting than this person.
        """
        if self._free > 0 and not self._round:
            return 0
        mine = len(self._round.get(person, ()))
        before, turns = person in self._round, 1 + mine
        for other, theirs in self._round.items():
            if other == person:
                before = False
            else:
                # Who stands before this person in the round has had one turn more by then.
                turns += min(len(theirs), mine + (before or not mine))
        return turns

    def _drop(self, person: int | None, execution_id: str) -> None:
        theirs = self._round[person]
        del theirs[execution_id]
        if not theirs:
            del self._round[person]
