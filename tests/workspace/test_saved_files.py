"""Files are saved, moved and deleted, and two tabs do not overwrite each other."""

import pytest

from tests.workspace.browsers import address, sha256


def save(browser, made, path, text, **headers):
    return browser.ask("PUT", address(made, f"files/{path}"), text.encode(), **headers)


def since(text):
    return {"If-Match": f'"{sha256(text)}"'}


@pytest.fixture
def made(of_alice):
    return of_alice.make("Tabs", {"main.c": "one", "src/net.c": "net", "src/net.h": "head"})


def test_a_file_is_saved_byte_for_byte(of_alice, made):
    content = bytes(range(256))
    answer = of_alice.ask("PUT", address(made, "files/data/all.bin"), content)
    assert answer.json()["size"] == 256
    read = of_alice.get(address(made, "files/data/all.bin"))
    assert read.content == content
    assert read.headers["ETag"] == f'"{answer.json()["sha256"]}"'
    assert of_alice.texts(made)["data/all.bin"] is None


def test_a_file_is_given_out_as_something_that_no_browser_shows(of_alice, made):
    save(of_alice, made, "page.html", "<script>alert(1)</script>")
    answer = of_alice.get(address(made, "files/page.html"))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="page.html"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_this_tab_started_from_can_be_overwritten(of_alice, made):
    assert save(of_alice, made, "main.c", "two", **since("one")).status_code == 200
    assert of_alice.texts(made)["main.c"] == "two"


def test_what_another_tab_saved_is_not_overwritten_and_is_shown(of_alice, made):
    save(of_alice, made, "main.c", "theirs", **since("one"))
    answer = save(of_alice, made, "main.c", "mine", **since("one"))
    assert answer.status_code == 412
    assert answer.json()["error"]["code"] == "changed-elsewhere"
    assert answer.json()["current"] == {
        "path": "main.c",
        "size": 6,
        "sha256": sha256("theirs"),
        "text": "theirs",
    }
    assert of_alice.texts(made)["main.c"] == "theirs"


def test_saving_again_what_was_saved_is_no_conflict(of_alice, made):
    save(of_alice, made, "main.c", "two", **since("one"))
    assert save(of_alice, made, "main.c", "two", **since("one")).status_code == 200


def test_a_file_that_another_tab_deleted_does_not_come_back_unseen(of_alice, made):
    of_alice.ask("DELETE", address(made, "files/main.c"))
    answer = save(of_alice, made, "main.c", "two", **since("one"))
    assert (answer.status_code, answer.json()["current"]) == (412, None)
    assert "main.c" not in of_alice.texts(made)


def test_a_new_file_does_not_overwrite_one_that_is_there(of_alice, made):
    new = {"If-None-Match": "*"}
    assert save(of_alice, made, "new.c", "new", **new).status_code == 200
    assert save(of_alice, made, "main.c", "new", **new).status_code == 412
    assert of_alice.texts(made)["main.c"] == "one"


def test_a_file_is_not_deleted_if_it_changed_meanwhile(of_alice, made):
    save(of_alice, made, "main.c", "two")
    path = address(made, "files/main.c")
    assert of_alice.ask("DELETE", path, **since("one")).status_code == 412
    assert of_alice.ask("DELETE", path, **since("two")).status_code == 204
    assert of_alice.ask("DELETE", path).status_code == 404


def test_the_project_finds_another_main_file_or_has_none(of_alice, made):
    of_alice.ask("DELETE", address(made, "files/main.c"))
    assert of_alice.project(made)["main"] == "src/net.c"
    of_alice.ask("DELETE", address(made, "files/src/net.c"))
    assert of_alice.project(made)["main"] == ""
    save(of_alice, made, "again.c", "")
    assert of_alice.project(made)["main"] == "again.c"


def test_a_file_and_a_folder_can_be_renamed(of_alice, made):
    of_alice.ask("POST", address(made, "move/"), {"from": "main.c", "to": "start.c"})
    answer = of_alice.ask("POST", address(made, "move/"), {"from": "src", "to": "lib/deep"})
    assert answer.json()["main"] == "start.c"
    assert of_alice.texts(made) == {
        "start.c": "one",
        "lib/deep/net.c": "net",
        "lib/deep/net.h": "head",
    }


