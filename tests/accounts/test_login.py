import threading
import time
from datetime import timedelta

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connections
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import counters, known
from accounts.models import KnownNetwork
from accounts.throttle import login_wait

CATS, KEYS = "alice-and-her-9-cats", "dora-and-her-9-keys"
HOME, STRANGE = "192.0.2.1", "203.0.113.7"
DOORS = ["/accounts/login/", "/admin/login/"]


def attempt(client, username="alice", password="wrong", door="/accounts/login/", **extra):
    return client.post(door, {"username": username, "password": password}, **extra)


def used(kind, value):
    """What is counted in any window of an hour, a minute or 15 minutes."""
    return max(counters._usage(kind, value, f"1000/{period}", 0)[0] for period in ("m", "h", "15m"))


def request_from(address):
    return RequestFactory().post("/accounts/login/", REMOTE_ADDR=address)


def errors(response):
    return " ".join(response.context["form"].non_field_errors())


@pytest.fixture(autouse=True)
def _three_a_minute(settings):
    settings.LOGIN_RATE = "3/m"


def test_the_right_password_opens_the_page(client, alice):
    response = attempt(client, password="alice-and-her-9-cats")
    assert (response.status_code, response.url) == (302, reverse("ide"))
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_the_session_key_changes_at_log_in(client, alice):
    client.get("/accounts/login/")
    client.session["basket"] = 1
    before = client.session.session_key
    attempt(client, password="alice-and-her-9-cats")
    assert client.session.session_key != before


@pytest.mark.parametrize("door", DOORS)
def test_past_the_rate_even_the_right_password_is_refused(client, dora, door):
    for _ in range(3):
        assert "Too many" not in errors(attempt(client, "dora", door=door))
    response = attempt(client, "dora", "dora-and-her-9-keys", door=door)
    assert (
        "Too many attempts to log in with this name from your network (3 in a minute is the limit)."
        " Try again in"
    ) in errors(response)
    assert "_auth_user_id" not in client.session


def test_the_answer_says_how_long_to_wait(client, alice):
    for _ in range(3):
        assert attempt(client).status_code == 200
    response = attempt(client)
    assert response.status_code == 429
    wait = int(response.headers["Retry-After"])
    assert 1 <= wait <= 60
    assert f"Try again in {wait} second" in errors(response)


def test_both_doors_count_together(client, dora):
    for door in (*DOORS, DOORS[0]):
        attempt(client, "dora", door=door)
    for door in DOORS:
        assert "Too many" in errors(attempt(client, "dora", door=door))


