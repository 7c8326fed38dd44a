"""Clients of the real server: logged in, over WebSockets, every wall up."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection as Connection
from websockets.sync.client import connect as connect_in_thread
from websockets.typing import Origin

from tests.service.serving import Server, found_house

_AGAIN_SECONDS = 0.2
_ACCOUNTS = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
for number in range({count}):
    user = User.objects.create_user(f"bench{{number}}")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print("session", session.session_key)
"""


@dataclass(slots=True)
class Samples:
    """Milliseconds from ``run`` sent, one entry for each execution."""

    result: list[float] = field(default_factory=list)
    first_output: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, others: Samples) -> None:
        """Take the entries of others, not their seconds."""
        self.result += others.result
        self.first_output += others.first_output
        self.errors += others.errors


class Service:
    """A server with ``accounts`` people in it, each with a session."""

    def __init__(self, folder: Path, accounts: int, **environment: Any) -> None:
        self.pool_size = os.cpu_count() or 1
        self.server = Server(found_house(folder), SANDBOX_POOL_SIZE=self.pool_size, **environment)
        shown = self.server.manage("shell", "-v0", "-c", _ACCOUNTS.format(count=accounts)).stdout
        self._sessions = [line.split()[1] for line in shown.splitlines() if "session" in line]
        self.server.start()

    def connect(self, number: int) -> connect:
        """Open a socket of one account, for a coroutine."""
        return connect(self._address, **self._options(number))

    def talk(self, number: int) -> Connection:
        """Open a socket of one account, for a thread."""
        made: Connection = connect_in_thread(self._address, **self._options(number), max_size=None)
        return made

    @property
    def _address(self) -> str:
        return self.server.origin.replace("http", "ws") + "/ws/execute/"

    def _options(self, number: int) -> dict[str, Any]:
        cookie = {"Cookie": f"sessionid={self._sessions[number]}"}
        return {"origin": Origin(self.server.origin), "additional_headers": cookie}

    async def measure(self, source: str, clients: int, runs: int, pause: float = 0.0) -> Samples:
        """``runs`` executions for each of ``clients`` people who run one after the other.

        ``seconds`` begin when all of them are connected.
        """
        samples = Samples()
        async with contextlib.AsyncExitStack() as stack:
            connecting = [self.connect(number) for number in range(clients)]
            sockets = [await stack.enter_async_context(one) for one in connecting]
            began = time.perf_counter()
            await asyncio.gather(*(_client(one, source, runs, pause, samples) for one in sockets))
            samples.seconds = time.perf_counter() - began
        return samples

    async def keep_running(self, number: int, source: str, samples: Samples) -> None:
        """One execution after the other, until it is cancelled; refused, it tries again soon."""
        while True:
            with contextlib.suppress(ConnectionClosed):
                async with self.connect(number) as socket:
                    while True:
                        refused = len(samples.errors)
                        await run(socket, source, samples)
                        if len(samples.errors) > refused:
                            await asyncio.sleep(_AGAIN_SECONDS)
            await asyncio.sleep(_AGAIN_SECONDS)

    def resident_bytes(self) -> int:
        """What the server process holds in memory."""
        status = Path(f"/proc/{self.server.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def open_files(self) -> int:
        """How many descriptors the server process has open."""
        return len(list(Path(f"/proc/{self.server.pid}/fd").iterdir()))


async def _client(
    socket: ClientConnection, source: str, runs: int, pause: float, samples: Samples
) -> None:
    for _ in range(runs):
        await asyncio.sleep(pause)
        await run(socket, source, samples)


async def run(socket: ClientConnection, source: str, samples: Samples) -> None:
    """One execution; its times, or what became of it, go into ``samples``."""
    began = time.perf_counter()
    first = None
    await socket.send(json.dumps({"type": "run", "source": source}))
    while True:
        message: dict[str, Any] = json.loads(await socket.recv())
        now = (time.perf_counter() - began) * 1000
        if message["type"] == "output" and first is None:
            first = now
        if message["type"] in ("result", "error", "rate_limited"):
            break
    if message.get("status") != "success":
        samples.errors.append(str(message.get("message")))
        return
    samples.result.append(now)
    samples.first_output.append(first if first is not None else now)
