"""How a web server calls workers, through Celery, by the names of :mod:`executor.tasks`."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

from celery import current_app

from executor.shared_line import Away, connected_async, key
from executor.tools import Check
from executor.wire import check_from

TAKE = "cloister.take"
LOOK = "cloister.look"
# What nobody has begun after so long is taken back: the workers are busy.
_PATIENCE_SECONDS = 3.0
# A tool may compile, and its worker may wait for the engine.
_ANSWER_SECONDS = 40.0
_WAIT_SECONDS = 1.0


def call(count: int) -> None:
    """Ask so many workers to take from the line; raises while Redis is away."""
    for _ in range(count):
        current_app.send_task(TAKE, retry=False)


async def look(submission: str) -> Check:
    """What a worker's tool finds; ``busy`` where none began in time or Redis is away."""
    request = uuid.uuid4().hex
    client = connected_async()
    try:
        await client.set(key("request", request), submission, ex=int(_ANSWER_SECONDS))
        await asyncio.to_thread(current_app.send_task, LOOK, [request], retry=False)
        answer = await _answer(client, request)
    except Away:
        answer = None
    finally:
        await client.aclose()
    return check_from(answer) if answer else Check(compiler="busy")


async def _answer(client: Any, request: str) -> str | None:
    began = time.monotonic()
    withdrawn = False
    while (waited := time.monotonic() - began) < _ANSWER_SECONDS:
        try:
            answer = await client.blpop([key("answer", request)], timeout=_WAIT_SECONDS)
            if answer:
                return str(answer[1])
            if waited > _PATIENCE_SECONDS and not withdrawn:
                # Either this server gets it back or a worker has it, who will answer.
                if await client.getdel(key("request", request)):
                    return None
                withdrawn = True
        except Away:
            await asyncio.sleep(_WAIT_SECONDS)
    return None
