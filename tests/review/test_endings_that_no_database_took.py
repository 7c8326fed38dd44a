"""An ending that could not be recorded is recorded later; nothing stays without one."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import timezone

from audit.models import Execution
from executor import admission, dispatch
from executor.submission import Submission

REFUSED = {"main.c": "#include <unistd.h>\nint main(void) { return 0; }\n"}


@contextmanager
def full(which="1"):
    """No ending can be recorded meanwhile, or only not those of ``which``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON audit_execution "
            f"WHEN NEW.state = 'ended' AND {which} "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
        try:
            yield
        finally:
            cursor.execute("DROP TRIGGER full")


async def told(dispatcher, user):
    live = await dispatcher.submit(
        Submission.from_files(REFUSED, "main.c"), dispatch.Sender(user, "page")
    )
    said = [json.loads(message) async for message in live.follow()]
    return live.execution_id, said[-1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the trigger is SQLite's")
async def test_what_no_database_took_is_recorded_as_it_was_by_the_next_round(alice):
    dispatcher = dispatch.Dispatcher()
    while_full = full()
    try:
        await sync_to_async(while_full.__enter__)()
        try:
            execution_id, last = await told(dispatcher, alice)
            record = await Execution.objects.aget(pk=execution_id)
        finally:
            await sync_to_async(while_full.__exit__)(None, None, None)
        assert last["type"] == "result"
        assert "could not be recorded" in last["message"]
        assert record.state == "running"
        assert await sync_to_async(dispatcher.sweep)() == 1
        await record.arefresh_from_db()
        assert (record.state, record.status) == ("ended", "blocked")
        assert await record.violations.acount(), "what was refused is known all the same"
        assert await sync_to_async(dispatcher.sweep)() == 0
    finally:
        await dispatcher.shutdown()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the trigger is SQLite's")
async def test_an_ending_that_fits_no_record_holds_up_no_other_one(alice, bob):
    dispatcher = dispatch.Dispatcher()
    while_full = full()
    try:
        await sync_to_async(while_full.__enter__)()
        try:
            unfit, _ = await told(dispatcher, alice)
            fit, _ = await told(dispatcher, bob)
        finally:
            await sync_to_async(while_full.__exit__)(None, None, None)
        while_unfit = full(f"NEW.id = '{unfit.replace('-', '')}'")
        await sync_to_async(while_unfit.__enter__)()
        try:
            assert await sync_to_async(dispatcher.sweep)() == 2
        finally:
            await sync_to_async(while_unfit.__exit__)(None, None, None)
        states = {one: (await Execution.objects.aget(pk=one)).state for one in (unfit, fit)}
        assert states == {unfit: "lost", fit: "ended"}
    finally:
        await dispatcher.shutdown()


@pytest.mark.django_db(transaction=True)
async def test_a_record_that_the_living_server_knows_nothing_of_is_closed_as_lost(alice):
    dispatcher = dispatch.Dispatcher()
    try:
        sent = Submission.from_files(REFUSED, "main.c")
        execution_id = "7b0c2f6e-5f0e-4c5b-9a51-0a3d7c0c1f7e"
        sender = dispatch.Sender(alice, "page")
        await sync_to_async(admission.record_began)(execution_id, sent, sender)
        assert await sync_to_async(dispatcher.sweep)() == 0, "its turn may still come"
        record = await Execution.objects.aget(pk=execution_id)
        record.created = timezone.now() - timedelta(minutes=2)
        await record.asave()
        assert await sync_to_async(dispatcher.sweep)() == 1
        await record.arefresh_from_db()
        assert record.state == "lost"
    finally:
        await dispatcher.shutdown()
