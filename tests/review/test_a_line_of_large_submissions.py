"""What waits in line is held in memory; many people with much data do not fill it."""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from executor import dispatch, local
from executor.submission import Submission

REFUSED = b"#include <unistd.h>\nint main(void) { return 0; }\n"
LIMIT = 10_000


async def submitted(dispatcher, user, data_bytes):
    files = {"main.c": REFUSED, "data": bytes(data_bytes)}
    sender = dispatch.Sender(user, "page")
    return await dispatcher.submit(Submission.from_files(files, "main.c"), sender)


@pytest.mark.django_db(transaction=True)
async def test_the_line_is_full_where_it_holds_too_much_and_takes_more_once_that_has_ended(
    alice, bob, settings, monkeypatch
):
    settings.SANDBOX_CONCURRENCY, settings.SANDBOX_POOL_SIZE = 1, 0
    monkeypatch.setattr(local, "_SENT_BYTES", LIMIT)
    dispatcher = dispatch.Dispatcher()
    try:
        assert dispatcher._line.enter_at_once()
        first = await submitted(dispatcher, alice, LIMIT * 2 // 3)
        with pytest.raises(dispatch.Refused) as refused:
            await submitted(dispatcher, bob, LIMIT * 2 // 3)
        assert refused.value.code == "queue-full"
        charlie = await sync_to_async(User.objects.create_user)("charlie")
        assert await submitted(dispatcher, charlie, LIMIT // 10)
        dispatcher._line.leave()
        assert [message async for message in first.follow()]
        assert await submitted(dispatcher, bob, LIMIT * 2 // 3)
    finally:
        await dispatcher.shutdown()


@pytest.mark.django_db(transaction=True)
async def test_one_alone_may_be_as_large_as_the_limits_allow(alice, settings, monkeypatch):
    settings.SANDBOX_POOL_SIZE = 0
    monkeypatch.setattr(local, "_SENT_BYTES", LIMIT)
    dispatcher = dispatch.Dispatcher()
    try:
        assert await submitted(dispatcher, alice, 2 * LIMIT)
    finally:
        await dispatcher.shutdown()
