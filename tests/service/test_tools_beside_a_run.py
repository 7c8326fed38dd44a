"""Check, assembler text and format over the socket: beside runs, and never in front of one."""

import json
import sqlite3
from contextlib import suppress

import docker.errors
import pytest

from tests.service.serving import Person, eventually
from tests.sources import SLOW_TO_COMPILE

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'
BROKEN = "int main(void) { return potz; }\n"
ENDLESS = '#include <stdio.h>\nint main(void) { puts("begun"); for (;;) ; }\n'


def asked(socket, kind, **fields):
    """The answer to a tool's request; asked again while there is no sandbox to spare."""

    def answer():
        socket.send(kind, **{"seq": 7} | fields)
        message = socket.receive()
        busy = message.get("compiler") == "busy" or message.get("code") == "tools-busy"
        return None if busy else message

    return eventually(answer)


@pytest.fixture(scope="module")
def tool_server(serve):
    return serve(SANDBOX_POOL_SIZE=2, TOOL_RATE="10000/m")


@pytest.fixture
def socket(tool_server):
    with Person(tool_server, "alice").log_in().socket() as opened:
        yield opened


def test_a_check_is_answered_with_its_number_and_runs_nothing(tool_server, socket):
    answer = asked(socket, "check", source=BROKEN, seq=41)
    assert (answer["type"], answer["seq"], answer["compiler"]) == ("checked", 41, "done")
    assert answer["violations"] == []
    item = answer["items"][0]
    assert (item["file"], item["line"], item["severity"]) == ("main.c", 1, "error")
    assert tool_server.rows("SELECT * FROM audit_execution") == []


def test_what_the_policy_refuses_in_a_check_is_no_violation_on_the_record(tool_server, socket):
    answer = asked(socket, "check", source="#include <unistd.h>\nint main(void) {}\n")
    assert [one["rule"] for one in answer["violations"]] == ["dangerous-header"]
    assert answer["compiler"] == "skipped"
    assert tool_server.rows("SELECT * FROM audit_violation") == []


def test_several_files_are_checked_as_they_would_run(socket):
    files = {"src/main.c": '#include "../lib/b.h"\nint main(void) { return B; }\n', "lib/b.h": ""}
    answer = asked(socket, "check", main="src/main.c", files=files)
    assert answer["items"][0]["file"] == "src/main.c"


def test_the_assembler_text_comes_with_its_lines(socket):
    answer = asked(socket, "assembly", source=HELLO)
    assert (answer["type"], answer["seq"]) == ("assembly", 7)
    assert "main:" in answer["text"]
    assert {source for _, source in answer["lines"]} == {2}
    assert answer["violations"] == answer["items"] == []


def test_a_source_is_formatted(socket):
    answer = asked(socket, "format", source="int main(void){return 0;}\n")
    assert answer == {
        "type": "formatted", "seq": 7, "text": "int main(void) {\n    return 0;\n}\n",
    }  # fmt: skip


def test_while_programs_use_the_warm_sandboxes_the_compiler_is_busy_but_the_policy_answers(
    tool_server, socket
):
    bob = Person(tool_server, "bob").log_in()
    with bob.socket() as running:
        running.start(ENDLESS)
        running.until_shown("begun")
        # One of the two warm sandboxes was taken; until the pool has another one, none is spare.
        socket.send("check", seq=1, source="#include <unistd.h>\n")
        assert socket.receive()["violations"]
        running.send("stop")
        assert running.result()["status"] == "stopped"


def test_without_a_second_warm_sandbox_a_tool_never_takes_the_last_one(serve):
    server = serve(SANDBOX_POOL_SIZE=1)
    eventually(server.sandboxes)
    with Person(server, "alice").log_in().socket() as opened:
        opened.send("check", seq=1, source=HELLO)
        assert opened.receive()["compiler"] == "busy"
        opened.send("format", seq=2, source=HELLO)
        refusal = opened.receive()
    assert (refusal["type"], refusal["code"]) == ("error", "tools-busy")
    assert refusal["detail"] == {"seq": 2}


def test_a_newer_check_takes_the_place_of_older_ones(socket):
    asked(socket, "check", source=HELLO)
    for seq in range(100, 105):
        socket.send("check", seq=seq, source="#include <unistd.h>\n")
    answers = [socket.receive()]
    while answers[-1]["seq"] != 104:
        answers.append(socket.receive())
    assert [one["seq"] for one in answers] == sorted(one["seq"] for one in answers)


