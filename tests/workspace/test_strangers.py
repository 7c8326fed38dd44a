"""Nobody reaches what is not theirs: 404 alike for “not yours” and “not there”."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection

from tests.workspace.browsers import Browser, address
from workspace.models import File

PROJECT_REQUESTS = [
    ("GET", "", None),
    ("PATCH", "", {"name": "mine now"}),
    ("DELETE", "", None),
    ("GET", "files/main.c", None),
    ("PUT", "files/main.c", b"changed"),
    ("PUT", "files/new.c", b"new"),
    ("DELETE", "files/main.c", None),
    ("POST", "move/", {"from": "main.c", "to": "other.c"}),
    ("GET", "download/", None),
]


@pytest.mark.parametrize(("method", "rest", "body"), PROJECT_REQUESTS)
def test_anothers_project_answers_as_one_that_is_not_there(of_alice, of_bob, method, rest, body):
    made = of_alice.make()
    before = of_alice.project(made)
    theirs = of_bob.ask(method, address(made, rest), body)
    nowhere = of_bob.ask(method, f"/api/projects/{uuid4()}/{rest}", body)
    assert theirs.status_code == nowhere.status_code == 404
    assert theirs.json() == nowhere.json()
    assert of_alice.project(made) == before


def test_anothers_project_takes_no_upload(of_alice, of_bob, tmp_path):
    made = of_alice.make()
    (tmp_path / "x.data").write_text("1")
    with (tmp_path / "x.data").open("rb") as file:
        assert of_bob.upload(address(made, "upload/"), file).status_code == 404
    assert list(of_alice.texts(made)) == ["main.c"]


def test_an_administrator_reads_no_project_either(of_alice, dora):
    made = of_alice.make()
    of_dora = Browser(dora)
    assert of_dora.get(address(made)).status_code == 404
    assert of_dora.get("/api/projects/").json()["projects"] == []


def test_lists_hold_ones_own_only(of_alice, of_bob):
    of_alice.make()
    assert of_bob.get("/api/projects/").json()["projects"] == []


@pytest.mark.parametrize(("method", "rest", "body"), PROJECT_REQUESTS)
def test_who_is_not_logged_in_gets_an_error_in_json(of_alice, of_nobody, method, rest, body):
    made = of_alice.make()
    answer = of_nobody.ask(method, address(made, rest), body)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not-logged-in"


@pytest.mark.parametrize(
    ("method", "rest", "body"), [one for one in PROJECT_REQUESTS if one[0] != "GET"]
)
def test_a_request_without_the_pages_token_changes_nothing(of_alice, method, rest, body):
    made = of_alice.make()
    before = of_alice.project(made)
    of_alice.token = ""
    answer = of_alice.ask(method, address(made, rest), body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf")
    assert of_alice.project(made) == before


@pytest.mark.parametrize("rest", ["", "files/main.c", "download/", "shares/"])
def test_no_browser_keeps_what_it_was_given(of_alice, rest):
    assert of_alice.get(address(of_alice.make(), rest)).headers["Cache-Control"] == "no-store"


def test_a_closed_account_reaches_nothing(of_alice, alice):
    made = of_alice.make()
    alice.is_active = False
    alice.save()
    assert of_alice.get(address(made)).status_code in (403, 404)


@pytest.mark.parametrize("end", ["closed", "deleted"])
def test_an_account_that_ends_while_its_request_is_under_way_changes_nothing_any_more(
    of_alice, alice, end
):
    made = of_alice.make()
    of_her = User.objects.filter(pk=alice.pk)
    ending = [of_her.delete if end == "deleted" else lambda: of_her.update(is_active=False)]

    def meanwhile(execute, sql, params, many, context):
        if ending and sql.startswith("SAVEPOINT"):  # what a transaction is in a test's
            ending.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        answer = of_alice.ask("PUT", address(made, "files/main.c"), b"changed")
    assert not ending
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-logged-in")
    assert not File.objects.filter(content=b"changed").exists()


def test_a_method_that_means_nothing_here_is_refused(of_alice):
    assert of_alice.ask("PUT", "/api/projects/", {}).status_code == 405
