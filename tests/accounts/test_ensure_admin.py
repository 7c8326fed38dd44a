import re
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