def test_a_check_never_waits_in_front_of_a_run(tool_server, socket):
    begin_slow_check(tool_server, socket)
    socket.send("run", source=HELLO)
    kinds = [message["type"] for message in socket.until("result")]
    assert kinds[0] == "accepted"
    assert "checked" not in kinds
    assert socket.until("checked")[-1]["items"]


def test_asking_too_often_is_refused_with_the_time_to_wait(serve):
    server = serve(TOOL_RATE="2/h", SANDBOX_POOL_SIZE=0)
    with Person(server, "alice").log_in().socket() as opened:
        answers = []
        # Hours are counted by the clock: two may fall into one and two into the next.
        for seq in range(5):
            opened.send("check", seq=seq, source=HELLO)
            answers.append(opened.receive())
        assert [one["type"] for one in answers[:2]] == ["checked", "checked"]
        assert answers[-1]["code"] == "too-many-tools"
        assert "2 times in an hour, the limit. It can ask again in " in answers[-1]["message"]
        opened.send("run", source=HELLO)
        assert opened.until("result")[-1]["status"] == "success"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"source": HELLO}, "bad-field"),
        ({"source": HELLO, "seq": "1"}, "bad-field"),
        ({"source": HELLO, "seq": 1, "args": []}, "unknown-field"),
        ({"seq": 1, "files": {"a.h": ""}, "main": "a.h"}, "bad-main"),
    ],
)
def test_requests_that_make_no_sense_are_refused(socket, fields, code):
    assert socket.answer(json.dumps({"type": "check"} | fields))["code"] == code


def test_an_attempt_to_get_out_is_recorded_as_an_execution_before_it_is_answered(serve):
    server = serve(SANDBOX_POOL_SIZE=2)
    with Person(server, "alice").log_in().socket() as opened:
        answer = escaping(server, opened)
    assert [one["rule"] for one in answer["violations"]] == ["no-verdict"]
    [record] = server.rows("SELECT * FROM audit_execution")
    assert (record["status"], record["username"]) == ("sandbox_error", "alice")
    assert json.loads(record["options"])["tool"] == "check"
    [violation] = server.rows("SELECT * FROM audit_violation")
    assert violation["category"] == "escape_attempt"


def test_where_it_cannot_be_recorded_nobody_uses_a_tool_until_it_is(serve):
    server = serve(SANDBOX_POOL_SIZE=2)
    with Person(server, "alice").log_in().socket() as opened:
        writer = sqlite3.connect(server.database, isolation_level=None)
        refusal = escaping(server, opened, before=lambda: writer.execute("BEGIN IMMEDIATE"))
        assert refusal["code"] == "audit-unavailable"
        opened.send("check", seq=2, source=HELLO)
        assert opened.receive()["code"] == "audit-unavailable"
        writer.execute("ROLLBACK")
        assert asked(opened, "check", source=HELLO)["compiler"] == "done"
    assert len(server.rows("SELECT * FROM audit_violation")) == 1


def test_an_attempt_of_an_account_that_is_gone_is_recorded_and_stops_nobody_elses_tools(serve):
    server = serve(SANDBOX_POOL_SIZE=2)

    def delete_alice():
        # Past Django, whose start would outlast the check.
        with sqlite3.connect(server.database) as writer:
            writer.execute("DELETE FROM auth_user WHERE username = 'alice'")

    with Person(server, "alice").log_in().socket() as opened:
        answer = escaping(server, opened, before=delete_alice)
    assert [one["rule"] for one in answer["violations"]] == ["no-verdict"]
    with Person(server, "bob").log_in().socket() as opened:
        assert asked(opened, "check", source=HELLO)["compiler"] == "done"
    [record] = server.rows("SELECT * FROM audit_execution")
    assert (record["user_id"], record["username"]) == (None, "")


def escaping(server, socket, before=lambda: None):
    """Check something that keeps the compiler busy, and end its sandbox; the answer."""
    name = begin_slow_check(server, socket)
    before()
    server._engine.remove(name)
    return socket.receive()


def begin_slow_check(server, socket):
    """Have a check under way that keeps the compiler busy until its limit; its sandbox's name."""

    def compiling():
        with suppress(TimeoutError):
            assert socket.receive(seconds=0)["compiler"] == "busy"
            socket.send("check", seq=1, source=SLOW_TO_COMPILE)
        return next(filter(is_compiling, server.sandboxes()), None)

    def is_compiling(name):
        # One that has done its work may be gone, one that is new may not be up yet.
        with suppress(docker.errors.APIError):
            processes = str(server._engine.client.top(name)["Processes"])
            # One that waits for a source reads it from its standard input, “-”.
            return "-MD" in processes and "main.c" in processes

    socket.send("check", seq=1, source=SLOW_TO_COMPILE)
    return eventually(compiling)
