"""The server keeps a reserve of the disk: it warns administrators, then refuses users."""

import pytest
from prometheus_client import generate_latest

from audit import disk, measures
from audit.models import Notification
from executor import dispatch
from executor.submission import Submission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_was_told(monkeypatch):
    monkeypatch.setattr(disk, "_told", False)


@pytest.fixture
def full(settings):
    """The reserve is larger than the free space of this machine."""
    settings.DISK_RESERVE_BYTES = 2 * disk.free_bytes()


@pytest.fixture
def nearly_full(settings):
    settings.DISK_RESERVE_BYTES = int(disk.free_bytes() * 0.7)


def refuse(user):
    dispatch.refuse(Submission.from_source("int main(void) { return 0; }"), sender(user))


def sender(user):
    return dispatch.Sender(user, "page")


def test_on_a_full_disk_users_run_nothing_and_superusers_do(full, alice, dora):
    with pytest.raises(dispatch.Refused) as refused:
        refuse(alice)
    assert refused.value.code == "disk-reserve"
    assert "disk is nearly full" in str(refused.value)
    refuse(dora)


def test_on_a_full_disk_users_save_nothing(full, alice, client):
    client.force_login(alice)
    answer = client.post("/api/projects/", {"name": "new"}, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (507, "disk-reserve")


def test_administrators_are_warned_before_and_others_are_not(nearly_full, alice, dora, client):
    refuse(alice)
    client.force_login(dora)
    for address in ("/", "/admin/"):
        assert "disk is nearly full" in client.get(address).content.decode()
    client.force_login(alice)
    assert "disk is nearly full" not in client.get("/").content.decode()


def test_each_channel_notifies_administrators_once(nearly_full, settings, mailoutbox):
    from audit import notify

    settings.ALERT_EMAILS = ["dora@example.org"]
    disk.watch()
    disk.watch()
    assert Notification.objects.count() == 1
    assert notify.deliver_due() == 1
    assert "disk is nearly full" in mailoutbox[0].subject
    assert "DISK_RESERVE_BYTES" in mailoutbox[0].body


def test_free_disk_causes_no_warning(alice, dora, client):
    refuse(alice)
    assert disk.warning() == ""
    disk.watch()
    assert not Notification.objects.exists()


def test_metrics_report_reserve_and_free_space(nearly_full, settings):
    told = dict(
        line.split(" ", 1)
        for line in generate_latest(measures.REGISTRY).decode().splitlines()
        if line.startswith("cloister_d")
    )
    assert float(told["cloister_disk_reserve_bytes"]) == settings.DISK_RESERVE_BYTES
    assert float(told["cloister_data_free_bytes"]) > settings.DISK_RESERVE_BYTES
