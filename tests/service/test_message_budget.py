"""What an account may send: counted by a clock that the test holds."""

import json
from types import SimpleNamespace

import pytest

from executor import throttle
from executor.consumers import CLOSED_TOO_MANY, ExecuteConsumer
from tests.service.in_process import answer_of, opened
from tests.service.serving import PATIENCE_SECONDS

RESIZE = json.dumps({"type": "resize", "cols": 80, "rows": 24})
# Worth 33 messages.
LONG = json.dumps({"type": "resize", "nothing": " " * (2 << 20)})


@pytest.fixture
def clock(monkeypatch):
    """The one that fills the budgets, which are new."""
    at = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(throttle, "time", SimpleNamespace(monotonic=lambda: at.seconds))
    monkeypatch.setattr(ExecuteConsumer, "_budgets", {})
    return at


async def spent(session):
    """A socket whose account has nothing left."""
    socket = await opened(session)
    codes = [(await answer_of(socket, LONG))["code"] for _ in range(32)]
    assert codes == ["unknown-field"] * 31 + ["too-fast"]
    return socket


async def test_what_is_too_fast_is_dropped_with_a_word_and_a_second_later_taken_again(
    session, clock
):
    socket = await spent(session)
    clock.seconds += 1
    assert (await answer_of(socket, RESIZE))["code"] == "not-running"
    await socket.disconnect()


async def test_a_new_socket_is_not_a_new_budget(session, clock):
    await (await spent(session)).disconnect()
    again = await opened(session)
    assert (await answer_of(again, RESIZE))["code"] == "too-fast"
    clock.seconds += 1
    assert (await answer_of(again, RESIZE))["code"] == "not-running"
    await again.disconnect()


async def test_who_hears_no_answer_is_closed_and_so_is_the_next_socket(session, clock, monkeypatch):
    monkeypatch.setattr("executor.consumers.MOST_REFUSED", 3)
    socket = await spent(session)
    for _ in range(2):
        assert (await answer_of(socket, RESIZE))["code"] == "too-fast"
    await closed_after(socket, RESIZE)
    await closed_after(await opened(session), RESIZE)


async def closed_after(socket, text):
    await socket.send_to(text_data=text)
    told = await socket.receive_output(timeout=PATIENCE_SECONDS)
    assert (told["type"], told["code"]) == ("websocket.close", CLOSED_TOO_MANY)
