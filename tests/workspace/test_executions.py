"""What became of earlier runs: one's own records, their sources, and the way back to them."""

import pytest

from executor.outcome import Category, Outcome, OutputFile, Severity, Status, Violation
from tests.workspace.browsers import Browser, address
from tests.workspace.records import SOURCES, ran

pytestmark = pytest.mark.django_db(transaction=True)


def listed(browser, query=""):
    return browser.get(f"/api/executions/{query}").json()


def test_the_history_of_a_project_has_the_latest_first(of_alice, alice):
    made, other = of_alice.make(), of_alice.make()
    first, second = ran(alice, made, ago=2), ran(alice, made, ago=1)
    elsewhere = ran(alice, other)
    history = listed(of_alice, f"?project={made['id']}")
    assert [one["id"] for one in history["executions"]] == [second, first]
    assert history["next"] is None
    everything = [one["id"] for one in listed(of_alice)["executions"]]
    assert everything == [elsewhere, second, first]
    assert history["executions"][0] | {"created": ""} == {
        "id": second,
        "created": "",
        "status": "success",
        "message": "It ran.",
        "main": "main.c",
        "code_hash": "c0de" * 16,
        "run_ms": 5.0,
        "project": made["id"],
    }


def test_a_long_history_comes_in_parts(of_alice, alice):
    ids = [ran(alice, ago=ago) for ago in range(5)]
    seen, query = [], "?limit=2"
    while True:
        part = listed(of_alice, query)
        seen += [one["id"] for one in part["executions"]]
        if part["next"] is None:
            break
        query = f"?limit=2&before={part['next']}"
    assert seen == ids


@pytest.mark.parametrize(
    "query",
    [
        *("?limit=0", "?limit=x", "?limit=1000", "?limit=%C2%B2", "?limit=0000000012"),
        *("?limit=" + "9" * 5000, "?before=0001-01-01T00:00:00%2B14:00"),
        "?before=9999-12-31T23:59:59-14:00",
        "?before=soon",
        "?before=2026-13-1",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(of_alice, query):
    answer = of_alice.get(f"/api/executions/{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad-field")


def test_one_execution_has_its_result_and_its_sources(of_alice, alice):
    made = of_alice.make()
    file = OutputFile("out.net", 3, "beef", "YWJj")
    found = Violation(Category.RESOURCE_LIMIT, "file-size", Severity.LOW, "Too large.")
    shown = Outcome("", Status.SUCCESS, "It ran.", stdout="42\n", files=[file], violations=[found])
    one = of_alice.get(f"/api/executions/{ran(alice, made, **shown.as_dict())}/").json()
    assert (one["status"], one["stdout"], one["args"]) == ("success", "42\n", ["500"])
    assert one["files"] == [
        {"name": "out.net", "size": 3, "sha256": "beef", "content_base64": None}
    ]
    assert one["violations"][0]["rule"] == "file-size"
    assert one["options"] == {"sanitize": True}
    assert one["sources"] == [
        {"path": path, "text": data.decode()} for path, data in SOURCES.items()
    ]


def test_an_execution_that_still_lives_is_listed_as_such(of_alice, alice):
    living = ran(alice, ended=False)
    assert listed(of_alice)["executions"][0]["status"] == "queued"
    one = of_alice.get(f"/api/executions/{living}/").json()
    assert (one["status"], one["stdout"]) == ("queued", "")


def test_what_ran_is_put_back_and_other_files_stay(of_alice, alice):
    made = of_alice.make(files={"main.c": "changed", "other.c": "", "notes.txt": "mine"})
    of_alice.ask("PATCH", address(made), {"main": "other.c"})
    earlier = ran(alice, made)
    answer = of_alice.ask("POST", f"/api/executions/{earlier}/restore/", {"project": made["id"]})
    assert answer.json()["main"] == "main.c"
    assert of_alice.texts(made) == {
        "main.c": SOURCES["main.c"].decode(),
        "net.h": SOURCES["net.h"].decode(),
        "other.c": "",
        "notes.txt": "mine",
    }


@pytest.mark.parametrize("who", ["bob", "dora", "nobody"])
def test_nobody_else_reads_or_restores_an_execution(of_alice, alice, request, who):
    other = Browser(None if who == "nobody" else request.getfixturevalue(who))
    theirs = of_alice.make() if who == "nobody" else other.make()
    execution = ran(alice)
    expected = 403 if who == "nobody" else 404
    path = f"/api/executions/{execution}/"
    assert other.get(path).status_code == expected
    restoring = other.ask("POST", f"{path}restore/", {"project": theirs["id"]})
    assert restoring.status_code == expected
    if who != "nobody":
        assert listed(other) == {"executions": [], "next": None}


def test_an_execution_is_not_restored_into_anothers_project(of_alice, of_bob, alice):
    theirs = of_bob.make()
    answer = of_alice.ask(
        "POST", f"/api/executions/{ran(alice)}/restore/", {"project": theirs["id"]}
    )
    assert answer.status_code == 404
    assert of_alice.get(f"/api/executions/?project={theirs['id']}").status_code == 404
    assert list(of_bob.texts(theirs)) == ["main.c"]


def test_the_record_of_what_ran_stays_when_the_project_is_deleted(of_alice, alice):
    made = of_alice.make()
    execution = ran(alice, made)
    of_alice.ask("DELETE", address(made))
    one = of_alice.get(f"/api/executions/{execution}/").json()
    assert one["project"] == made["id"]
    assert one["sources"]
