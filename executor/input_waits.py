"""Let programs that wait for input give their place back, within separate limits.

Theory of operation
-------------------
An execution has a place in the :class:`executor.live.Line` while its program can
compute. The supervisor reports when the program begins to wait for input and when
it computes again. A waiting program gives its place back, as long as fewer than
``WAITING_MOST`` have done so here, ``WAITING_PER_USER`` of its account and
``WAITING_PER_NETWORK`` of its network; beyond these limits it keeps its place.

A program that computes again goes on at once, whether a place is free or not, and
counts: no execution starts until there are fewer again than places. If all that wait
are woken in one moment, ``SANDBOX_CONCURRENCY + WAITING_MOST`` programs compute, each
with the CPU quota of one; nothing starts beside them, and each has no more than what
is left of its run time. That is the bound of the overcommitment, of CPU and of memory.

While executions queue, a waiting program that stands in their way (it holds a place, or
no other program may give one back) has only ``WAITING_FLOOR_SECONDS``. These are added up over
all its waits: typing something now and then does not buy more.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from django.conf import settings

from executor import messages
from executor.live import Line, Live
from executor.outcome import Status

_LOOK_SECONDS = 1.0


def ended_for_others() -> str:
    """Return the sentence for a program that was stopped because other programs queued."""
    return (
        f"Stopped: the program waited {settings.WAITING_FLOOR_SECONDS:g} s for input while other "
        "programs were queueing, the limit when the server is full. Run it again later."
    )


@dataclass(eq=False)
class Seat:
    """One execution's share of the places, from its start to its end."""

    live: Live
    _waits: InputWaits
    holds_place: bool = True
    is_limited: bool = False
    """Whether it blocks others while it waits, and its user was sent the shorter limit."""
    idle_until: float = 0.0
    looked: float = 0.0
    in_the_way_seconds: float = 0.0
    gave_back: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it has waited without a place."""

    def emit(self, event: messages.Event) -> None:
        """Pass an event of the sandbox on."""
        if isinstance(event, messages.Waiting):
            self._waits.note(self, event.idle_seconds)
        else:
            self.live.say(event)

    def leave(self) -> None:
        """End the execution's share."""
        self._waits.leave(self)


class InputWaits:
    """All programs of one pool that wait for input."""

    def __init__(self, line: Line, queued: Callable[[], Awaitable[int]]) -> None:
        """Start with no programs; ``queued`` returns how many executions wait for a place."""
        self._line = line
        self._queued = queued
        self._waiting: list[Seat] = []
        """The waiting programs, the longest first."""
        self._looking: asyncio.Task[None] | None = None
        self._is_crowded = False
        """Whether executions queued at the last look, however long ago: waits that are shorter than
        the time between two looks count as well."""

    def seat(self, live: Live) -> Seat:
        """Return the seat of an execution that has just been given a place."""
        return Seat(live, self)

    def note(self, seat: Seat, idle_seconds: float | None) -> None:
        """Note that the program waits, with so many seconds left, or (None) computes again."""
        if idle_seconds is None:
            self._computes(seat)
            return
        seat.idle_until = time.monotonic() + idle_seconds
        if seat not in self._waiting:
            seat.looked = time.monotonic()
            self._waiting.append(seat)
        self._give_back(seat)
        self._tell(seat)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_after_them())

    def leave(self, seat: Seat) -> None:
        """Remove an execution that has ended."""
        self._remove(seat)
        if seat.holds_place:
            seat.holds_place = False
            self._line.leave()
        self._give_back_more()

    def _computes(self, seat: Seat) -> None:
        self._remove(seat)
        if not seat.holds_place:
            seat.holds_place = True
            self._line.enter_regardless()
        seat.live.say_waiting(None)
        self._give_back_more()

    def _remove(self, seat: Seat) -> None:
        if seat in self._waiting:
            self._account(seat)
            self._waiting.remove(seat)
        seat.is_limited = False

    def _account(self, seat: Seat) -> None:
        """Add the time since the last count if the program blocks others while it waits."""
        now = time.monotonic()
        if self._is_in_the_way(seat):
            seat.in_the_way_seconds += now - seat.looked
        seat.looked = now

    def _is_in_the_way(self, seat: Seat) -> bool:
        is_full = len(self._without_place()) >= settings.WAITING_MOST
        return self._is_crowded and (is_full or seat.holds_place)

    def _give_back_more(self) -> None:
        """Let other programs give their places back."""
        for seat in self._waiting:
            self._give_back(seat)

    def _give_back(self, seat: Seat) -> None:
        if seat.holds_place and self._has_room(seat.live):
            seat.holds_place = False
            self._line.leave()
            seat.gave_back.set()

    def _without_place(self) -> list[Live]:
        return [seat.live for seat in self._waiting if not seat.holds_place]

    def _has_room(self, live: Live) -> bool:
        others = self._without_place()
        of_user = sum(one.user_id == live.user_id for one in others)
        of_network = sum(one.network == live.network for one in others)
        return (
            len(others) < settings.WAITING_MOST
            and of_user < settings.WAITING_PER_USER
            and of_network < settings.WAITING_PER_NETWORK
        )

    async def _look_after_them(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            for seat in self._waiting:
                self._account(seat)
            self._is_crowded = await self._queued() > 0
            self._look()
            if not self._waiting:
                return

    def _look(self) -> None:
        for seat in list(self._waiting):
            is_limited = self._is_in_the_way(seat)
            if is_limited != seat.is_limited:
                seat.is_limited = is_limited
                self._tell(seat)
            if is_limited and seat.in_the_way_seconds >= settings.WAITING_FLOOR_SECONDS:
                seat.live.stop(ended_for_others(), Status.IDLE_TIMEOUT)

    @staticmethod
    def _tell(seat: Seat) -> None:
        left = seat.idle_until - time.monotonic()
        if seat.is_limited:
            left = min(left, settings.WAITING_FLOOR_SECONDS - seat.in_the_way_seconds)
        seat.live.say_waiting(left)
