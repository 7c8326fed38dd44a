"""Measure how misuse by others slows down one user: ``python -m bench.abuse [--rounds 3]``.

One user runs hello world and saves a small file, with time between the runs: alone, and while
somebody misuses the service in one way after the other. Each round has all ways, with a quiet
measurement before each, so that a ratio compares figures of the same minute. The aim is a 95th
percentile within 25 % of the quiet one. The misusing clients run on the same machine, and what they
spend themselves is in the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from websockets.exceptions import WebSocketException

from bench.figures import spread, summary
from bench.programs import PROGRAMS
from bench.service import Service
from tests.service.serving import Person

MEBIBYTE = 1 << 20
LOST = (OSError, TimeoutError, WebSocketException)
"""The errors that a client sees when the server refuses or closes its connection."""
HELLO = PROGRAMS["hello"]
ATTACKERS = 6
RUNS = 8
PAUSE_SECONDS = 0.3
PATIENCE_SECONDS = 15.0
"""A run that takes longer counts as one that took so long."""
WAITING = "#include <stdio.h>\nint main(void) { return getchar(); }\n"
# Twelve milliseconds between two inputs were seen as waiting by a clock that took samples.
BUSY_BETWEEN_INPUTS = """#include <stdio.h>
#include <time.h>
int main(void) {
    for (;;) {
        clock_t until = clock() + CLOCKS_PER_SEC * 12 / 1000;
        while (clock() < until) { }
        puts("next");
        getchar();
    }
}
"""


@dataclass
class Measured:
    """Milliseconds of one user: quiet and beside one way of misuse, run by run."""

    runs: dict[str, list[float]] = field(default_factory=lambda: {"quiet": [], "beside": []})
    saves: dict[str, list[float]] = field(default_factory=lambda: {"quiet": [], "beside": []})
    refused: list[str] = field(default_factory=list)
    notes: dict[str, float] = field(default_factory=dict)

    def ratio(self, of: dict[str, list[float]]) -> float:
        return summary(of["beside"])["p95"] / max(1e-9, summary(of["quiet"])["p95"])


Misuse = Callable[[Service, "Measured"], AbstractContextManager[None]]


@contextmanager
def threads(count: int, work: Callable[[int, threading.Event], None]) -> Iterator[None]:
    """Run ``work(number, enough)`` in threads until the block ends."""
    enough = threading.Event()
    running = [threading.Thread(target=work, args=(one, enough)) for one in range(count)]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in running:
            thread.join()


def sending(source: Callable[[int], str], kind: str, accounts: int = 1) -> Misuse:
    """Let six clients of so many accounts send a source again and again."""

    @contextmanager
    def misuse(service: Service, _: Measured) -> Iterator[None]:
        def send(number: int, enough: threading.Event) -> None:
            sent = 0
            while not enough.is_set():
                # Refused and cut off, it comes back at once.
                with contextlib.suppress(*LOST), service.talk(1 + number % accounts) as one:
                    while not enough.is_set():
                        sent += 1
                        text = source(number * 1_000_000 + sent)
                        one.send(json.dumps({"type": kind, "source": text, "seq": sent}))
                        one.recv(5)

        with threads(ATTACKERS, send):
            yield

    return misuse


def one_directive(number: int) -> str:
    """Return one directive of a megabyte with 175 refused words."""
    words = " ".join(["system"] * 175)
    return f"#define LONG{number} {words} {'x ' * (MEBIBYTE // 2 - 700)}\nint main(void) {{}}\n"


def control_characters(number: int) -> str:
    """Return a program with a megabyte of comment that takes six times as much as JSON."""
    return f"/*{number}{chr(1) * (MEBIBYTE - 100)}*/\nint main(void) {{ return 0; }}\n"


@contextmanager
def idle_programs(service: Service, _: Measured) -> Iterator[None]:
    """Run programs of four accounts that wait for input."""
    with contextlib.ExitStack() as opened:
        for account in range(1, 5):
            one = opened.enter_context(service.talk(account))
            one.send(json.dumps({"type": "run", "source": WAITING, "interactive": True}))
            while json.loads(one.recv()).get("stage") != "run":
                pass
        yield


@contextmanager
def computing_between_inputs(service: Service, measured: Measured) -> Iterator[None]:
    """Run a program that computes 12 ms after each input, with a client that answers at once."""

    def answer(_: int, enough: threading.Event) -> None:
        began = time.monotonic()
        # Another account: the programs of the last way may still wait for their page.
        with contextlib.suppress(*LOST), service.talk(5) as one:
            one.send(
                json.dumps({"type": "run", "source": BUSY_BETWEEN_INPUTS, "interactive": True})
            )
            while not enough.is_set():
                message = json.loads(one.recv(2 * PATIENCE_SECONDS))
                if message["type"] == "output":
                    one.send(json.dumps({"type": "stdin", "data": "\n"}))
                elif message["type"] == "result":
                    measured.notes["wall_seconds"] = time.monotonic() - began
                    measured.notes["cpu_seconds"] = message["cpu_ms"] / 1000
                    break

    with threads(1, answer):
        yield


@contextmanager
def wrong_log_ins(service: Service, measured: Measured) -> Iterator[None]:
    """Try wrong passwords for alice from another address; note whether she can still log in."""

    def guess(_: int, enough: threading.Event) -> None:
        while not enough.is_set():
            stranger = Person(service.server)
            with contextlib.suppress(requests.RequestException):
                stranger.submit("/accounts/login/", username="alice", password="wrong")  # noqa: S106

    with threads(2, guess):
        yield
        there = Person(service.server, "alice")
        there.web.mount("http://", _From("127.0.0.2"))
        with contextlib.suppress(requests.RequestException, AssertionError):
            there.log_in()
            measured.notes["owner_logged_in"] = 1.0
    measured.notes.setdefault("owner_logged_in", 0.0)


class _From(requests.adapters.HTTPAdapter):
    """Open connections from a separate loopback address."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, source_address=(self._address, 0))


