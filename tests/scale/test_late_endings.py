"""Endings that could not be recorded wait in Redis, each for itself."""

import json
import uuid

import pytest

from audit import recorder
from audit.models import Execution
from executor.membership import Membership
from executor.outcome import Outcome, Status
from executor.shared_line import connected, key
from tests.scale.stores import Redis

pytestmark = pytest.mark.scale


@pytest.fixture
def redis(settings):
    store = Redis()
    settings.REDIS_URL = store.url
    with connected() as client:
        yield client
    store.close()


def begun():
    """A record that has no ending yet; its id."""
    execution = recorder.began(
        **dict.fromkeys(("door", "remote_address", "user_agent", "server", "main"), ""),
        **{name: {} for name in ("data_files", "limits", "options")},
        **{"execution_id": uuid.uuid4(), "user": None, "project": None, "args": []},
        **{"sources": {"main.c": b""}, "code_hash": "", "interactive": False, "validated": True},
    )
    return str(execution.pk)


def test_an_ending_that_nobody_here_understands_holds_up_no_other(redis, db, caplog):
    """As a worker of another version may leave it."""
    for _ in range(9):
        redis.hset(key("unrecorded"), str(uuid.uuid4()), "{}")
    known = begun()
    ending = Outcome(known, Status.SUCCESS, "It ran.").as_dict()
    redis.hset(key("unrecorded"), known, json.dumps(ending))
    member = Membership(call=lambda count: None)
    for _ in range(2):
        member._record_late()
    assert Execution.objects.get(pk=known).state == "ended"
    assert redis.hlen(key("unrecorded")) == 9  # for a member who does
    assert caplog.text.count("does not fit the records") == 9
