"""Log lines: for machines if wanted, about one execution each, and without anybody's secrets."""

import asyncio
import json
import logging
import sys

import pytest

from executor.log_context import about
from ideproject import logs
from tests.service.serving import Person

SECRET = "swordfish-4711-hunter2"
TOKEN = "Zk3vQm9-share_token-8Yw2"


def lines(formatter, message, *args, exc_info=None):
    record = logging.LogRecord("site", logging.WARNING, "", 1, message, args, exc_info)
    return formatter().format(record)


@pytest.fixture(params=[logs.PlainFormatter, logs.JsonFormatter], ids=["plain", "json"])
def formatter(request):
    return request.param


def test_a_json_line_is_one_object_with_the_usual_facts():
    told = json.loads(lines(logs.JsonFormatter, "took %d s", 3))
    assert told.pop("time").endswith("+00:00")
    assert told == {"level": "WARNING", "logger": "site", "message": "took 3 s"}


def test_a_json_line_stays_one_line_whatever_is_in_it():
    line = lines(logs.JsonFormatter, "%s", 'x\r\n\u2028\x1b[2J\u202e"}')
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == 'x\r\n\u2028\x1b[2J\u202e"}'


def test_a_traceback_is_a_value_of_its_json_line():
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        line = lines(logs.JsonFormatter, "failed", exc_info=sys.exc_info())
    assert "\n" not in line
    assert "ValueError: first\nsecond" in json.loads(line)["exception"]


def test_a_line_about_an_execution_names_it(formatter):
    with about("e-1"):
        assert "e-1" in lines(formatter, "started")
    assert "e-1" not in lines(formatter, "started")


async def test_what_an_execution_starts_elsewhere_still_names_it():
    async def later():
        return await asyncio.to_thread(lines, logs.PlainFormatter, "removed")

    with about("e-1"):
        first = asyncio.create_task(later())
    with about("e-2"):
        second = asyncio.create_task(later())
    assert "e-1" in await first
    assert "e-2" in await second


@pytest.mark.parametrize("text", [
    f"Not Found: /s/{TOKEN}/",
    f"Forbidden: /api/shares/{TOKEN}/",
    f"Not Found: /x?token={TOKEN}&y=1",
    f"sent Authorization: Bearer {TOKEN}",
    f"cookie sessionid={TOKEN}; csrftoken={TOKEN}",
])  # fmt: skip
def test_what_opens_somebodys_door_is_left_out(formatter, text):
    assert TOKEN not in lines(formatter, "%s", text)
    try:
        raise ValueError(text)
    except ValueError:
        assert TOKEN not in lines(formatter, "failed", exc_info=sys.exc_info())


def test_what_only_looks_like_it_stays(formatter):
    path = "/opt/cloister/.venv/lib/python3.11/site-packages/django_ratelimit/core.py"
    assert path in lines(formatter, "%s", path)


@pytest.fixture
def written(tmp_path):
    """A handler as the site's, and its file."""
    file = tmp_path / "cloister.log"
    made = logs.configuration("INFO", "plain", str(file))["handlers"]["lines"]
    assert made["class"] == "logging.handlers.WatchedFileHandler"
    handler = logging.handlers.WatchedFileHandler(made["filename"], encoding=made["encoding"])

    def write(text):
        handler.emit(logging.LogRecord("site", logging.INFO, "", 1, text, (), None))

    yield write, file
    handler.close()


def test_a_large_log_is_moved_aside_and_no_line_is_lost(written):
    write, file = written
    for number in range(5):
        write(f"line {number}")
        assert logs.rotate(file, 3, kept=10)
    told = [one.read_text() for one in sorted(file.parent.iterdir(), reverse=True)]
    assert told == [f"line {number}\n" for number in range(5)]


def test_older_logs_go_when_there_are_enough(written):
    write, file = written
    for number in range(5):
        write(f"line {number}")
        logs.rotate(file, 3, kept=2)
    assert sorted(one.name for one in file.parent.iterdir()) == ["cloister.log.1", "cloister.log.2"]
    assert file.with_name("cloister.log.1").read_text() == "line 4\n"


def test_a_small_or_missing_log_is_left_alone(written):
    write, file = written
    assert not logs.rotate(file.with_name("none"), 3, kept=2)
    write("x")
    assert not logs.rotate(file, 100, kept=2)
    assert file.read_text() == "x\n"


@pytest.mark.docker
def test_a_servers_log_has_neither_sources_nor_tokens_and_names_each_execution(tended, alice_there):
    """Runs that go well, are refused, fail to compile, crash and lose their sandbox."""
    programs = [
        f'#include <stdio.h>\nint main(void) {{ puts("{SECRET}"); return 0; }}',
        f'#include <unistd.h>\nconst char *key = "{SECRET}";\nint main(void) {{ return 0; }}',
        f'int main(void) {{ return "{SECRET}"; }}',
        f'int main(void) {{ char *s = "{SECRET}"; s = 0; return *(volatile char *)s; }}',
    ]
    with alice_there.socket() as socket:
        for source in programs:
            assert socket.run(source)[-1]["type"] == "result"
        waits = f'#include <stdio.h>\nint main(void) {{ puts("{SECRET}"); getchar(); return 0; }}'
        lost = socket.start(waits, interactive=True)
        socket.until("stage", stage="run")
        for name in tended.sandboxes():
            tended.manage("sandbox", "kill", name)
        socket.result()
        socket.connection.send(f'{{"type": "run", "source": "{SECRET}')
        socket.receive()
    for path in (f"/s/{TOKEN}/", f"/api/shares/{TOKEN}/", f"/nothing?token={TOKEN}"):
        Person(tended).get(path)
        alice_there.get(path)
    log = (tended.data / "cloister.log").read_text()
    told = [json.loads(line) for line in log.splitlines()]
    assert any("Not Found" in one["message"] for one in told)
    assert SECRET not in log + tended.log()
    assert TOKEN not in log + tended.log()
    about_one = [one for one in told if "execution_id" in one]
    assert len({one["execution_id"] for one in about_one}) == len(programs) + 1
    assert {one["execution_id"] for one in about_one if "sandbox_error" in one["message"]} == {lost}
