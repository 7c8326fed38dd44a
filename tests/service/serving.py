"""A real server process with its own data folder, and people who use it from outside."""

from __future__ import annotations

import json
import os
import re
import resource
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeVar
from uuid import UUID

import requests
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from executor.container import OWNER_LABEL, Engine, SandboxConfig

PROJECT = Path(__file__).resolve().parents[2]
PASSWORDS = {
    "alice": "alice-and-her-9-cats",
    "bob": "bob-and-his-9-dogs",
    "charlie": "charlie-and-no-pets",
    "dora": "dora-and-her-9-keys",
}
PATIENCE_SECONDS = 60.0
"""Only what fails takes as long; a start may, where three processes share two cores."""
LAST_WORDS = ("result", "error", "rate_limited")

T = TypeVar("T")


def eventually(fact: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """The first true value of ``fact``, asked again and again; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (value := fact()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s"
        time.sleep(0.05)
    return value


class Server:
    """``manage.py serve`` in a process of its own; ``environment`` holds its settings.

    With ``open_files``, that is the hard limit, and half of it the soft one.
    """

    def __init__(self, data: Path, open_files: int = 0, **environment: Any) -> None:
        self.data = data
        self._open_files = open_files
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "DOCKER_HOST") if name in os.environ},
            "DATA_DIR": str(data),
            "RUN_RATE": "1000/m",
            "LOGIN_RATE": "1000/m",
            "SANDBOX_POOL_SIZE": "1",
            "REPEATED_VIOLATIONS_COUNT": "1000000",
            **{name: str(value) for name, value in environment.items()},
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._engine = Engine(SandboxConfig())

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> Server:
        """Start, and wait until it says that it serves."""
        began = len(self.log())
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=PROJECT,
                env=self._environment,
                stdout=log,
                stderr=log,
                preexec_fn=self._limit_files if self._open_files else None,
            )
        process = self._process
        eventually(lambda: process.poll() is not None or "Cloister is" in self.log()[began:])
        assert process.poll() is None, self.log()
        return self

    def _limit_files(self) -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (self._open_files // 2, self._open_files))

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """End it with a signal; its exit code."""
        self.signal(sign)
        return self.wait()

    def signal(self, sign: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(sign)

    def wait(self) -> int:
        """Until it has ended; its exit code."""
        assert self._process is not None
        return self._process.wait(PATIENCE_SECONDS)

    def end(self) -> None:
        """Leave nothing running, whatever state a test left it in."""
        if self._process is not None and self._process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.stop(signal.SIGKILL)

    def log(self) -> str:
        return self._log_path.read_text() if self._log_path.exists() else ""

    def sandboxes(self, *states: str) -> list[str]:
        """Names of the containers that this process made and that still exist.

        With ``states``, only of those in one of these states.
        """
        ours = re.compile(rf"[^/]+/{self.pid}/")
        return [
            container["Names"][0].lstrip("/")
            for container in self._engine.sandboxes()
            if ours.match(container["Labels"].get(OWNER_LABEL, ""))
            and (not states or container["State"] in states)
        ]

    def manage(
        self, *arguments: object, stdout: int | IO[str] = subprocess.PIPE, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run another management command beside the server, on the same data."""
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=PROJECT,
            env=self._environment | environment,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What somebody with the database file and no other means would read."""
        with closing(sqlite3.connect(self.database)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(query, values)]

    def record(self, execution_id: str) -> dict[str, Any]:
        """The audit's row of one execution."""
        key = UUID(execution_id).hex
        return self.rows("SELECT * FROM audit_execution WHERE id = ?", key)[0]

    @property
    def database(self) -> Path:
        return self.data / "cloister.sqlite3"

    @property
    def _log_path(self) -> Path:
        return self.data / "server.log"


def found_house(data: Path) -> Path:
    """A data folder with an empty database and the four people in it."""
    server = Server(data)
    assert server.manage("migrate", "-v0").returncode == 0
    people = (
        "from django.contrib.auth.models import User\n"
        f"for name, password in {PASSWORDS!r}.items():\n"
        "    (User.objects.create_superuser if name == 'dora' else User.objects.create_user)"
        "(name, password=password)\n"
    )
    assert server.manage("shell", "-v0", "-c", people).returncode == 0
    return data


def copy_of(house: Path, data: Path) -> Path:
    return Path(shutil.copytree(house, data))


class Person:
    """Someone with a browser: a cookie jar, and an account once logged in."""

    def __init__(self, server: Server, name: str = "") -> None:
        self.server = server
        self.name = name
        self.web = requests.Session()

    def log_in(self) -> Person:
        answer = self.submit("/accounts/login/", username=self.name, password=PASSWORDS[self.name])
        assert answer.history, f"{self.name} could not log in"
        return self

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.web.get(self.server.origin + path, timeout=PATIENCE_SECONDS, **options)

    def submit(self, path: str, page: str | None = None, **form: str) -> requests.Response:
        """Send a form as its page would, with the token that the page carries."""
        answer = self.get(page or path)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text)
        assert token, f"no form at {answer.url}"
        return self.web.post(
            self.server.origin + path,
            form | {"csrfmiddlewaretoken": token[1]},
            headers={"Origin": self.server.origin},
            timeout=PATIENCE_SECONDS,
        )

    @contextmanager
    def socket(self, path: str = "/ws/execute/", **options: Any) -> Iterator[Socket]:
        """A WebSocket as the page opens it: with its cookies and its origin."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.web.cookies)
        settings = {
            "origin": self.server.origin,
            "additional_headers": {"Cookie": cookies},
            "max_size": None,
            "open_timeout": PATIENCE_SECONDS,
        }
        address = f"ws://127.0.0.1:{self.server.port}{path}"
        with connect(address, **settings | options) as connection:
            yield Socket(connection)


class Socket:
    """One end of ``/ws/execute/``; messages are dicts."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, kind: str, **fields: object) -> None:
        self.connection.send(json.dumps({"type": kind} | fields))

    def receive(
        self, seconds: float = PATIENCE_SECONDS, *, waiting: bool = False
    ) -> dict[str, Any]:
        """The next message; that a program waits for input only if ``waiting`` asks for it."""
        while True:
            message: dict[str, Any] = json.loads(self.connection.recv(seconds))
            if waiting or message["type"] != "waiting":
                return message

    def until(self, *kinds: str, **fields: object) -> list[dict[str, Any]]:
        """All messages up to the first one of these types and with these fields."""
        seen = []
        while True:
            seen.append(self.receive(waiting="waiting" in kinds))
            last = seen[-1]
            if last["type"] in kinds and fields.items() <= last.items():
                return seen
            assert last["type"] not in LAST_WORDS, f"waited for {kinds}, came {seen}"

    def until_shown(self, text: str) -> str:
        """Everything the program printed, up to and with ``text``."""
        shown = ""
        while text not in shown:
            message = self.receive()
            assert message["type"] not in LAST_WORDS, f"waited for {text!r}, came {message}"
            shown += message.get("data", "") if message["type"] == "output" else ""
        return shown

    def start(self, source: str, **fields: object) -> str:
        """Send a program; the id under which it was accepted."""
        self.send("run", source=source, **fields)
        accepted = self.until("accepted")[-1]
        return str(accepted["execution_id"])

    def run(self, source: str, **fields: object) -> list[dict[str, Any]]:
        """Send a program; every message up to its result, or to what came instead."""
        self.send("run", source=source, **fields)
        return self.until(*LAST_WORDS)

    def result(self) -> dict[str, Any]:
        return self.until("result")[-1]

    def answer(self, text: str | bytes | Iterator[str]) -> dict[str, Any]:
        """Send a frame as it is, or in fragments; the one message that answers it."""
        self.connection.send(text)
        return self.receive()

    def close_code(self) -> int:
        """Wait for the server to close; the code it gave."""
        try:
            while True:
                self.connection.recv(PATIENCE_SECONDS)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


def kinds(messages: list[dict[str, Any]]) -> list[str]:
    """The messages' types, with a stage's name in place of its type, repeats left out."""
    named = [message.get("stage", message["type"]) for message in messages]
    return [name for at, name in enumerate(named) if at == 0 or name != named[at - 1]]


def printed(messages: list[dict[str, Any]], stream: str = "stdout") -> str:
    return "".join(m["data"] for m in messages if m["type"] == "output" and m["stream"] == stream)


def free_port() -> int:
    """A port that nobody listens on and that no outgoing connection is given meanwhile.

    Linux takes those from 32768 upwards; a server that is away for a moment finds its own again.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
