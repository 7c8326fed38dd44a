"""The trash keeps deleted and overwritten files within the quota, and restores them."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from executor.management.commands import maintain
from tests.workspace.browsers import Browser, address, sha256
from tests.workspace.test_archives import archive, named
from workspace.models import File, Project, TrashedFile


def listed(browser):
    return browser.get("/api/trash/").json()


def restore(browser, **what):
    return browser.ask("POST", "/api/trash/restore/", {name: str(v) for name, v in what.items()})


@pytest.fixture
def made(of_alice):
    return of_alice.make("Nets", {"main.c": "one", "a.h": "header"})


@pytest.fixture
def upload(of_alice, made):
    return lambda *files, **form: of_alice.upload(address(made, "upload/"), *files, **form)


def test_upload_that_must_not_overwrite_lists_what_would_change(of_alice, made, upload):
    packed = archive(("main.c", "longer"), ("a.h", "header"), ("new.c", "x"))
    answer = upload(packed, overwrite="no")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "exists")
    assert answer.json()["changes"] == [{"path": "main.c", "size": 3, "new_size": 6}]
    assert answer.json()["added"] == ["new.c"]
    assert of_alice.texts(made) == {"main.c": "one", "a.h": "header"}
    assert upload(named("b.h", b"b"), overwrite="no").status_code == 200
    assert upload(named("c.h", b"c"), overwrite="maybe").status_code == 400


def test_undo_of_an_upload_restores_and_removes_what_it_changed(of_alice, made, upload):
    change = upload(named("main.c", b"two"), named("new.c", b"n"), named("kept.c", b"k")).json()[
        "change"
    ]
    assert (change["added"], change["overwritten"]) == (["kept.c", "new.c"], ["main.c"])
    of_alice.ask("PUT", address(made, "files/kept.c"), b"edited", **{"If-Match": sha256("k")})
    assert restore(of_alice, change=change["id"]).status_code == 200
    # What was edited since then stays, and nothing is lost.
    assert of_alice.texts(made) == {"main.c": "one", "a.h": "header", "kept.c": "edited"}
    assert {file["path"] for file in listed(of_alice)["files"]} == {"main.c", "new.c"}
    assert restore(of_alice, change=change["id"]).status_code == 404


def test_undo_may_leave_a_project_empty(of_alice):
    made = of_alice.make("Empty", {"main.c": "x"})
    of_alice.ask("DELETE", address(made, "files/main.c"))
    change = of_alice.upload(address(made, "upload/"), named("a.c", b"a")).json()["change"]
    assert restore(of_alice, change=change["id"]).json()["files"] == []


def test_deleted_file_is_restored_and_replaces_nothing_for_good(of_alice, made):
    of_alice.ask("DELETE", address(made, "files/a.h"))
    of_alice.ask("PUT", address(made, "files/a.h"), b"newer", **{"If-None-Match": "*"})
    (item,) = listed(of_alice)["files"]
    assert (item["path"], item["reason"], item["size"]) == ("a.h", "deleted", 6)
    assert item["project"] == {"id": made["id"], "name": "Nets"}
    restore(of_alice, file=item["id"])
    assert of_alice.texts(made)["a.h"] == "header"
    (item,) = listed(of_alice)["files"]
    assert item["reason"] == "overwritten"
    restore(of_alice, file=item["id"])
    assert of_alice.texts(made)["a.h"] == "newer"


def test_only_unconditional_saves_fill_the_trash(of_alice, made):
    of_alice.ask("PUT", address(made, "files/a.h"), b"2", **{"If-Match": sha256("header")})
    assert listed(of_alice)["files"] == []
    of_alice.ask("PUT", address(made, "files/a.h"), b"3")
    assert [file["size"] for file in listed(of_alice)["files"]] == [1]


def test_deleted_project_comes_back_with_its_files_and_without_its_shares(of_alice, made):
    of_alice.ask("DELETE", address(made, "files/a.h"))
    share = of_alice.ask("POST", address(made, "shares/"), {"days": None}).json()
    of_alice.ask("DELETE", address(made))
    assert of_alice.get(address(made)).status_code == 404
    assert of_alice.get(f"/s/{share['token']}/").status_code == 404
    trash = listed(of_alice)
    assert trash["files"] == []
    assert [(one["id"], one["files"], one["bytes"]) for one in trash["projects"]] == [
        (made["id"], 1, 3)
    ]
    assert restore(of_alice, project=made["id"]).status_code == 200
    assert of_alice.texts(made) == {"main.c": "one"}
    assert of_alice.get(f"/s/{share['token']}/").status_code == 404
    assert [file["path"] for file in listed(of_alice)["files"]] == ["a.h"]


def test_restoring_a_project_obeys_the_limit_of_projects(of_alice, made, settings):
    of_alice.ask("DELETE", address(made))
    of_alice.make("Another")
    settings.PROJECTS_PER_USER = 1
    assert restore(of_alice, project=made["id"]).json()["error"]["code"] == "project-count"


def test_users_cannot_reach_the_trash_of_others(of_alice, of_bob, of_nobody, dora, made, upload):
    change = upload(named("main.c", b"two")).json()["change"]["id"]
    (item,) = listed(of_alice)["files"]
    gone = of_alice.make("Gone")
    of_alice.ask("DELETE", address(gone))
    for browser in (of_bob, Browser(dora)):
        assert listed(browser) == {"days": 30, "files": [], "projects": []}
        browser.ask("DELETE", "/api/trash/")
        for what in ({"change": change}, {"file": item["id"]}, {"project": gone["id"]}):
            theirs = restore(browser, **what)
            nowhere = restore(browser, **{next(iter(what)): uuid4()})
            assert theirs.status_code == nowhere.status_code == 404
            assert theirs.json() == nowhere.json()
    assert restore(of_nobody, file=item["id"]).status_code == 403
    assert of_nobody.get("/api/trash/").status_code == 403
    assert restore(of_alice, file=item["id"]).status_code == 200
    assert restore(of_alice, project=gone["id"]).status_code == 200


@pytest.mark.parametrize("body", [{}, {"file": "no-id"}, {"file": 3}, {"file": "x", "change": "y"}])
def test_a_request_that_names_nothing_restores_nothing(of_alice, body):
    answer = of_alice.ask("POST", "/api/trash/restore/", body)
    assert answer.status_code in (400, 404)


def test_the_trash_is_part_of_the_quota_and_gives_way_to_files(of_alice, made, settings):
    settings.WORKSPACE_BYTES = 1000
    gone = of_alice.make("Gone", {"main.c": "x" * 300})
    of_alice.ask("DELETE", address(gone))
    for number in range(5):
        of_alice.ask("PUT", address(made, "files/data.txt"), str(number).encode() * 300)
    kept = sum(TrashedFile.objects.values_list("size", flat=True))
    live = sum(File.objects.filter(project__deleted=None).values_list("size", flat=True))
    assert (kept, live) == (600, 309)
    assert not Project.objects.filter(pk=gone["id"]).exists()
    assert of_alice.ask("PUT", address(made, "files/more.txt"), b"y" * 650).status_code == 200
    assert listed(of_alice)["files"] == []
    answer = of_alice.ask("PUT", address(made, "files/most.txt"), b"y" * 100)
    assert answer.json()["error"]["code"] == "workspace-size"


def test_an_upload_that_the_trash_cannot_keep_offers_no_undo(of_alice, settings):
    settings.WORKSPACE_BYTES = 1000
    made = of_alice.make("Full", {"data.txt": "x" * 600})
    change = of_alice.upload(address(made, "upload/"), named("data.txt", b"y" * 600)).json()[
        "change"
    ]
    assert (change["id"], change["overwritten"]) == (None, ["data.txt"])


def test_the_trash_of_a_deleted_project_counts_too(of_alice, settings):
    settings.WORKSPACE_BYTES = 1000
    for _ in range(3):
        gone = of_alice.make("Gone", {"main.c": "x" * 10})
        of_alice.ask("PUT", address(gone, "files/main.c"), b"y" * 400)
        of_alice.ask("PUT", address(gone, "files/main.c"), b"z" * 10)
        of_alice.ask("DELETE", address(gone))
    assert sum(TrashedFile.objects.values_list("size", flat=True)) == 820


def test_the_trash_has_a_limited_number_of_files(of_alice, made, settings):
    settings.TRASH_ITEMS = 5
    for _ in range(4):
        gone = of_alice.make("Gone", {"main.c": "x"})
        of_alice.ask("DELETE", address(gone))
    assert len(listed(of_alice)["projects"]) == 2
    assert Project.objects.exclude(deleted=None).count() == 2


def test_maintenance_deletes_what_has_expired(of_alice, made, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(maintain, "STEPS", {"trash": maintain.STEPS["trash"]})
    gone = [of_alice.make(name, {"main.c": "x"}) for name in ("Old", "New")]
    for project in gone:
        of_alice.ask("DELETE", address(project))
    for path in ("a.h", "main.c"):
        of_alice.ask("DELETE", address(made, f"files/{path}"))
    old = timezone.now() - timedelta(days=31)
    TrashedFile.objects.filter(path="a.h").update(created=old)
    Project.objects.filter(pk=gone[0]["id"]).update(deleted=old)
    said = io.StringIO()
    call_command("maintain", stdout=said)
    assert "2 expired entries" in said.getvalue()
    trash = listed(of_alice)
    assert [file["path"] for file in trash["files"]] == ["main.c"]
    assert [project["name"] for project in trash["projects"]] == ["New"]
    assert of_alice.get(address(made)).status_code == 200


def test_zero_trash_days_keep_nothing(of_alice, made, upload, settings):
    settings.TRASH_DAYS = 0
    change = upload(named("main.c", b"two")).json()["change"]
    assert (change["id"], change["overwritten"]) == (None, ["main.c"])
    of_alice.ask("DELETE", address(made, "files/a.h"))
    of_alice.ask("DELETE", address(made))
    assert not TrashedFile.objects.exists()
    assert not Project.objects.exists()


def test_emptied_trash_leaves_nothing_behind(of_alice, made):
    gone = of_alice.make("Gone")
    of_alice.ask("DELETE", address(gone))
    of_alice.ask("DELETE", address(made, "files/a.h"))
    assert of_alice.ask("DELETE", "/api/trash/").status_code == 204
    assert not TrashedFile.objects.exists()
    assert [str(key) for key in Project.objects.values_list("pk", flat=True)] == [made["id"]]


def test_an_archive_becomes_a_project_of_its_own(of_alice):
    form = {"name": "From a zip"}
    answer = of_alice.upload("/api/projects/upload/", archive(("src/main.c", "int main;")), **form)
    assert answer.status_code == 201
    assert (answer.json()["name"], answer.json()["main"]) == ("From a zip", "src/main.c")
    assert of_alice.texts(answer.json()) == {"src/main.c": "int main;"}
    for bad in ({"name": ""}, {"name": "x" * 101}, {"name": "\0"}):
        assert (
            of_alice.upload("/api/projects/upload/", archive(("a", "")), **bad).status_code == 400
        )
    broken = of_alice.upload("/api/projects/upload/", named("a.zip", b"no archive"), **form)
    assert broken.json()["error"]["code"] == "bad-archive"
