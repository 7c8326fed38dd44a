"""``run`` with ``project``: what is saved runs, as the project says."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.service.serving import LAST_WORDS, printed

pytestmark = pytest.mark.docker

ECHO = """#include <stdio.h>
int main(int count, char **arguments)
{
    int number = 0;
    scanf("%d", &number);
    printf("%s %d\\n", count > 1 ? arguments[1] : "none", number);
    return 0;
}
"""


def token(person):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', person.get("/").text)[1]


def made(person, **body):
    """A project, saved over HTTP as the page does it."""
    answer = person.web.post(
        f"{person.server.origin}/api/projects/",
        json={"name": "Saved", **body},
        headers={"X-CSRFToken": token(person), "Origin": person.server.origin},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def run(person, project, **fields):
    with person.socket() as socket:
        socket.send("run", project=project, **fields)
        return socket.until(*LAST_WORDS)


def file(path, content):
    return {"path": path, "content": content}


def test_a_saved_project_runs_with_its_own_arguments_and_input(alice):
    project = made(alice, files=[file("main.c", ECHO)], args=["saved"], stdin="42\n")
    seen = run(alice, project)
    assert printed(seen) == "saved 42\n"
    record = alice.server.record(seen[0]["execution_id"])
    assert record["project"] == project.replace("-", "")


def test_what_run_says_comes_before_what_the_project_says(alice):
    project = made(alice, files=[file("main.c", ECHO)], args=["saved"], stdin="42\n")
    assert printed(run(alice, project, args=["said"], stdin="7")) == "said 7\n"
    assert printed(run(alice, project, args=[], stdin="")) == "none 0\n"


def test_unsaved_files_take_the_place_of_saved_ones(alice):
    say = '#include <stdio.h>\n#include "word.h"\nint main(void) { puts(WORD); return 0; }\n'
    project = made(alice, files=[file("main.c", say), file("word.h", '#define WORD "saved"\n')])
    assert printed(run(alice, project)) == "saved\n"
    unsaved = {"word.h": '#define WORD "unsaved"\n'}
    assert printed(run(alice, project, files=unsaved)) == "unsaved\n"
    assert printed(run(alice, project)) == "saved\n"


def test_a_saved_project_runs_in_a_terminal(alice):
    project = made(alice, files=[file("main.c", ECHO)])
    with alice.socket() as socket:
        socket.send("run", project=project, interactive=True)
        socket.until("stage", stage="run")
        socket.send("stdin", data="9\n")
        assert "none 9" in socket.until_shown("none 9")
        assert socket.result()["status"] == "success"


COUNT = """#include <stdio.h>
#include "net.h"
int count(const char *name)
{
    FILE *file = fopen(name, "r");
    int lines = 0;
    for (int c; file && (c = fgetc(file)) != EOF;)
        lines += c == '\\n';
    return lines;
}
"""
START = """#include <stdio.h>
#include "net.h"
int start(void)
{
    printf("%d lines\\n", count("../datasets/x.data"));
    return 0;
}
"""


def test_three_c_files_a_header_in_a_folder_and_a_data_file_one_folder_up(alice):
    files = [
        file("examples/train.c", '#include "../src/net.h"\nint main(void) { return start(); }\n'),
        file("src/net.h", "int start(void);\nint count(const char *name);\n"),
        file("src/net.c", START),
        file("src/count.c", COUNT),
        file("datasets/x.data", "1 2 1\n0 1\n1\n"),
    ]
    project = made(alice, files=files, main="examples/train.c")
    assert printed(run(alice, project)) == "3 lines\n"


def test_two_programs_share_a_project_and_each_can_be_run(alice):
    say = '#include <stdio.h>\n#include "say.h"\nint main(void) {{ say("{0}"); return 0; }}\n'
    files = [
        file("train.c", say.format("training")),
        file("test.c", say.format("testing")),
        file("say.h", "void say(const char *word);\n"),
        file(
            "say.c", '#include <stdio.h>\n#include "say.h"\nvoid say(const char *w) { puts(w); }\n'
        ),
    ]
    project = made(alice, files=files, main="train.c")
    assert printed(run(alice, project)) == "training\n"
    assert printed(run(alice, project, main="test.c")) == "testing\n"


def test_anothers_project_runs_as_little_as_one_that_is_not_there(alice, bob):
    project = made(alice)
    for asked in (project, str(uuid4()), "no id", ""):
        answer = run(bob, asked)[-1]
        assert (answer["type"], answer["code"]) == ("error", "not-found")


def test_a_project_without_a_c_file_says_so(alice):
    project = made(alice, files=[file("notes.txt", "")])
    answer = run(alice, project)[-1]
    assert answer["code"] == "bad-main"
    assert answer["message"] == "The project cannot be run: it has no C file (.c)."
    assert run(alice, project, main="other.c")[-1]["code"] == "bad-main"


def test_of_many_tabs_that_save_at_once_one_wins_and_the_others_are_told(alice):
    project = made(alice, files=[file("main.c", "old")])
    headers = {
        "X-CSRFToken": token(alice),
        "Origin": alice.server.origin,
        "If-Match": f'"{hashlib.sha256(b"old").hexdigest()}"',
    }

    def save(tab):
        return alice.web.put(
            f"{alice.server.origin}/api/projects/{project}/files/main.c",
            data=f"tab {tab}",
            headers=headers,
        )

    with ThreadPoolExecutor(8) as tabs:
        answers = list(tabs.map(save, range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    saved = alice.get(f"/api/projects/{project}/files/main.c").text
    assert {one.json()["current"]["text"] for one in answers if one.status_code == 412} == {saved}


def test_project_and_source_together_are_an_error(alice):
    project = made(alice)
    assert run(alice, project, source="int main(void) {}")[-1]["code"] == "unknown-field"
