"""Web servers and workers in processes of their own, over stores of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.scale.stores import Postgres, Redis
from tests.service.serving import PASSWORDS, PROJECT, Person, Server, eventually

_READY = "This worker takes programs"


class Node(Server):
    """A web server of a cluster; its records are in PostgreSQL."""

    def __init__(self, data: Path, postgres: Postgres, redis: Redis, **environment: object) -> None:
        super().__init__(
            data,
            DATABASE_URL=postgres.url,
            REDIS_URL=redis.url,
            SECRET_KEY="of all nodes alike, as it has to be in a cluster",
            AUDIT_SIGNING_KEY="this one too, and it has to be as long as that",
            INSTANCE_NAME=data.name,
            **environment,
        )
        self._postgres = postgres
        data.mkdir()

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(self._postgres.url, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()

    def record(self, execution_id: str) -> dict[str, Any]:
        return self.rows("SELECT * FROM audit_execution WHERE id = %s", execution_id)[0]


class Worker(Node):
    """``manage.py worker``; to its sandboxes, it is a server like any other."""

    def start(self) -> Worker:
        began = len(self.log())
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=PROJECT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        process = self._process
        eventually(lambda: process.poll() is not None or _READY in self.log()[began:])
        assert process.poll() is None, self.log()
        return self

    def is_up(self) -> bool:
        return self._process is not None and self._process.poll() is None


class Cluster:
    """What is up and running; a context that leaves nothing behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._starting: list[Future[Worker]] = []

    def __enter__(self) -> Cluster:
        with ExitStack() as stack:
            self.postgres, self.redis = Postgres(), Redis()
            for store in (self.postgres, self.redis):
                stack.callback(store.close)
            settings = {
                "SANDBOX_POOL_SIZE": 2,
                "SANDBOX_CONCURRENCY": 2,
                "RUN_CONCURRENCY_PER_USER": 2,
                "DETACH_GRACE_SECONDS": 60,
            }
            make = [(Node, "web-1"), (Node, "web-2"), (Worker, "worker-1"), (Worker, "worker-2")]
            nodes = [
                kind(self._folder / name, self.postgres, self.redis, **settings)
                for kind, name in make
            ]
            self.webs, self.workers = nodes[:2], nodes[2:]
            self._beside = stack.enter_context(ThreadPoolExecutor())
            self._found()
            stack.callback(self._together, nodes, Server.end)
            stack.callback(self.all_up)
            self._together(nodes, lambda node: node.start())
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def _together(self, nodes: list[Node], do: Callable[[Node], object]) -> None:
        list(self._beside.map(do, nodes))

    def person(self, name: str, web: int) -> Person:
        return Person(self.webs[web], name).log_in()

    def worker_of(self, execution_id: str) -> Worker:
        """The worker that the record names."""
        server = self.webs[0].record(execution_id)["server"]
        (one,) = [worker for worker in self.workers if f":{worker.data.name}|" in server]
        return one

    def start_again(self, worker: Worker) -> None:
        """Beside what the test goes on with; :meth:`all_up` waits for it."""
        self._starting.append(self._beside.submit(worker.start))

    def all_up(self) -> None:
        while self._starting:
            self._starting.pop().result()

    def _found(self) -> None:
        web = self.webs[0]
        assert web.manage("migrate", "-v0").returncode == 0
        people = (
            "from django.contrib.auth.models import User\n"
            f"for name, password in {PASSWORDS!r}.items():\n"
            "    User.objects.create_user(name, password=password)\n"
        )
        assert web.manage("shell", "-v0", "-c", people).returncode == 0
