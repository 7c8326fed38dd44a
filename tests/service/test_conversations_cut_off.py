"""A conversation may end anywhere, between any two steps; nothing of it stays behind."""

import asyncio
import json
import threading

import pytest

from audit import recorder
from audit.models import Execution
from executor import dispatch, local
from executor.submission import Submission
from tests.service.in_process import answer_of, opened
from tests.service.serving import PATIENCE_SECONDS, eventually

# More than one account may have open.
MANY = 31
REDIS_CACHE = "django.core.cache.backends.redis.RedisCache"
NOWHERE = "redis://127.0.0.1:1/0"
ATTACH = json.dumps({"type": "attach", "execution_id": "0b3a4b6e-52a0-4a4e-9d0e-0d3c5f3c4c11"})
RUN = json.dumps({"type": "run", "source": "int main(void) { return 0; }\n"})


@pytest.fixture
def counters_are_away(settings):
    """The rates are counted in a Redis that does not answer."""
    away = {"BACKEND": REDIS_CACHE, "LOCATION": NOWHERE}
    settings.CACHES = {**settings.CACHES, "ratelimit": away}


@pytest.fixture
async def dispatcher(settings, monkeypatch):
    """A real one, of this test's event loop."""
    settings.SANDBOX_POOL_SIZE = 0
    settings.DETACH_GRACE_SECONDS = 0.1
    made = local.Dispatcher()
    monkeypatch.setattr(dispatch, "_current", made)
    yield made
    await made.shutdown()


@pytest.fixture
def slow_records(monkeypatch):
    """Each submission is recorded only after ``go``; ``asked`` is set when one wants to be."""

    class Slow:
        asked, go = threading.Event(), threading.Event()

    began = recorder.began

    def _began(**facts):
        Slow.asked.set()
        assert Slow.go.wait(PATIENCE_SECONDS)
        return began(**facts)

    monkeypatch.setattr(recorder, "began", _began)
    return Slow


async def killed(socket):
    """As daphne ends a conversation that is still busy some time after its socket has closed."""
    socket.future.cancel()
    await asyncio.wait([socket.future])


def all_ended():
    return [one.state for one in Execution.objects.all()] == ["ended"]


async def test_a_page_that_comes_back_while_the_counters_are_away_is_told_and_stays(
    session, counters_are_away
):
    socket = await opened(session)
    for _ in range(2):
        answer = await answer_of(socket, ATTACH)
        assert (answer["type"], answer["code"]) == ("error", "unavailable")
    await socket.disconnect()


async def test_who_waits_for_the_counters_keeps_nobody_from_the_records(session, monkeypatch):
    waiting, go = threading.Event(), threading.Event()

    def slow(person):
        waiting.set()
        assert go.wait(PATIENCE_SECONDS)
        return 1

    monkeypatch.setattr("executor.consumers.submission_wait", slow)
    one, other = await opened(session), await opened(session)
    await one.send_to(text_data=RUN)
    assert await asyncio.to_thread(waiting.wait, PATIENCE_SECONDS)
    answer = await answer_of(other, ATTACH)
    go.set()
    assert answer["code"] == "not-found"
    assert json.loads(await one.receive_from(PATIENCE_SECONDS))["type"] == "rate_limited"
    for socket in (one, other):
        await socket.disconnect()


async def test_conversations_that_were_ended_in_the_middle_do_not_count_any_more(session):
    for _ in range(MANY):
        socket = await opened(session)
        await answer_of(socket, "{}")  # now it counts
        await killed(socket)
    last = await opened(session)
    assert (await answer_of(last, "{}"))["code"] == "unknown-type"
    await last.disconnect()


@pytest.mark.docker
async def test_a_submission_whose_conversation_ends_before_it_is_recorded_comes_to_its_end(
    session, dispatcher, slow_records
):
    """Else its record would say “queued” for as long as this server lives."""
    socket = await opened(session)
    await socket.send_to(text_data=RUN)
    assert await asyncio.to_thread(slow_records.asked.wait, PATIENCE_SECONDS)
    await killed(socket)
    slow_records.go.set()
    await asyncio.to_thread(eventually, all_ended)


async def test_what_has_ended_is_forgotten_though_nobody_comes_any_more(
    session, dispatcher, monkeypatch
):
    monkeypatch.setattr(local, "_KEEP_SECONDS", 0.0)
    refused = Submission.from_source("#include <sys/socket.h>\n")
    live = await dispatcher.submit(refused, dispatch.Sender(None, "page"))
    assert [message async for message in live.follow()]
    assert await dispatcher.find(live.execution_id, None) is live
    await asyncio.to_thread(eventually, lambda: live.execution_id not in dispatcher._lives)
    assert await dispatcher.find(live.execution_id, None) is None
