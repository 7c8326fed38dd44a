import os
import re
import stat
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command


def ensure_admin():
    out = StringIO()
    call_command("ensure_admin", stdout=out)
    return out.getvalue()


def test_the_first_start_makes_an_admin_with_the_password_it_prints(db, client):
    printed = re.search(r"Administrator: (\S+) +password: (\S+)", ensure_admin())
    assert len(printed[2]) >= 16
    assert client.login(username=printed[1], password=printed[2])
    assert User.objects.get(username="admin").is_superuser


def test_a_second_start_changes_and_prints_nothing(db):
    ensure_admin()
    before = User.objects.get().password
    assert ensure_admin() == ""
    assert User.objects.get().password == before


def test_where_someone_administers_already_nobody_is_added(dora):
    assert ensure_admin() == ""
    assert User.objects.count() == 1


def test_an_ordinary_account_named_admin_is_never_promoted(db):
    User.objects.create_user("Admin", password="someone-who-signed-up")
    with pytest.raises(CommandError, match="createsuperuser"):
        ensure_admin()
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_password_in_a_file_is_readable_by_its_owner_only(db, data, client):
    log = data / "log"
    with log.open("w") as out:
        log.chmod(0o644)
        call_command("ensure_admin", stdout=out)
    printed = re.search(r"Administrator: (\S+) +password: (\S+)", log.read_text())
    assert mode_of(log) == 0o600
    assert client.login(username=printed[1], password=printed[2])


def to_journal(monkeypatch, data):
    """What the first start writes to the journal, and the file that it names."""
    with (data / "journal").open("w") as out:
        status = os.fstat(out.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        call_command("ensure_admin", stdout=out)
    written = (data / "journal").read_text()
    assert str(data / "first_password") in written
    return written, data / "first_password"


def test_journal_gets_no_password_and_the_file_goes_at_the_first_log_in(
    db, data, client, monkeypatch, alice
):
    written, kept = to_journal(monkeypatch, data)
    name, password = kept.read_text().split()
    assert password not in written
    assert mode_of(kept) == 0o600
    client.force_login(alice)
    assert kept.exists()
    answer = client.post("/accounts/login/", {"username": name, "password": password})
    assert answer.status_code == 302
    assert not kept.exists()


def test_file_goes_with_a_new_password(db, data, monkeypatch):
    _, kept = to_journal(monkeypatch, data)
    admin = User.objects.get(username="admin")
    admin.save(update_fields=["last_login"])
    assert kept.exists()
    admin.set_password("another-and-her-9-keys")
    admin.save()
    assert not kept.exists()


def test_name_that_looks_like_admin_is_never_promoted(db):
    User.objects.create_user("adm1n")
    with pytest.raises(CommandError, match="createsuperuser"):
        ensure_admin()
