import logging
import sys

import pytest
from django.conf import settings as site
from django.core.management import call_command

from ideproject.logs import PlainFormatter


@pytest.mark.parametrize("address", ["/accounts/login/", "/admin/login/", "/nowhere/"])
def test_every_page_tells_the_browser_to_be_strict(client, db, address):
    headers = client.get(address).headers
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == policy["connect-src"] == "'self'"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client, alice):
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"username": "alice", "password": "alice-and-her-9-cats"})
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_websockets_come_with_runserver():
    apps = site.INSTALLED_APPS
    assert apps.index("daphne") < apps.index("django.contrib.staticfiles")


def test_the_site_passes_its_own_checks():
    call_command("check", "--fail-level", "WARNING")


def test_the_migrations_are_those_of_the_models(db):
    call_command("makemigrations", "--check", "--dry-run")


def log_line(message, *args, exc_info=None):
    record = logging.LogRecord("site", logging.INFO, "", 1, message, args, exc_info)
    return PlainFormatter().format(record)


def test_text_from_outside_cannot_forge_a_log_line():
    line = log_line("name %s", "x\r\n2026-01-01 CRITICAL forged\x1b[2J\u2028\u202e")
    assert "\\r\\n2026" in line
    assert line.isprintable()


def test_a_traceback_in_the_log_is_indented_throughout():
    try:
        raise ValueError("first\nsecond\x1b")
    except ValueError:
        lines = log_line("failed", exc_info=sys.exc_info()).split("\n")
    assert lines[0].endswith("failed")
    assert all(line.startswith("    ") and line.isprintable() for line in lines[1:])
    assert "    second\\x1b" in lines


PAGES_OF_ACCOUNTS = [
    *("/", "/accounts/", "/statistics/", "/admin/", "/admin/audit/execution/", "/nowhere/"),
    *("/api/projects/", "/api/examples/", "/api/executions/", "/api/nowhere/"),
]


@pytest.mark.parametrize("address", PAGES_OF_ACCOUNTS)
def test_responses_to_a_session_are_not_cached(client, dora, address):
    client.force_login(dora)
    assert "no-store" in client.get(address).headers["Cache-Control"]


def test_log_in_page_is_not_cached_and_files_of_the_page_are(client, alice):
    answer = client.post(
        "/accounts/login/", {"username": "alice", "password": "alice-and-her-9-cats"}
    )
    assert "no-store" in answer.headers["Cache-Control"]
    assert "no-store" not in client.get("/static/admin/css/base.css").headers["Cache-Control"]
