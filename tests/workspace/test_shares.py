"""A share is a snapshot behind a link: read-only, ending, revocable, to be forked."""

import logging
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from audit import recorder
from audit.models import Pause, Violation
from tests.workspace.browsers import Browser, address
from workspace.models import Project, Share

FILES = {"main.c": "int main(void) { return 0; }\n", "data/x.data": "<b>1</b>\n"}


def shared(browser, made, days=7):
    answer = browser.ask("POST", address(made, "shares/"), {"days": days})
    assert answer.status_code == 201, answer.content
    return answer.json()


def page(share):
    return f"/s/{share['token']}/"


def test_a_share_shows_the_files_as_they_were(of_alice, of_bob):
    made = of_alice.make("XOR", FILES)
    share = shared(of_alice, made)
    of_alice.ask("PUT", address(made, "files/main.c"), b"changed")
    assert share["url"].endswith(page(share))
    text = of_bob.get(page(share)).content.decode()
    assert "int main(void)" in text
    assert "changed" not in text
    assert "Shared by alice" in text
    assert re.search(r"the link works until <time [^>]*>[-\d]+ [:\d]+ UTC</time>", text)


def test_what_is_shown_is_inert(of_alice, of_bob):
    share = shared(of_alice, of_alice.make("<i>name</i>", FILES | {"a.txt": "a\u202eb\n"}))
    text = of_bob.get(page(share)).content.decode()
    assert "&lt;b&gt;1&lt;/b&gt;" in text
    assert "<i>name</i>" not in text
    assert "a\\u202eb" in text


def test_a_file_that_is_no_text_is_named_but_not_shown(of_alice):
    made = of_alice.make("binary", FILES)
    of_alice.ask("PUT", address(made, "files/picture.pgm"), b"\xff\xfe\x00")
    text = of_alice.get(page(shared(of_alice, made))).content.decode()
    assert "picture.pgm" in text
    assert "it is not text" in text


def test_of_a_large_share_as_much_is_shown_as_a_page_bears(of_alice):
    lines = {f"d{n:02}.data": f"line of {n:02}\n" * 2000 for n in range(50)}
    made = of_alice.make("large", FILES | lines | {"long.txt": "x" * 600_000})
    answer = of_alice.get(page(shared(of_alice, made)))
    text = answer.content.decode()
    assert "int main(void)" in text
    assert text.count("<span>line of") == 3000 - 1
    assert "1001 more lines are not shown here" in text
    assert text.count("2000 lines are not shown here") == 48
    assert "1 line is not shown here" in text
    assert len(answer.content) < 250_000


def test_a_line_too_long_for_the_page_is_not_cut(of_alice):
    made = of_alice.make("long", {"main.c": "int one;\n" + "x" * 600_000 + "\nint three;\n"})
    text = of_alice.get(page(shared(of_alice, made))).content.decode()
    assert "int one;" in text
    assert "2 more lines are not shown here" in text
    assert "xxx" not in text


def test_no_browser_and_no_proxy_keeps_a_page(of_alice):
    share = shared(of_alice, of_alice.make("XOR", FILES))
    for address_ in (page(share), "/statistics/"):
        assert "no-store" in of_alice.get(address_).headers["Cache-Control"]


def test_who_is_not_logged_in_is_asked_to_and_comes_back(of_alice, of_nobody):
    share = shared(of_alice, of_alice.make())
    answer = of_nobody.get(page(share))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/accounts/login/?next={page(share)}"


def test_where_shares_are_public_the_link_is_enough(of_alice, of_nobody, settings):
    settings.SHARES_PUBLIC = True
    share = shared(of_alice, of_alice.make("Open to all"))
    assert "Open to all" in of_nobody.get(page(share)).content.decode()
    forking = of_nobody.ask("POST", f"{page(share)}fork/")
    assert forking.headers["Location"] == f"/accounts/login/?next={page(share)}"


def test_a_fork_is_a_project_of_ones_own(of_alice, of_bob, bob):
    made = of_alice.make("XOR", FILES, args=["500"], stdin="7")
    share = shared(of_alice, made)
    answer = of_bob.ask("POST", f"{page(share)}fork/")
    copy = Project.objects.get(owner=bob)
    assert answer.headers["Location"] == f"/?project={copy.pk}"
    project = of_bob.project({"id": str(copy.pk)})
    assert of_bob.texts(project) == FILES
    assert (project["name"], project["args"], project["stdin"]) == ("XOR (copy)", ["500"], "7")
    of_bob.ask("PUT", address(project, "files/main.c"), b"mine")
    assert of_alice.texts(made) == FILES


