"""Who stops following in the middle of a message is gone at once."""

import asyncio

import pytest

from executor import messages
from executor.consumers import ExecuteConsumer
from executor.live import Live
from executor.remote import Remote


@pytest.fixture
def live():
    begun = Live("an id", 1, "a hash", Remote(0), "page")
    begun.say(messages.Stage("run"))
    return begun


async def test_a_relay_that_is_cancelled_while_it_sends_follows_no_more(live, monkeypatch):
    sending = asyncio.Event()

    async def never_read(_text):
        sending.set()
        await asyncio.Event().wait()

    async def is_the_same():
        return True

    consumer = ExecuteConsumer()
    monkeypatch.setattr(consumer, "_send", never_read)
    monkeypatch.setattr(consumer, "_surely_the_same", is_the_same)
    relay = asyncio.create_task(consumer._relay_all(live.follow()))
    await sending.wait()
    assert live.followers == 1
    relay.cancel()
    await asyncio.wait({relay})
    assert live.followers == 0
