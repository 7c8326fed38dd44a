"""A PostgreSQL and a Redis of the tests' own: on free ports, in a temporary folder, as nobody's."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import redis

from tests.service.serving import eventually, free_port

_POSTGRES = "postgres"


def _answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Store:
    """A server that can be ended and started again, on the data that it had."""

    def __init__(self) -> None:
        self.port = free_port()
        # Not below pytest's folder, which only its owner may enter.
        self.folder = Path(tempfile.mkdtemp(prefix="cloister-", dir="/tmp"))
        self._process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root.
        self._user = _POSTGRES if os.geteuid() == 0 else None
        if self._user:
            os.chown(self.folder, pwd.getpwnam(self._user).pw_uid, -1)

    def start(self) -> None:
        self._process = subprocess.Popen(
            self.command(),
            user=self._user,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        eventually(self.is_there)

    def stop(self) -> None:
        """End it now, as a crash would; twice is once."""
        if self._process is not None:
            self._process.send_signal(self.end_signal)
            self._process.wait(30)
            self._process = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_there(self) -> bool:
        return _answers(self.port)

    def command(self) -> list[str]:
        raise NotImplementedError

    end_signal = signal.SIGTERM


class Postgres(Store):
    end_signal = signal.SIGQUIT  # connections end at once

    def __init__(self) -> None:
        super().__init__()
        self._programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self._data = self.folder / "data"
        self._run("initdb", "-D", self._data, "-U", _POSTGRES, "--auth=trust", "--no-sync")
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", _POSTGRES, "cloister")

    @property
    def url(self) -> str:
        return f"postgresql://{_POSTGRES}@127.0.0.1:{self.port}/cloister"

    def command(self) -> list[str]:
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        settings = [f"--{name}={value}" for name, value in options.items()]
        return [
            str(self._programs / "postgres"),
            "-D",
            str(self._data),
            f"-p{self.port}",
            *settings,
        ]

    def is_there(self) -> bool:
        asked = [self._programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [self._programs / program, *map(str, arguments)],
            user=self._user,
            cwd=self.folder,
            env={"LC_ALL": "C.UTF-8"},
            check=True,
            capture_output=True,
        )


class Redis(Store):
    def __init__(self) -> None:
        super().__init__()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        return [
            *("redis-server", "--bind", "127.0.0.1", "--port", str(self.port)),
            *("--dir", str(self.folder), "--appendonly", "yes"),
        ]

    def empty(self) -> None:
        """Forget everything, as a Redis without a disk does when it is started again."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def follow(self, execution_id: str) -> None:
        """Say that somebody follows it, as a follower may just after the end."""
        with redis.Redis.from_url(self.url) as client:
            client.set(f"{{cloister}}:followed:{execution_id}", 1, ex=120)

    def knows(self, execution_id: str) -> bool:
        with redis.Redis.from_url(self.url) as client:
            return bool(client.exists(f"{{cloister}}:live:{execution_id}"))
