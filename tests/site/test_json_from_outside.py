"""JSON from outside: however it is made, it costs little to say no to it."""

import json
import time
import tracemalloc

import pytest

from executor.fields import BadMessage, parsed

_MANY = 4_000_000
_TEXT = 'escaped "quotes", a \\, { [ , } ] and \n'


@pytest.mark.parametrize(
    "text",
    [
        *('{"a": [' + "{}," * _MANY + "{}]}", '{"a": [' + "[]," * _MANY + "[]]}"),
        *('{"a": [' + '"b",' * _MANY + '""]}', '{"a": [' + "1.5," * _MANY + "0]}"),
        *("[" * _MANY, '"' * _MANY, '{"a": "' + '\\"' * _MANY, '{"a": "b' + "\\" * _MANY),
    ],
    ids=["objects", "lists", "texts", "numbers", "depth", "quotes", "no end", "backslashes"],
)
def test_a_message_of_very_many_values_is_refused_before_they_are_made(text):
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(BadMessage):
        parsed(text, "The message")
    spent, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < 1
    assert most < 50 << 20


@pytest.mark.parametrize("as_bytes", [False, True])
def test_the_largest_project_is_understood_whatever_its_texts_hold(as_bytes):
    files = [{"name": f"folder/{n}.c", "content": _TEXT * 250} for n in range(100)]
    sent = {"files": files, "args": ["x"] * 1000, "stdin": _TEXT * 10_000}
    text = json.dumps(sent, indent=2)
    assert parsed(text.encode() if as_bytes else text, "The message") == sent


def test_bytes_that_are_no_text_are_no_json():
    with pytest.raises(BadMessage, match="not valid JSON"):
        parsed(b'{"a": "\xff"}', "The request")
