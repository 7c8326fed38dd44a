"""Whatever a client sends, it gets an answer, and everything else goes on."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
FILES = {"main.c": HELLO}


@pytest.fixture
def socket(alice):
    """Whatever was sent through it, it must be of use after the test."""
    with alice.socket() as opened:
        yield opened
        assert opened.answer("{}")["code"] == "unknown-type"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad-json"),
        ("{", "bad-json"),
        ("[]", "bad-json"),
        ("null", "bad-json"),
        ('{"type": "stop", "type": "run"}', "bad-json"),
        ('{"type": "run", "source": "a", "source": "b"}', "bad-json"),
        ('{"a": ' * 100_000, "bad-json"),
        ("[" * 100_000 + "]" * 100_000, "bad-json"),
        ('{"type": "resize", "cols": ' + "9" * 10_000 + "}", "bad-json"),
        ("{}", "unknown-type"),
        ('{"type": "fly"}', "unknown-type"),
        ('{"type": ["run"]}', "unknown-type"),
        ('{"type": "__class__"}', "unknown-type"),
        ('{"type": "result"}', "unknown-type"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_no_message_is_named(socket, text, code):
    answer = socket.answer(text)
    assert (answer["type"], answer["code"]) == ("error", code)
    assert answer["message"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "run"}, "bad-field"),
        ({"type": "run", "source": None}, "bad-field"),
        ({"type": "run", "source": ["int"]}, "bad-field"),
        ({"type": "run", "source": HELLO, "root": True}, "unknown-field"),
        ({"type": "run", "source": HELLO, "image": "alpine"}, "unknown-field"),
        ({"type": "run", "source": HELLO, "validate": False}, "unknown-field"),
        ({"type": "run", "source": HELLO, "limits": {}}, "unknown-field"),
        ({"type": "run", "source": HELLO, "args": "abc"}, "bad-field"),
        ({"type": "run", "source": HELLO, "args": [1]}, "bad-field"),
        ({"type": "run", "source": HELLO, "args": ["a\0b"]}, "bad-argument"),
        ({"type": "run", "source": HELLO, "stdin": 1}, "bad-field"),
        ({"type": "run", "source": HELLO, "interactive": 1}, "bad-field"),
        ({"type": "run", "source": HELLO, "cols": True}, "bad-field"),
        ({"type": "run", "source": HELLO, "cols": 0}, "bad-field"),
        ({"type": "run", "source": HELLO, "rows": 10**9}, "bad-field"),
        ({"type": "run", "files": 3, "main": "main.c"}, "bad-field"),
        ({"type": "run", "files": {}, "main": "main.c"}, "bad-field"),
        ({"type": "run", "files": FILES}, "bad-field"),
        ({"type": "run", "files": FILES, "main": "other.c"}, "bad-main"),
        ({"type": "run", "files": {"main.py": ""}, "main": "main.py"}, "bad-main"),
        ({"type": "run", "files": FILES | {"/etc/x": ""}, "main": "main.c"}, "bad-name"),
        ({"type": "run", "files": FILES | {"a\0b": ""}, "main": "main.c"}, "bad-name"),
        ({"type": "run", "files": FILES | {"-o.c": ""}, "main": "main.c"}, "bad-name"),
        ({"type": "run", "files": FILES | {"x.h": 1}, "main": "main.c"}, "bad-field"),
        ({"type": "run", "files": [{"name": "main.c"}], "main": "main.c"}, "bad-field"),
        (
            {
                "type": "run",
                "files": [{"name": "main.c", "content": HELLO, "content_base64": ""}],
                "main": "main.c",
            },
            "unknown-field",
        ),
        (
            {
                "type": "run",
                "files": [{"name": "main.c", "content_base64": "%"}],
                "main": "main.c",
            },
            "bad-field",
        ),
        ({"type": "resize", "cols": "80", "rows": 24}, "bad-field"),
        ({"type": "resize", "cols": -1, "rows": 24}, "bad-field"),
        ({"type": "signal", "signal": "SIGKILL"}, "bad-field"),
        ({"type": "signal", "signal": 9}, "bad-field"),
        ({"type": "stdin"}, "bad-field"),
        ({"type": "stop", "hard": True}, "unknown-field"),
        ({"type": "attach", "execution_id": 1}, "bad-field"),
        ({"type": "attach", "execution_id": "../../etc/passwd"}, "not-found"),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_a_field_that_makes_no_sense_is_named(socket, message, code):
    answer = socket.answer(json.dumps(message))
    assert (answer["type"], answer["code"]) == ("error", code)
    assert answer["message"]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"type": "run"}, "“source”, “files” or “project”"),
        ({"type": "run", "source": 1}, "“source” as text"),
        ({"type": "run", "files": 3, "main": "main.c"}, "“files” as an object or a list"),
        ({"type": "run", "source": HELLO, "interactive": 1}, "“interactive” as true or false"),
        ({"type": "resize", "cols": "80"}, "“cols” as a whole number"),
    ],
)
def test_the_sentence_says_what_was_needed(socket, message, words):
    assert words in socket.answer(json.dumps(message))["message"]


@pytest.mark.parametrize("field", ["source", "args", "stdin"])
def test_half_a_character_gets_an_answer_too(socket, field):
    half = "\ud800"
    message = {"type": "run", "source": HELLO} | {field: [half] if field == "args" else half}
    socket.connection.send(json.dumps(message))
    last = socket.until("error", "result")[-1]
    assert last["message"]
    assert last.get("status") != "sandbox_error"


def test_a_binary_frame_is_refused_with_a_sentence(socket):
    answer = socket.answer(json.dumps({"type": "run", "source": HELLO}).encode())
    assert (answer["code"], answer["message"]) == ("bad-json", "Send JSON in text frames.")


def test_source_over_the_limit_is_blocked_by_name_and_not_run(socket, server):
    messages = socket.run("// " + "x" * (1 << 20) + "\n")
    (violation,) = messages[-1]["violations"]
    assert (messages[-1]["status"], violation["rule"]) == ("blocked", "code-size")
    assert "1,048,576 is the limit" in violation["message"]
    assert server.record(messages[0]["execution_id"])["container"] == ""


def test_the_largest_source_fits_however_json_spells_it(socket):
    source = "int main() { return 0; }\n//"
    source += "\x7f" * ((1 << 20) - len(source))
    spelt = json.dumps({"type": "run", "source": source}).replace("\x7f", "\\u007f")
    assert len(spelt) > 6_000_000
    socket.connection.send(spelt)
    messages = socket.until("result")
    assert "code-size" not in [v["rule"] for v in messages[-1]["violations"]]


def test_a_frame_beyond_any_message_ends_its_socket_and_nothing_else(alice, socket):
    with alice.socket() as other, pytest.raises(ConnectionClosed):
        other.answer("x" * 20_000_000)
    assert socket.run(HELLO)[-1]["status"] == "success"


def test_a_message_of_endless_fragments_ends_its_socket_and_nothing_else(alice, socket):
    with alice.socket() as other, pytest.raises(ConnectionClosed):
        other.answer("x" * 500_000 for _ in range(40))
    assert socket.run(HELLO)[-1]["status"] == "success"


def test_no_compression_is_agreed_that_a_bomb_could_use(socket):
    assert socket.connection.protocol.extensions == []
