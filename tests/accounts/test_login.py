import pytest
from django.test import Client
from django.urls import reverse

DOORS = ["/accounts/login/", "/admin/login/"]


def attempt(client, username="alice", password="wrong", door="/accounts/login/", **extra):
    return client.post(door, {"username": username, "password": password}, **extra)


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
    assert "Too many attempts to log in. Please try again in" in errors(response)
    assert "_auth_user_id" not in client.session


def test_the_answer_says_how_long_to_wait(client, alice):
    for _ in range(3):
        assert attempt(client).status_code == 200
    response = attempt(client)
    assert response.status_code == 429
    wait = int(response.headers["Retry-After"])
    assert 1 <= wait <= 60
    assert f"in {wait} second" in errors(response)


def test_both_doors_count_together(client, dora):
    for door in (*DOORS, DOORS[0]):
        attempt(client, "dora", door=door)
    for door in DOORS:
        assert "Too many" in errors(attempt(client, "dora", door=door))


def test_guessing_one_name_from_many_addresses_is_slowed_down(client, alice):
    for last in range(3):
        attempt(client, REMOTE_ADDR=f"192.0.2.{last}")
    for spelling in ("alice", "ALICE", "ａｌｉｃｅ"):
        response = attempt(client, spelling, REMOTE_ADDR="198.51.100.1")
        assert response.status_code == 429


def test_guessing_many_names_from_one_address_is_slowed_down(client, db):
    for number in range(3):
        attempt(client, f"name{number}")
    assert attempt(client, "another").status_code == 429
    assert attempt(client, "further", REMOTE_ADDR="198.51.100.1").status_code == 200


def test_the_addresses_of_one_ipv6_network_count_as_one(client, db):
    for number in range(3):
        attempt(client, f"name{number}", REMOTE_ADDR=f"2001:db8::{number}")
    assert attempt(client, "another", REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert attempt(client, "further", REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


def test_a_made_up_forwarding_header_changes_nothing(client, db):
    for number in range(3):
        attempt(client, f"name{number}", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    assert attempt(client, "another", HTTP_X_FORWARDED_FOR="192.0.2.99").status_code == 429


def test_behind_a_proxy_only_what_the_proxy_wrote_counts(client, db, settings):
    settings.TRUST_PROXY = True
    for number in range(3):
        attempt(client, f"name{number}", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, 203.0.113.5")
    assert (
        attempt(client, "another", HTTP_X_FORWARDED_FOR="192.0.2.9, 203.0.113.5").status_code == 429
    )
    assert attempt(client, "further", HTTP_X_FORWARDED_FOR="203.0.113.6").status_code == 200


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
