"""What a person does with projects."""

import pytest

from tests.workspace.browsers import address


def test_a_new_project_without_files_can_be_run_as_it_is(of_alice):
    made = of_alice.make("First steps")
    assert made["name"] == "First steps"
    assert made["main"] == "main.c"
    assert "int main(void)" in of_alice.texts(made)["main.c"]


def test_a_project_is_given_back_as_it_was_sent(of_alice):
    files = {"src/train.c": "int main(void) { return 0; }\n", "data/x.data": "1 1 1\n0\n1\n"}
    made = of_alice.make(
        files=files, main="src/train.c", args=["500"], stdin="4\0 2", options={"sanitize": True}
    )
    project = of_alice.project(made)
    assert of_alice.texts(made) == files
    assert (project["main"], project["args"], project["stdin"]) == ("src/train.c", ["500"], "4\0 2")
    assert project["options"] == {"sanitize": True}


def test_the_list_has_the_newest_first_with_counts_and_limits(of_alice):
    for name in ("first", "second", "third"):
        of_alice.make(name, {"main.c": "1234"})
    newer = of_alice.make("newer", {"main.c": "12", "a.h": "345"})
    listed = of_alice.get("/api/projects/").json()
    assert [one["name"] for one in listed["projects"]] == ["newer", "third", "second", "first"]
    assert listed["projects"][0] | {"updated": ""} == {
        "id": newer["id"],
        "name": "newer",
        "main": "main.c",
        "updated": "",
        "files": 2,
        "bytes": 5,
    }
    assert listed["limits"]["source_bytes"] == 1 << 20


def test_name_arguments_and_options_can_be_changed_one_at_a_time(of_alice):
    made = of_alice.make(args=["1"])
    answer = of_alice.ask("PATCH", address(made), {"name": "Renamed"})
    assert answer.json()["name"] == "Renamed"
    of_alice.ask("PATCH", address(made), {"options": {"warnings": "show"}})
    project = of_alice.project(made)
    assert (project["name"], project["args"]) == ("Renamed", ["1"])
    assert project["options"] == {"warnings": "show"}


def test_a_deleted_project_is_gone(of_alice):
    made = of_alice.make()
    assert of_alice.ask("DELETE", address(made)).status_code == 204
    assert of_alice.get(address(made)).status_code == 404


def test_a_project_made_from_an_example_holds_its_files(of_alice):
    made = of_alice.make("My hello", example="hello")
    assert "fann_create_standard" in of_alice.texts(made)["main.c"]
    assert made["name"] == "My hello"


def test_one_project_too_many_says_what_the_limit_is(of_alice, settings):
    settings.PROJECTS_PER_USER = 1
    of_alice.make()
    answer = of_alice.ask("POST", "/api/projects/", {"name": "second"})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "project-count"
    assert "You have 1 projects, the limit" in answer.json()["error"]["message"]
    assert len(of_alice.get("/api/projects/").json()["projects"]) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad-field"),
        ({"name": ""}, "bad-project-name"),
        ({"name": "a\nb"}, "bad-project-name"),
        ({"name": "x" * 101}, "bad-project-name"),
        ({"name": 1}, "bad-field"),
        ({"name": "x", "colour": "red"}, "unknown-field"),
        ({"name": "x", "files": []}, "bad-field"),
        ({"name": "x", "files": {"main.c": ""}}, "bad-field"),
        ({"name": "x", "files": [{"path": "main.c"}]}, "bad-field"),
        (
            {"name": "x", "files": [{"path": "a.c", "content": "", "content_base64": ""}]},
            "unknown-field",
        ),
        ({"name": "x", "files": [{"path": "main.c", "content_base64": "?"}]}, "bad-field"),
        ({"name": "x", "files": [{"path": "a.c", "content": ""}] * 2}, "bad-field"),
        ({"name": "x", "files": [{"path": "../a.c", "content": ""}]}, "bad-name"),
        ({"name": "x", "files": [{"path": "/etc/a.c", "content": ""}]}, "bad-name"),
        ({"name": "x", "files": [{"path": "a.c", "content": "\ud800"}]}, "bad-text"),
        ({"name": "x", "args": [1]}, "bad-field"),
        ({"name": "x", "args": ["a\0b"]}, "bad-argument"),
        ({"name": "x", "args": ["x" * 20_000]}, "argument-size"),
        ({"name": "x", "stdin": "x" * (1 << 20) + "y"}, "stdin-size"),
        ({"name": "x", "options": {"shell": True}}, "bad-option"),
        ({"name": "x", "options": {"sanitize": "yes"}}, "bad-option"),
        ({"name": "x", "example": "nowhere"}, "not-found"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_with_a_sentence(of_alice, body, code):
    answer = of_alice.ask("POST", "/api/projects/", body)
    assert answer.status_code in (400, 404, 413)
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")
    assert of_alice.get("/api/projects/").json()["projects"] == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"name": "a", "name": "b"}', b"[" * 99_999])
def test_a_body_that_is_no_json_object_is_refused(of_alice, body):
    answer = of_alice.ask("POST", "/api/projects/", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad-json")


def test_main_must_be_a_c_file_of_the_project(of_alice):
    made = of_alice.make(files={"main.c": "", "notes.txt": ""})
    for main in ("notes.txt", "other.c", ""):
        answer = of_alice.ask("PATCH", address(made), {"main": main})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad-main")
    assert of_alice.project(made)["main"] == "main.c"
