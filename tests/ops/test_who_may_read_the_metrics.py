"""Metrics tell who does what and how much: they are for Prometheus, and for nobody else."""

import pytest

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-many-characters"


def status(client, *, address="127.0.0.1", **headers):
    return client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_without_a_token_this_machine_itself_may(client, address):
    assert status(client, address=address) == 200


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "", "localhost"])
def test_without_a_token_nobody_else_may(client, address):
    assert status(client, address=address) == 403


@pytest.mark.parametrize(
    "name",
    ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"],
)
def test_what_came_through_a_proxy_is_not_this_machine_itself(client, name):
    assert status(client, **{name: "127.0.0.1"}) == 403


def test_where_a_proxy_is_trusted_no_address_counts(client, settings):
    settings.TRUST_PROXY = True
    assert status(client) == 403


def test_with_a_token_whoever_sends_it_may_from_anywhere(client, settings):
    settings.METRICS_TOKEN, settings.TRUST_PROXY = TOKEN, True
    assert status(client, address="192.0.2.7", Authorization=f"Bearer {TOKEN}") == 200


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ü"]
)
def test_with_a_token_another_word_opens_nothing_even_on_this_machine(client, settings, sent):
    settings.METRICS_TOKEN = TOKEN
    assert status(client, Authorization=sent) == 403


def test_an_administrator_is_no_exception(client, dora):
    client.force_login(dora)
    assert status(client, address="192.0.2.7") == 403


def test_the_refusal_says_what_to_do(client):
    answer = client.get("/metrics", REMOTE_ADDR="192.0.2.7")
    assert "METRICS_TOKEN" in answer.content.decode()


def test_with_https_prometheus_is_not_sent_to_the_proxy(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/accounts/login/").status_code == 301
    assert status(client) == 200


def test_nothing_keeps_a_copy(client):
    assert "no-store" in client.get("/metrics").headers["Cache-Control"]
