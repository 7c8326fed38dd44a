"""Nobody takes a name that stands for, or looks like, that of another account."""

import importlib
import threading

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction

from accounts import names
from accounts.models import NameSkeleton
from tests.accounts.test_signup import SIGNUP, form

LOOKS_LIKE_ALICE = ["ALICE", "Alice", "aIice", "a1ice", "al1ce", "ａｌｉｃｅ", "аlісе", "alicҽ"]


def refused(client, name):
    """Why a sign-up under this name makes no account."""
    before = User.objects.count()
    response = client.post(SIGNUP, form(name))
    assert User.objects.count() == before, name
    return " ".join(response.context["form"].errors["username"])


@pytest.mark.parametrize("name", LOOKS_LIKE_ALICE)
def test_name_that_looks_like_another_is_refused(client, alice, name):
    assert refused(client, name)


def test_whole_name_in_another_script_that_looks_the_same_is_refused(client, db):
    User.objects.create_user("scope")
    assert refused(client, "ѕсоре") == names.TAKEN  # Cyrillic
    User.objects.create_user("modern")
    assert refused(client, "modem") == names.TAKEN


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("аlice", "mixes letters of different scripts (Cyrillic, Latin)"),
        ("deleted-0a1b2c3d4e5f", "Names that begin with “deleted-” stand for deleted accounts"),
        ("DELETED-x", "stand for deleted accounts"),
        ("de1eted-x", "stand for deleted accounts"),
        ("ali\u3164ce", "invisible"),
        ("ali\u115fce", "invisible"),
    ],
)
def test_misleading_form_is_refused_with_its_reason(client, db, name, why):
    assert why in refused(client, name)


@pytest.mark.parametrize("name", ["даша", "名前john", "지훈kim", "josé", "βασίλης", "erin.o-2@x"])
def test_honest_names_are_accepted(client, db, name):
    client.post(SIGNUP, form(name))
    assert User.objects.filter(username=name).exists()


def test_administration_and_commands_refuse_similar_names_too(client, alice, dora):
    client.force_login(dora)
    fields = {"username": "a1ice", "usable_password": "false"}
    assert names.TAKEN in client.post("/admin/auth/user/add/", fields).text
    page = f"/admin/auth/user/{dora.pk}/change/"
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert names.TAKEN in client.post(page, {"username": "Alice", **joined}).text
    with pytest.raises(CommandError, match="looks like it"):
        call_command("createsuperuser", username="a1ice", email="", interactive=False)
    assert set(User.objects.values_list("username", flat=True)) == {"alice", "dora"}


def test_renamed_account_releases_its_old_name(client, alice, dora):
    client.force_login(dora)
    page = f"/admin/auth/user/{alice.pk}/change/"
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    client.post(page, {"username": "alison", **joined})
    User.objects.create_user("a1ice")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("aIison")
    User.objects.get(username="alison").delete()
    User.objects.create_user("aIison")


def test_older_accounts_that_look_alike_stay_and_can_be_saved(client, alice, dora):
    older = User(username="a1ice")
    User.objects.bulk_create([older])  # as before there was such a rule
    NameSkeleton.objects.all().delete()
    importlib.import_module("accounts.migrations.0002_name_skeletons").fill(apps, None)
    keys = dict(NameSkeleton.objects.values_list("user__username", "key"))
    assert keys["alice"] == names.key_of("alice")
    assert keys["a1ice"] is None
    assert refused(client, "aIice") == names.TAKEN
    client.force_login(dora)
    page = f"/admin/auth/user/{User.objects.get(username='a1ice').pk}/change/"
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert client.post(page, {"username": "a1ice", **joined}).status_code == 302
    assert not User.objects.get(username="a1ice").is_active


def test_one_of_two_concurrent_similar_names_is_refused(transactional_db):
    barrier, made = threading.Barrier(2), []

    def take(name):
        barrier.wait(30)
        try:
            User.objects.create_user(name)
            made.append(name)
        except IntegrityError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=[name]) for name in ("erin", "er1n")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [one.username for one in User.objects.all()] == made
    assert len(made) == 1
