"""The WebSocket door: authenticate, parse, hand on, relay.

    receive ─▶ parse ─▶ run ────▶ throttle ▸ dispatch.submit ─▶ a relay task
                    └─▶ stdin … ▶ the live execution's remote control
                    └─▶ attach ─▶ a relay task on the history, or on the record
    relay task ─▶ every message of one execution, in order

A consumer handles one message at a time, so nothing here waits for an execution.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib import import_module
from typing import Any, ClassVar
from uuid import UUID

from asgiref.sync import sync_to_async
from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth.models import User

from accounts.addresses import address_of_scope
from audit.access import execution_visible_to
from executor import dispatch, messages
from executor.live import Live
from executor.recorded import replay
from executor.submission import BadSubmission, Submission
from executor.throttle import attach_wait, submission_wait, wait_message
from workspace.refused import Refused as NotSaved
from workspace.submissions import saved_submission

logger = logging.getLogger(__name__)

CLOSED_NOT_LOGGED_IN = 4401
CLOSED_NO_SUCH_PATH = 4404
CLOSED_TOO_MANY = 4429

# Open pages of one account; more is a mistake or an attempt to fill this server's memory.
_MOST_SOCKETS = 30

# Who is logged in is asked for every submission, and no older than this for every key pressed.
_SESSION_SECONDS = 3.0


class ExecuteConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """``/ws/execute/``: serves one person, many executions one after the other."""

    _open: ClassVar[Counter[int]] = Counter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._live: Live | None = None
        self._owner_id: int | None = None
        self._relay: asyncio.Task[None] | None = None
        self._seen: tuple[float, int | None] = (0.0, None)

    async def connect(self) -> None:
        await self.accept()
        person = await self._person()
        if person is None:
            await self.close(CLOSED_NOT_LOGGED_IN)
        elif self._open[person.pk] >= _MOST_SOCKETS:
            await self.close(CLOSED_TOO_MANY)
        else:
            self._owner_id = person.pk
            self._open[person.pk] += 1

    async def disconnect(self, code: int) -> None:
        if self._owner_id is not None:
            self._open[self._owner_id] -= 1
            if not self._open[self._owner_id]:
                del self._open[self._owner_id]
        if self._relay is not None:
            self._relay.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            if text_data is None:
                raise messages.BadMessage("bad-json", "Send JSON in text frames.")
            message = messages.parse(text_data)
        except messages.BadMessage as error:
            await self._say(messages.Error(error.code, str(error)))
            return
        match message:
            case messages.Run(sent):
                await self._run(sent)
            case messages.Attach(execution_id):
                await self._attach(execution_id)
            case _:
                await self._control(message)

    async def _run(self, sent: Submission | messages.Saved) -> None:
        person = await self._person()
        if person is None:
            await self.close(CLOSED_NOT_LOGGED_IN)
            return
        try:
            wait = await sync_to_async(submission_wait)(person)
            if wait:
                await self._say(messages.RateLimited(wait, wait_message(wait)))
                return
            submission, sender = await self._submission(sent, person)
            live = await dispatch.current().submit(submission, sender)
        except (dispatch.Refused, NotSaved, BadSubmission) as error:
            await self._say(messages.Error(error.code, str(error)))
        except Exception:
            logger.exception("a submission could not be counted or accepted")
            await self._say(
                messages.Error("unavailable", "The program could not be accepted; try again.")
            )
        else:
            self._follow(live)

    async def _submission(
        self, sent: Submission | messages.Saved, person: User
    ) -> tuple[Submission, dispatch.Sender]:
        """What is submitted and by whom; raises ``NotSaved`` or ``BadSubmission``."""
        sender = self._sender(person)
        if isinstance(sent, Submission):
            return sent, sender
        submission = await database_sync_to_async(saved_submission)(person, sent)
        return submission, replace(sender, project=UUID(sent.project))

    async def _attach(self, execution_id: str) -> None:
        person = await self._person()
        if person is None:
            await self.close(CLOSED_NOT_LOGGED_IN)
            return
        if wait := await sync_to_async(attach_wait)(person):
            await self._say(messages.RateLimited(wait, "You came back too often; wait a moment."))
            return
        live = dispatch.current().find(execution_id, person.pk)
        if live is not None:
            self._follow(live)
            return
        for message in await database_sync_to_async(_told_again)(person, execution_id):
            await self._say(message)

    async def _control(self, message: messages.Control) -> None:
        if not await self._still_the_same():
            await self.close(CLOSED_NOT_LOGGED_IN)
        elif self._live is None or self._live.ended is not None:
            await self._say(messages.Error("not-running", "No program of yours is running here."))
        elif not self._live.remote.handle(message):
            await self._say(
                messages.Error("stdin-limit", "This program has been sent too much input.")
            )

    def _follow(self, live: Live) -> None:
        if self._relay is not None:
            self._relay.cancel()
        self._live = live
        self._relay = asyncio.create_task(self._relay_all(live.follow()))

    async def _relay_all(self, following: AsyncIterator[messages.ServerMessage]) -> None:
        async for message in following:
            # Output must not flow on to somebody who logged out.
            if not await self._still_the_same():
                await self.close(CLOSED_NOT_LOGGED_IN)
                return
            await self._say(message)

    async def _say(self, message: messages.ServerMessage) -> None:
        await self.send(text_data=messages.to_json(message))

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


def _told_again(person: User, execution_id: str) -> list[messages.ServerMessage]:
    """What the record has to say of an execution; alike for “not yours” and “not there”."""
    record = execution_visible_to(person, execution_id)
    if record is None:
        return [messages.Error("not-found", "There is no execution of yours with this id.")]
    return list(replay(record))


class NoSuchPath(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Any other path: a close code that says so, not a traceback."""

    async def connect(self) -> None:
        await self.accept()
        await self.close(CLOSED_NO_SUCH_PATH)