def test_a_fork_that_does_not_fit_says_why(of_alice, of_bob, settings):
    share = shared(of_alice, of_alice.make("big", FILES))
    of_bob.make()
    settings.PROJECTS_PER_USER = 1
    answer = of_bob.ask("POST", f"{page(share)}fork/")
    assert answer.status_code == 413
    assert "You have 1 projects, the limit" in answer.content.decode()


def expired(share, alice):
    Share.objects.update(expires=timezone.now() - timedelta(seconds=1))


def closed(share, alice):
    alice.is_active = False
    alice.save()


def gone(share, alice):
    alice.delete()


def paused(share, alice):
    record = recorder.began(
        execution_id=uuid4(),
        user=alice,
        door="page",
        remote_address="",
        user_agent="",
        server="",
        sources={"main.c": b""},
        data_files={},
        main="main.c",
        args=[],
        code_hash="",
        interactive=False,
        validated=True,
        limits={},
        options={},
        project=None,
    )
    why = Violation.objects.create(execution=record, category="repeated_violations", rule="x")
    Pause.objects.create(
        user=alice,
        username="alice",
        violation=why,
        reason="",
        until=timezone.now() + timedelta(hours=1),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [expired, closed, gone, paused])
def test_a_share_that_ended_answers_as_one_that_never_was(of_alice, of_bob, alice, end):
    share = shared(of_alice, of_alice.make())
    assert of_bob.get(page(share)).status_code == 200
    end(share, alice)
    ended, never = of_bob.get(page(share)), of_bob.get("/s/never-was/")
    assert ended.status_code == never.status_code == 404
    assert of_bob.ask("POST", f"{page(share)}fork/").status_code == 404


def test_a_revoked_share_is_gone(of_alice, of_bob):
    made = of_alice.make()
    share, other = shared(of_alice, made), shared(of_alice, made, None)
    assert of_alice.ask("DELETE", f"/api/shares/{share['token']}/").status_code == 204
    assert of_bob.get(page(share)).status_code == 404
    assert of_alice.get(address(made, "shares/")).json() == {"shares": [other]}


def test_a_share_goes_with_its_project(of_alice, of_bob):
    made = of_alice.make()
    share = shared(of_alice, made)
    of_alice.ask("DELETE", address(made))
    assert of_bob.get(page(share)).status_code == 404


def test_nobody_else_shares_lists_or_revokes(of_alice, of_bob, dora):
    made = of_alice.make()
    share = shared(of_alice, made)
    for other in (of_bob, Browser(dora)):
        assert other.ask("POST", address(made, "shares/"), {"days": 1}).status_code == 404
        assert other.get(address(made, "shares/")).status_code == 404
        assert other.ask("DELETE", f"/api/shares/{share['token']}/").status_code == 404
    assert of_bob.get(page(share)).status_code == 200


def test_one_share_too_many_says_what_the_limit_is(of_alice, settings):
    settings.SHARES_PER_PROJECT = 1
    made = of_alice.make()
    shared(of_alice, made)
    answer = of_alice.ask("POST", address(made, "shares/"), {"days": 1})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "share-count")


@pytest.mark.parametrize("days", [0, -1, 366, 1.5, "7", True])
def test_days_that_make_no_sense_share_nothing(of_alice, days):
    made = of_alice.make()
    answer = of_alice.ask("POST", address(made, "shares/"), {"days": days})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad-field")
    assert of_alice.get(address(made, "shares/")).json() == {"shares": []}


def test_the_log_says_that_a_share_was_read_and_not_how(of_alice, of_bob):
    share = shared(of_alice, of_alice.make())
    console = logging.getLogger().handlers[0]
    records = []
    console.emit, emit = (lambda record: records.append(console.format(record))), console.emit
    try:
        of_bob.get(page(share))
        of_bob.get(f"/s/{share['token']}x/")
        of_bob.ask("DELETE", f"/api/shares/{share['token']}/")
    finally:
        console.emit = emit
    assert any("was read by" in line for line in records)
    assert share["token"] not in "".join(records)
    assert any("/s/…" in line for line in records)


def test_a_share_that_is_revoked_while_it_is_copied_makes_no_empty_project(of_alice, of_bob):
    share = shared(of_alice, of_alice.make("XOR", FILES))
    revoking = [lambda: Share.objects.all().delete()]

    def meanwhile(execute, sql, params, many, context):
        if revoking and 'FROM "workspace_sharedfile"' in sql:
            revoking.pop()()
        return execute(sql, params, many, context)

    form = {"csrfmiddlewaretoken": of_bob.token}
    with connection.execute_wrapper(meanwhile):
        answer = of_bob.client.post(f"{page(share)}fork/", form)
    assert not revoking
    assert answer.status_code == 404
    assert not Project.objects.filter(owner__username="bob").exists()