@pytest.mark.parametrize("door", DOORS)
def test_wrong_log_ins_from_one_address_lock_out_no_other_address(client, dora, door):
    for _ in range(10):
        attempt(client, "dora", door=door, REMOTE_ADDR=STRANGE)
    assert "Too many" in errors(attempt(client, "dora", door=door, REMOTE_ADDR=STRANGE))
    assert attempt(client, "dora", KEYS, door=door, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_guessing_from_many_addresses_blocks_no_address_that_the_owner_used(
    client, alice, settings
):
    settings.LOGIN_NAME_RATE = "5/h"
    assert attempt(client, password=CATS, REMOTE_ADDR=HOME).status_code == 302
    answers = [attempt(client, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(8)]
    assert answers == [200] * 4 + [429] * 4  # the owner came from a new one, too
    # Guessing is over, with the right password as well, for other spellings too.
    for spelling in ("alice", "ALICE", "ａｌｉｃｅ"):
        refused = attempt(client, spelling, CATS, REMOTE_ADDR="198.51.100.99")
        assert refused.status_code == 429
    assert "networks where it was not used before (5 in an hour is the limit)" in errors(refused)
    assert "Try again in" in errors(refused)
    assert attempt(client, password=CATS, REMOTE_ADDR=HOME).status_code == 302


def test_address_is_known_for_so_many_days_and_until_the_password_changes(client, alice, settings):
    settings.LOGIN_NAME_RATE = "0/h"
    assert attempt(client, password=CATS, REMOTE_ADDR=HOME).status_code == 429
    client.force_login(alice)  # from no address
    settings.LOGIN_NAME_RATE = "2/h"
    assert attempt(client, password=CATS, REMOTE_ADDR=HOME).status_code == 302
    assert attempt(client, password=CATS, REMOTE_ADDR=HOME).status_code == 302
    KnownNetwork.objects.update(seen=timezone.now() - timedelta(days=settings.LOGIN_KNOWN_DAYS + 1))
    assert attempt(client, password=CATS, REMOTE_ADDR=HOME).status_code == 429
    KnownNetwork.objects.update(seen=timezone.now())
    alice.set_password("alice-and-her-8-cats")
    alice.save()
    answer = attempt(client, password="alice-and-her-8-cats", REMOTE_ADDR=HOME)
    assert answer.status_code == 429


def test_account_keeps_few_networks_and_no_address(client, alice, settings):
    settings.LOGIN_NAME_RATE = "100/h"
    for number in range(known.MOST + 3):
        answer = attempt(client, password=CATS, REMOTE_ADDR=f"192.0.2.{number}")
        assert answer.status_code == 302
    assert KnownNetwork.objects.count() == known.MOST
    assert known.is_known("alice", "192.0.2.22")
    assert not known.is_known("alice", "192.0.2.0")
    assert not known.is_known("nobody", "192.0.2.22")
    assert "192.0.2" not in str(list(KnownNetwork.objects.values()))


def test_refused_attempt_raises_no_other_counter(client, dora, settings):
    settings.LOGIN_ADDRESS_RATE, settings.LOGIN_NAME_RATE = "4/m", "5/h"
    for number in range(4):
        assert attempt(client, f"name{number}", REMOTE_ADDR=STRANGE).status_code == 200
    for _ in range(20):
        assert attempt(client, "dora", REMOTE_ADDR=STRANGE).status_code == 429
    assert used("login-pair", f"{STRANGE}\0dora") == used("login-name", "dora") == 0
    # A name that is refused from this address does not use up the address's own limit either.
    for _ in range(9):
        attempt(client, "dora", REMOTE_ADDR="203.0.113.8")
    assert used("login-network", "203.0.113.8") == used("login-name", "dora") == 3
    assert attempt(client, "dora", KEYS, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_guessing_many_names_from_one_address_is_slowed_down(client, db, settings):
    settings.LOGIN_ADDRESS_RATE = "3/15m"
    for number in range(3):
        attempt(client, f"name{number}")
    response = attempt(client, "another")
    assert response.status_code == 429
    assert "from your network (3 in 15 minutes is the limit). Try again in" in errors(response)
    assert attempt(client, "further", REMOTE_ADDR="198.51.100.1").status_code == 200


def test_classroom_behind_one_address_logs_in(client, db, settings):
    settings.LOGIN_RATE = "10/m"  # the default, as of all others
    names = [f"pupil{number}" for number in range(60)]
    for name in names:
        User.objects.create_user(name, password=CATS)
    for number, name in enumerate(names):
        for _ in range(2 * (number % 3 == 0)):
            assert attempt(client, name, REMOTE_ADDR=HOME).status_code == 200
        assert attempt(client, name, CATS, REMOTE_ADDR=HOME).status_code == 302


def test_addresses_of_one_ipv6_network_count_as_one(client, db, settings):
    settings.LOGIN_ADDRESS_RATE = "3/m"
    for number in range(3):
        attempt(client, f"name{number}", REMOTE_ADDR=f"2001:db8::{number}")
    assert attempt(client, "another", REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert attempt(client, "further", REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


def test_a_made_up_forwarding_header_changes_nothing(client, db):
    for number in range(3):
        attempt(client, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    assert attempt(client, HTTP_X_FORWARDED_FOR="192.0.2.99").status_code == 429


def test_behind_a_proxy_only_what_the_proxy_wrote_counts(client, db, settings):
    settings.TRUST_PROXY = True
    for number in range(3):
        attempt(client, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, 203.0.113.5")
    assert attempt(client, HTTP_X_FORWARDED_FOR="192.0.2.9, 203.0.113.5").status_code == 429
    assert attempt(client, HTTP_X_FORWARDED_FOR="203.0.113.6").status_code == 200


def test_million_names_neither_fill_memory_nor_reset_a_counter(db, settings, monkeypatch):
    monkeypatch.setattr(counters, "BUCKETS", 64)
    settings.CACHES = {
        alias: options | {"OPTIONS": {"MAX_ENTRIES": 128}}
        for alias, options in settings.CACHES.items()
    }
    settings.LOGIN_NAME_RATE = "1000/h"
    before = used("login-name", "dora")
    for number in range(600):
        login_wait(request_from(f"10.0.{number >> 8}.{number & 255}"), f"name{number}")
    kinds = ("login-pair", "login-network", "login-name")
    assert all(0 < len(caches[kind]._cache) <= 64 for kind in kinds)
    assert used("login-name", "dora") >= before


def test_the_log_in_page_knows_whether_sign_up_is_open(client, settings, db):
    assert client.get("/accounts/login/").context["signup_open"] is True
    settings.SIGNUP_OPEN = False
    assert client.get("/accounts/login/").context["signup_open"] is False


def test_logging_in_needs_the_csrf_token(alice):
    client = Client(enforce_csrf_checks=True)
    assert attempt(client, password="alice-and-her-9-cats").status_code == 403


def test_logging_out_ends_the_session_and_only_by_post(client, alice):
    client.force_login(alice)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").url == reverse("login")
    assert "_auth_user_id" not in client.session


def test_every_page_asks_strangers_to_log_in(client, db):
    assert client.get("/").url == "/accounts/login/?next=/"


def test_a_log_in_leads_nowhere_but_to_this_site(client, alice):
    response = client.post(
        "/accounts/login/?next=https://elsewhere.example/",
        {"username": "alice", "password": "alice-and-her-9-cats"},
    )
    assert response.url == reverse("ide")


def test_network_has_one_password_checked_at_a_time(transactional_db, settings, monkeypatch):
    settings.LOGIN_RATE = "100/m"
    User.objects.create_user("alice", password=CATS)
    here, most = [], [0]
    check = ModelBackend.authenticate

    def slow(self, request, **credentials):
        here.append(1)
        most[0] = max(most[0], len(here))
        time.sleep(0.1)  # for a second one, which does not come
        here.pop()
        return check(self, request, **credentials)

    monkeypatch.setattr(ModelBackend, "authenticate", slow)

    def log_in():
        attempt(Client(), REMOTE_ADDR=HOME)
        connections.close_all()

    threads = [threading.Thread(target=log_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == [1]
