"""One account cannot fill the disk with records: they are small, and there is a limit for a day."""

import os
import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings as site
from django.db import connection

from audit import packing, quota, recorder
from audit.models import Execution, RecordUse, Source
from executor import dispatch
from executor.submission import Submission

MIB = 1 << 20
pytestmark = pytest.mark.django_db


@pytest.fixture
def used(alice):
    return lambda: sum(RecordUse.objects.filter(user=alice).values_list("bytes", flat=True))


@pytest.fixture
def submit():
    def _submit(user, source="int main(void) { return 0; }\n"):
        submission = Submission.from_source(source)
        dispatch.record_began(str(uuid4()), submission, dispatch.Sender(user, "page"))

    return _submit


def stored_bytes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT SUM(LENGTH(packed)) FROM audit_source")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "content",
    [
        b"/*" + bytes(random.Random(1).choice(range(1, 9)) for _ in range(MIB)) + b"*/",
        b"\xff\x00" * (MIB // 2),
        os.urandom(MIB),
    ],
    ids=["control characters", "no text", "noise"],
)
def test_stored_source_is_no_larger_than_sent_and_unpacks_unchanged(record, content):
    execution = record(sources={"main.c": content})
    assert stored_bytes() < len(content) + 1000
    assert Source.objects.get(pk=execution.source_id).contents() == {"main.c": content}


def test_data_that_claim_to_be_large_are_not_unpacked():
    bomb = packing.pack({"main.c": bytes(4 * MIB)})
    assert len(bomb) < 10_000
    with pytest.raises(packing.Unreadable):
        packing.inflate(bomb, MIB)
    for broken in (bomb[:-1], bomb + b"x", b"", None, b"main.c"):
        with pytest.raises(packing.Unreadable):
            packing.unpack(broken)


def test_quota_counts_stored_bytes_and_each_source_once(record, outcome, alice, used):
    noise = os.urandom(100_000)
    record(user=alice, sources={"main.c": noise})
    first = used()
    assert 100_000 < first < 105_000
    second = record(user=alice, sources={"main.c": noise})
    assert used() - first < 5_000
    before = used()
    recorder.ended(second.pk, outcome(stdout="\N{REPLACEMENT CHARACTER}" * 60_000))
    assert 180_000 < used() - before < 185_000


def test_violations_are_counted(record, outcome, violation, alice, used):
    execution = record(user=alice)
    before = used()
    recorder.ended(execution.pk, outcome(violations=[violation()] * 50))
    assert used() - before > 50 * quota.ROW_BYTES


@pytest.mark.parametrize("who", ["alice", "dora"])
def test_account_over_its_daily_quota_is_refused_until_the_next_day(
    request, submit, bob, settings, who, monkeypatch
):
    user = request.getfixturevalue(who)
    settings.RECORD_BYTES_PER_DAY = 3 * MIB
    for _ in range(3):
        submit(user, f"/*{os.urandom(MIB // 2 + 10).hex()}*/ int main(void) {{ return 0; }}\n")
    for attempt in (submit, lambda user: dispatch.refuse(Submission.from_source(""), sender(user))):
        if not quota.is_used_up(user):
            submit(user, os.urandom(2 * MIB).hex())
        with pytest.raises(dispatch.Refused) as refused:
            attempt(user)
        assert refused.value.code == "record-quota"
        assert "3 MB" in str(refused.value)
        assert "00:00 UTC" in str(refused.value)
    submit(bob)
    submit(None)
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    monkeypatch.setattr(quota, "_today", lambda: tomorrow)
    submit(user)
    assert RecordUse.objects.get(user=user).bytes < 10_000, "the new day begins with nothing"


def sender(user):
    return dispatch.Sender(user, "page")


def test_zero_quota_limits_nothing_and_deleted_account_leaves_no_count(
    submit, alice, settings, monkeypatch
):
    settings.RECORD_BYTES_PER_DAY = 0
    submit(alice)
    assert not quota.is_used_up(alice)
    execution = Execution.objects.get()
    alice.delete()
    counted = RecordUse.objects.get().bytes
    quota.count(execution.pk, 1)
    assert RecordUse.objects.get().bytes == counted
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    monkeypatch.setattr(quota, "_today", lambda: tomorrow)
    quota.remove_old()
    assert not RecordUse.objects.exists()


def test_default_quota_exceeds_the_needs_of_one_user():
    assert site.RECORD_BYTES_PER_DAY >= 2000 * 40_000