@pytest.mark.parametrize(
    ("old", "new", "status", "code"),
    [
        ("main.c", "src/net.c", 409, "exists"),
        ("src", "src/inner", 400, "bad-name"),
        ("main.c", "src", 400, "bad-name"),
        ("main.c", "../main.c", 400, "bad-name"),
        ("main.c", "-x.c", 400, "bad-name"),
        ("src", "a" * 250, 400, "bad-name"),
        ("nothing", "something", 404, "not-found"),
        ("", "x", 404, "not-found"),
        ("main.c\0", "x", 404, "not-found"),
    ],
)
def test_a_move_that_cannot_be_moves_nothing(of_alice, made, old, new, status, code):
    before = of_alice.texts(made)
    answer = of_alice.ask("POST", address(made, "move/"), {"from": old, "to": new})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert of_alice.texts(made) == before


def test_a_folder_moves_up_though_it_holds_one_of_its_own_name(of_alice):
    made = of_alice.make("Nested", {"main.c": "", "a/b/x.h": "outer", "a/b/b/x.h": "inner"})
    answer = of_alice.ask("POST", address(made, "move/"), {"from": "a/b", "to": "a"})
    assert answer.status_code == 200
    assert of_alice.texts(made) == {"main.c": "", "a/x.h": "outer", "a/b/x.h": "inner"}


@pytest.mark.parametrize(
    "path",
    [
        *("-main.c", "@file", "a//b", "./a", "src", "main.c/x", "a.gch", "%2e%2e/a.c"),
        *("%2Fetc/passwd", "a%09b", "x" * 201, "caf%65%CC%81.c"),
    ],
)
def test_a_name_that_no_submission_could_have_is_refused_when_it_is_saved(of_alice, made, path):
    before = of_alice.texts(made)
    answer = save(of_alice, made, path, "x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad-name")
    assert of_alice.texts(made) == before


def test_no_database_is_asked_for_a_name_with_a_nul(of_alice, made):
    for method in ("GET", "PUT", "DELETE"):
        assert of_alice.ask(method, address(made, "files/a%00b")).status_code == 404


@pytest.mark.parametrize("rest", ["nowhere/", "files/a%0Ab", "files/"])
def test_an_address_that_does_not_exist_says_so_in_json(of_alice, made, rest):
    answer = of_alice.get(address(made, rest))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    ("path", "limits", "code"),
    [
        ("big.c", {"source_bytes": 100}, "code-size"),
        ("big.data", {"data_bytes": 100}, "data-size"),
        ("one-more.c", {"file_count": 3}, "file-count"),
    ],
)
def test_what_could_not_be_run_cannot_be_saved(of_alice, made, settings, path, limits, code):
    settings.LIMITS = settings.LIMITS.with_overrides(limits)
    answer = save(of_alice, made, path, "x" * 101)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, code)
    assert "Nothing was changed" in answer.json()["error"]["message"]
    assert path not in of_alice.texts(made)


def test_all_projects_and_shares_of_a_person_have_a_limit_together(of_alice, of_bob, settings):
    settings.WORKSPACE_BYTES = 1000
    first = of_alice.make("first", {"a.data": "x" * 400})
    second = of_alice.make("second", {"a.data": "x" * 400})
    answer = save(of_alice, second, "b.data", "x" * 300)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "workspace-size")
    shared = of_alice.ask("POST", address(first, "shares/"), {"days": None})
    assert (shared.status_code, shared.json()["error"]["code"]) == (413, "workspace-size")
    assert save(of_alice, second, "a.data", "y" * 400).status_code == 200
    assert of_bob.make("theirs", {"a.data": "x" * 900})


def test_a_body_over_the_limit_is_not_even_read(of_alice, made, settings):
    settings.LARGEST_BODY = 1000
    answer = save(of_alice, made, "x.data", "x" * 1001)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body-size")


def test_a_file_larger_than_any_may_be_is_refused(of_alice, made, settings):
    settings.LIMITS = settings.LIMITS.with_overrides({"source_bytes": 10, "data_bytes": 20})
    answer = save(of_alice, made, "x.data", "x" * 21)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body-size")