@contextmanager
def anonymous_bodies(service: Service, measured: Measured) -> Iterator[None]:
    """Send six anonymous requests of 40 MB each."""
    address = ("127.0.0.1", service.server.port)
    head = (
        "POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Length: {40 * MEBIBYTE}\r\n\r\n"
    ).encode()

    def post(_: int, enough: threading.Event) -> None:
        while not enough.is_set():
            with contextlib.suppress(OSError), socket.create_connection(address, 5) as one:
                one.sendall(head)
                for _part in range(39):
                    one.sendall(bytes(MEBIBYTE))
                enough.wait(1)

    with threads(ATTACKERS, post):
        yield
        measured.notes["parked_megabytes"] = parked_bytes(service.server.pid) / 1e6


def parked_bytes(pid: int) -> int:
    """Return the bytes of temporary files that a process holds open."""
    found = 0
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            if os.readlink(one).startswith(tempfile.gettempdir()):
                found += one.stat().st_size
    return found


@contextmanager
def idle_connections(service: Service, _: Measured) -> Iterator[None]:
    """Open a thousand silent anonymous connections from one address."""
    with contextlib.ExitStack() as opened:
        for _number in range(1000):
            with contextlib.suppress(OSError):
                address = ("127.0.0.1", service.server.port)
                opened.enter_context(socket.create_connection(address, 1, ("127.0.0.3", 0)))
        yield


@contextmanager
def unfinished_messages(service: Service, measured: Measured) -> Iterator[None]:
    """Send unfinished messages of 900 KB on 20 sockets of four accounts."""
    before = service.resident_bytes()
    with contextlib.ExitStack() as opened:
        for number in range(20):
            one = opened.enter_context(service.talk(1 + number % 4))
            with contextlib.suppress(*LOST):
                # Not final, masked with zeros, 127: an eight-byte length follows. RFC 6455, 5.2.
                one.socket.sendall(
                    b"\x01\xff" + (900_000).to_bytes(8, "big") + bytes(4) + b" " * 900_000
                )
        yield
        measured.notes["memory_megabytes"] = (service.resident_bytes() - before) / 1e6


