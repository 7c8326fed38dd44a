"""The site's pages as a browser gets them from the real server."""

import re

import pytest

from tests.service.serving import Person

pytestmark = pytest.mark.docker

STRICT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ADDRESSES = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/admin/",
    "/admin/audit/execution/",
    "/static/dist/ide.js",
    "/static/admin/css/base.css",
    "/static/nothing.js",
    "/nowhere/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_tells_the_browser_to_be_strict(dora, address):
    answer = dora.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert {name: answer.headers.get(name) for name in STRICT} == STRICT
    for directive in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
        assert directive in policy
    scripts = re.search(r"script-src ([^;]+)", policy)[1].split()
    assert set(scripts) == {"'self'"}


def test_no_answer_names_the_software_behind_it(alice):
    assert alice.get("/").headers.get("Server", "cloister") == "cloister"
    assert "X-Powered-By" not in alice.get("/").headers


@pytest.mark.parametrize("address", ["/", "/admin/", "/admin/audit/violation/"])
def test_a_stranger_gets_a_log_in_page_and_nothing_else(stranger, address):
    answer = stranger.get(address)
    assert "/login/" in answer.url
    assert 'name="password"' in answer.text


def test_the_page_has_its_scripts_and_they_are_served(alice):
    page = alice.get("/").text
    scripts = re.findall(r'<script[^>]+src="([^"]+)"', page)
    assert scripts
    for script in scripts:
        answer = alice.get(script)
        assert answer.status_code == 200
        assert "javascript" in answer.headers["Content-Type"]
    for attributes in re.findall(r"<script([^>]*)>", page):
        assert 'src="/static/' in attributes or 'type="application/json"' in attributes


@pytest.mark.parametrize(
    "path", ["/static/dist/../../manage.py", "/static/dist/%2e%2e/%2e%2e/manage.py", "/static//etc"]
)
def test_no_file_but_the_pages_own_is_served(stranger, server, path):
    answer = stranger.web.get(server.origin + path, allow_redirects=False)
    assert answer.status_code in (302, 404)
    assert "DJANGO_SETTINGS_MODULE" not in answer.text


def test_the_admin_is_for_staff_only(alice, dora):
    for address in ("/admin/", "/admin/audit/execution/", "/admin/auth/user/"):
        assert dora.get(address).url == dora.server.origin + address
        refused = alice.get(address)
        assert "/admin/login/" in refused.url
        assert "not authorized" in refused.text


def test_signing_up_logs_in_and_the_new_account_can_open_the_socket(server):
    erin = Person(server, "erin")
    password = "erin-and-her-9-fish"
    answer = erin.submit(
        "/accounts/signup/", username="erin", password1=password, password2=password
    )
    assert answer.url == f"{server.origin}/"
    with erin.socket() as socket:
        assert socket.answer("{}")["code"] == "unknown-type"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(server):
    alice = Person(server, "alice").log_in()
    for cookie in alice.web.cookies:
        assert cookie.has_nonstandard_attr("HttpOnly"), cookie.name
        assert cookie.get_nonstandard_attr("SameSite") == "Lax", cookie.name


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/logout/", "/accounts/signup/"])
def test_a_form_on_another_site_changes_nothing(server, path):
    alice = Person(server, "alice").log_in()
    token = alice.web.cookies["csrftoken"]
    bare = alice.web.post(server.origin + path, {"username": "x"})
    foreign = alice.web.post(
        server.origin + path,
        {"csrfmiddlewaretoken": token},
        headers={"Origin": "https://evil.example"},
    )
    assert bare.status_code == foreign.status_code == 403
    assert "/login/" not in alice.get("/").url


def test_a_get_logs_nobody_out(server):
    alice = Person(server, "alice").log_in()
    assert alice.get("/accounts/logout/").status_code == 405
    assert "/login/" not in alice.get("/").url


def test_a_host_that_is_not_ours_gets_no_page(stranger):
    answer = stranger.get("/accounts/login/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_errors_tell_nothing_of_the_machine(dora):
    answer = dora.get("/nowhere/<script>alert(1)</script>")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert "Traceback" not in answer.text
    assert "site-packages" not in answer.text


def test_a_form_of_many_megabytes_is_refused_before_it_is_read(stranger):
    answer = stranger.submit("/accounts/login/", username="x" * 20_000_000, password="y")
    assert answer.status_code in (400, 413)


def test_a_record_is_shown_to_its_person_and_to_the_admin_and_to_nobody_else(alice, bob, dora):
    source = '#include <stdio.h>\nint main() { puts("<b>mine</b>"); return 3; }\n'
    with alice.socket() as socket:
        execution_id = socket.run(source)[0]["execution_id"]
    page = f"/executions/{execution_id}/"
    for person in (alice, dora):
        shown = person.get(page)
        assert shown.status_code == 200
        assert "exit code 3" in shown.text
        assert "&lt;b&gt;mine&lt;/b&gt;" in shown.text
        assert "<b>mine" not in shown.text
    unknown = "/executions/00000000-0000-4000-8000-000000000000/"
    assert bob.get(page).status_code == bob.get(unknown).status_code == 404
    assert "not yours to see" in bob.get(page).text
