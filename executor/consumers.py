"""The WebSocket door: authenticate, parse, hand on, relay.

    receive ─▶ parse ─▶ run ────▶ throttle ▸ dispatch.submit ─▶ a relay task
                    └─▶ stdin … ▶ the live execution's remote control
                    └─▶ check, assembly, format ─▶ the tool desk
                    └─▶ attach ─▶ a relay task on the history, or on the record
    relay task ─▶ every message of one execution, in order

A consumer handles one message at a time, so nothing here waits for an execution.
Every ``send`` may wait for a client that reads slowly (`connections.py`); a relay
that waits holds nothing but its place in the history.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from asgiref.sync import sync_to_async
from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth.models import User
from django.db import Error as DatabaseError

from accounts.addresses import address_of_scope, network_of
from audit.access import execution_visible_to
from executor import dispatch, messages, metrics
from executor.fields import BadMessage
from executor.live import Live
from executor.parsing import parse
from executor.recorded import replay
from executor.saved import resolved
from executor.submission import Submission
from executor.throttle import (
    MESSAGES_PER_SECOND,
    MOST_REFUSED,
    Budget,
    Headcount,
    attach_wait,
    attach_wait_message,
    submission_wait,
    submission_wait_message,
)
from executor.tool_desk import ToolDesk

if TYPE_CHECKING:
    from executor.cluster import Distant

    Followed: TypeAlias = Live | Distant

logger = logging.getLogger(__name__)

CLOSED_NOT_LOGGED_IN = 4401
CLOSED_NO_SUCH_PATH = 4404
CLOSED_TOO_MANY = 4429

# Open pages of one account; more is a mistake or an attempt to fill this server's memory.
_SOCKETS_PER_ACCOUNT = 30
_TOO_FAST = (
    "You are sending messages too fast ({rate:g} a second is the limit), "
    "so this one was dropped. Wait a second and send it again."
)
_TOO_MUCH_INPUT = (
    "This program has been sent {limit:,} bytes of input, the limit, so this was not passed on."
)
_AWAY = "The records cannot be reached now, so nothing was done. Try again in a moment."
_DATABASE_SECONDS = 1.0
# So short can only a “stop” be that has the word in it.
_STOP_CHARACTERS = 40

# Who is logged in is asked for every submission, and no older than this for every key pressed.
_SESSION_SECONDS = 3.0


class ExecuteConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """``/ws/execute/``: serves one person, many executions one after the other."""

    _accounts: ClassVar[Headcount] = Headcount(_SOCKETS_PER_ACCOUNT)
    _networks: ClassVar[Headcount] = Headcount(settings.SOCKETS_PER_ADDRESS)
    _budgets: ClassVar[dict[int, Budget]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._live: Followed | None = None
        self._owner_id: int | None = None
        self._network = ""
        self._budget = Budget()
        self._relay: asyncio.Task[None] | None = None
        self._desk = ToolDesk(self._say)
        self._watch: asyncio.Task[None] | None = None
        self._seen: tuple[float, int | None] = (0.0, None)

    async def __call__(self, *connection: Any) -> None:
        try:
            await super().__call__(*connection)
        finally:
            # Not in “disconnect”: it does not come to one that fails, or that daphne ends
            # because it was still busy when its socket had been closed for ten seconds.
            self._end()

    def _end(self) -> None:
        self._leave()
        self._desk.close()
        for task in (self._relay, self._watch):
            if task is not None:
                task.cancel()

    async def connect(self) -> None:
        await self.accept()
        person = await self._person()
        if person is None:
            await self.close(CLOSED_NOT_LOGGED_IN)
        elif not self._enter(person.pk):
            await self.close(CLOSED_TOO_MANY)
        else:
            self._watch = asyncio.create_task(self._watch_session())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._owner_id is None or not await self._affords(text_data or "", bytes_data or b""):
            return
        try:
            if text_data is None:
                raise BadMessage("bad-json", "Send JSON in text frames.")
            message = parse(text_data)
        except BadMessage as error:
            await self._say(messages.Error(error.code, str(error)))
            return
        try:
            await self._handle(message)
        except Exception:
            # The database's errors, and with Redis those of the rates' counters.
            logger.exception("a message could not be answered")
            await self._say(messages.Error("unavailable", _AWAY))

    async def _handle(self, message: messages.ClientMessage) -> None:
        match message:
            case messages.Run(sent):
                await self._run(sent)
            case messages.Attach(execution_id):
                await self._attach(execution_id)
            case messages.Check() | messages.Assembly() | messages.Format():
                await self._look_at(message)
            case _:
                await self._control(message)

    def _enter(self, person_id: int) -> bool:
        """Count this socket for its account and its network; False where there are enough."""
        network = network_of(address_of_scope(self.scope))
        if not self._accounts.enter(person_id):
            return False
        if not self._networks.enter(network):
            self._accounts.leave(person_id)
            return False
        self._owner_id, self._network = person_id, network
        metrics.sockets_open.inc()
        self._budget = self._budgets.setdefault(person_id, self._budget)
        return True

    def _leave(self) -> None:
        if self._owner_id is None:
            return
        metrics.sockets_open.dec()
        self._accounts.leave(self._owner_id)
        self._networks.leave(self._network)
        # Who used theirs up does not get a new one by coming again.
        if self._owner_id not in self._accounts and self._budget.is_full():
            del self._budgets[self._owner_id]

    async def _affords(self, text: str, data: bytes) -> bool:
        """Whether the account may send this message now; if not, it has been answered."""
        if self._budget.take(len(text) + len(data)):
            return True
        if self._budget.refused > MOST_REFUSED:
            await self.close(CLOSED_TOO_MANY)
            return False
        if len(text) < _STOP_CHARACTERS and '"stop"' in text:
            return True
        await self._say(messages.Error("too-fast", _TOO_FAST.format(rate=MESSAGES_PER_SECOND)))
        return False

    async def _run(self, sent: Submission | messages.Saved) -> None:
        person = await self._person()
        if person is None:
            await self.close(CLOSED_NOT_LOGGED_IN)
            return
        try:
            wait = await sync_to_async(submission_wait, thread_sensitive=False)(person)
            if wait:
                await self._say(messages.RateLimited(wait, submission_wait_message(wait)))
                return
            submission, sender = await resolved(sent, self._sender(person))
            # To its end, even if the socket's is here: half of it is a record that nobody ends.
            live = await asyncio.shield(_submitted(submission, sender))
        except dispatch.Refused as error:
            await self._say(messages.Error(error.code, str(error)))
        except Exception:
            logger.exception("a submission could not be counted or accepted")
            await self._say(
                messages.Error("unavailable", "The program could not be accepted; try again.")
            )
        else:
            self._follow(live)

    async def _look_at(self, message: messages.ToolMessage) -> None:
        person = await self._person()
        if person is None:
            await self.close(CLOSED_NOT_LOGGED_IN)
            return
        self._desk.take(message, self._sender(person))

    async def _attach(self, execution_id: str) -> None:
        person = await self._person()
        if person is None:
            await self.close(CLOSED_NOT_LOGGED_IN)
            return
        if wait := await sync_to_async(attach_wait, thread_sensitive=False)(person):
            await self._say(messages.RateLimited(wait, attach_wait_message(wait)))
            return
        try:
            live = await dispatch.current().find(execution_id, person.pk)
        except dispatch.Refused as error:
            await self._say(messages.Error(error.code, str(error)))
            return
        if live is not None:
            self._follow(live)
            return
        for message in await database_sync_to_async(_told_again)(person, execution_id):
            await self._say(message)

    async def _control(self, message: messages.Control) -> None:
        if not await self._still_the_same():
            await self.close(CLOSED_NOT_LOGGED_IN)
        elif self._live is None or self._live.ended is not None:
            await self._say(messages.Error("not-running", "You have no program running here."))
        else:
            await self._pass_on(self._live, message)

    async def _pass_on(self, live: Followed, message: messages.Control) -> None:
        try:
            if not await live.control(message):
                sentence = _TOO_MUCH_INPUT.format(limit=settings.LIMITS.stdin_bytes)
                raise dispatch.Refused("stdin-limit", sentence)
        except dispatch.Refused as error:
            await self._say(messages.Error(error.code, str(error)))

    def _follow(self, live: Followed) -> None:
        if self._relay is not None:
            self._relay.cancel()
        self._live = live
        self._relay = asyncio.create_task(self._relay_all(live.follow()))

    async def _relay_all(self, following: AsyncGenerator[str]) -> None:
        # Closed here: left to the interpreter, an iteration that was broken off counts as a
        # follower for as long as anything remembers where.
        async with aclosing(following):
            async for message in following:
                # Output must not flow on to somebody who logged out.
                if not await self._surely_the_same():
                    await self.close(CLOSED_NOT_LOGGED_IN)
                    return
                await self._send(message)

    async def _surely_the_same(self) -> bool:
        """The same, once it can be told: output waits for a database that is away."""
        while True:
            try:
                return await self._still_the_same()
            except DatabaseError:
                logger.exception("a session could not be looked up")
                await asyncio.sleep(_DATABASE_SECONDS)

    async def _watch_session(self) -> None:
        """Close the socket on which nothing is said once its session has ended."""
        there = True
        while there:
            await asyncio.sleep(settings.SESSION_CHECK_SECONDS)
            try:
                there = await self._still_the_same()
            except Exception:
                # Every message asks by itself; here the next round does.
                logger.exception("a session could not be looked up")
        await self.close(CLOSED_NOT_LOGGED_IN)

    async def _say(self, message: messages.ServerMessage) -> None:
        await self._send(messages.to_json(message))

    async def _send(self, text: str) -> None:
        await self.send(text_data=text)
        metrics.socket_sent_bytes.inc(len(text))  # it is ASCII

    async def _person(self) -> User | None:
        """Who is logged in now: a session that ended elsewhere counts at once."""
        key = self.scope["session"].session_key
        if not key:
            return None
        store = import_module(settings.SESSION_ENGINE).SessionStore(key)
        user = await get_user({"session": store})
        person = user if user.is_authenticated and user.is_active else None
        self._seen = (time.monotonic(), person.pk if person else None)
        return person

    async def _still_the_same(self) -> bool:
        """Whether the program's owner is still who is logged in here."""
        seen, person_id = self._seen
        if time.monotonic() - seen > _SESSION_SECONDS:
            person = await self._person()
            person_id = person.pk if person else None
        return person_id is not None and (self._live is None or self._live.user_id == person_id)

    def _sender(self, person: User) -> dispatch.Sender:
        headers = dict(self.scope["headers"])
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        return dispatch.Sender(person, "page", address_of_scope(self.scope), agent)


async def _submitted(submission: Submission, sender: dispatch.Sender) -> Followed:
    return await dispatch.current().submit(submission, sender)


def _told_again(person: User, execution_id: str) -> list[messages.ServerMessage]:
    """What the record has to say of an execution; alike for “not yours” and “not there”."""
    record = execution_visible_to(person, execution_id)
    if record is None:
        return [messages.Error("not-found", "You have no execution with this id.")]
    return list(replay(record))


class NoSuchPath(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Any other path: a close code that says so, not a traceback."""

    async def connect(self) -> None:
        await self.accept()
        await self.close(CLOSED_NO_SUCH_PATH)