@contextmanager
def large_saves(service: Service, _: Measured) -> Iterator[None]:
    """Send saves of 8 MB from one account, eight at a time."""
    bob = Saver(service, "bob")

    def save(number: int, enough: threading.Event) -> None:
        saver = bob.another()
        while not enough.is_set():
            with contextlib.suppress(requests.RequestException):
                saver.save(f"{number}.data", os.urandom(64) * (8 * MEBIBYTE // 64 - 8))

    with threads(8, save):
        yield


class Saver:
    """A logged-in user with a project to save files in."""

    def __init__(self, service: Service, name: str) -> None:
        self._person = Person(service.server, name).log_in()
        self._web = self._person.web
        origin = service.server.origin
        page = self._person.get("/").text
        token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        self._web.headers.update({"Origin": origin, "X-CSRFToken": token})
        made = self._web.post(f"{origin}/api/projects/", json={"name": "abuse"}).json()
        self._files = f"{origin}/api/projects/{made['id']}/files/"

    def another(self) -> Saver:
        """Return the same user and project over a separate connection."""
        one: Saver = object.__new__(Saver)
        one._files = self._files
        one._web = requests.Session()
        one._web.cookies.update(dict(self._web.cookies))
        one._web.headers.update(self._web.headers)
        return one

    def save(self, name: str, content: bytes) -> int:
        return self._web.put(self._files + name, data=content, timeout=60).status_code


WAYS: dict[str, Misuse] = {
    "six runs of one long directive": sending(one_directive, "run"),
    "six checks of one long directive": sending(one_directive, "check"),
    "four idle programs": idle_programs,
    "computing between inputs": computing_between_inputs,
    "megabytes of control characters": sending(control_characters, "run"),
    "wrong log-ins": wrong_log_ins,
    "anonymous bodies": anonymous_bodies,
    "idle connections": idle_connections,
    "unfinished messages": unfinished_messages,
    "large saves": large_saves,
}


def measure(service: Service, rounds: int) -> dict[str, Measured]:
    """Measure one user beside each way of misuse."""
    found = {way: Measured() for way in WAYS}
    user = Saver(service, "charlie")
    for _ in range(rounds):
        for way, misuse in WAYS.items():
            one = found[way]
            _one_user(service, user, one, "quiet")
            with misuse(service, one):
                time.sleep(1)
                _one_user(service, user, one, "beside")
            print(f"measured: {way}, p95 of a run × {one.ratio(one.runs):.2f}", file=sys.stderr)
            time.sleep(1)
    return found


def _one_user(service: Service, user: Saver, measured: Measured, when: str) -> None:
    for number in range(RUNS):
        began = time.perf_counter()
        user.save("notes.txt", f"{number}\n".encode())
        measured.saves[when].append((time.perf_counter() - began) * 1000)
    for _ in range(RUNS):
        one_run = service.measure(HELLO, 1, 1, pause=PAUSE_SECONDS)
        try:
            samples = asyncio.run(asyncio.wait_for(one_run, PATIENCE_SECONDS))
        except TimeoutError:
            measured.runs[when].append(PATIENCE_SECONDS * 1000)
        else:
            measured.runs[when] += samples.result
            measured.refused += samples.errors


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.abuse", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write all figures there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder) / "data", 8)
        try:
            found = measure(service, options.rounds)
        finally:
            service.server.end()
    figures = {way: _figures(way, one) for way, one in found.items()}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


def _figures(way: str, one: Measured) -> dict[str, Any]:
    notes = "".join(f"; {name} {value:.1f}" for name, value in one.notes.items())
    print(
        f"{way:34} run {spread(one.runs['quiet']):>16} → {spread(one.runs['beside']):>16} ms"
        f" ({one.ratio(one.runs):.2f}), save {spread(one.saves['quiet']):>14}"
        f" → {spread(one.saves['beside']):>14} ms ({one.ratio(one.saves):.2f})"
        f", {len(one.refused)} refused{notes}"
    )
    return {
        "run_ms": {when: summary(values) for when, values in one.runs.items()},
        "save_ms": {when: summary(values) for when, values in one.saves.items()},
        "run_ratio": one.ratio(one.runs),
        "save_ratio": one.ratio(one.saves),
        "refused": len(one.refused),
        **one.notes,
    }


if __name__ == "__main__":
    main()
