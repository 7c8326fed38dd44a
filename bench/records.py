"""How fast the pages of many records answer: ``python -m bench.records [--executions 100000]``.

Makes a database in a folder of its own, fills it with generated executions and
violations of a month, asks each page a few times, and prints the medians.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.models import Execution, Source, Violation

DAYS = 30
PEOPLE = 200
_AT_ONCE = 2000
_ROUNDS = 5
# By share of what a course sends: mostly fine, some mistakes, a few attempts.
_STATUSES = {
    "success": 70,
    "compile_error": 12,
    "runtime_error": 6,
    "timeout": 4,
    "blocked": 4,
    "memory_limit": 2,
    "blocked_syscall": 1,
    "sandbox_error": 1,
}
_VIOLATIONS = {
    "blocked": [
        ("blocked_pattern", "dangerous-header", "medium"),
        ("blocked_pattern", "system-call", "high"),
        ("blocked_pattern", "path-traversal", "medium"),
    ],
    "blocked_syscall": [("escape_attempt", "blocked-syscall", "high")],
    "timeout": [("resource_limit", "run-time", "low")],
    "memory_limit": [("resource_limit", "memory", "low")],
}


def fill(count: int, now: datetime, seed: int = 1) -> None:
    """Write ``count`` executions of the ``DAYS`` before ``now``, with their violations."""
    from django.contrib.auth.models import User

    from audit.models import Execution, Violation

    dice = random.Random(seed)  # noqa: S311 - nothing secret comes of it
    User.objects.bulk_create(User(username=f"person{number}") for number in range(PEOPLE))
    people = list(User.objects.filter(username__startswith="person"))
    for begin in range(0, count, _AT_ONCE):
        numbers = range(begin, min(count, begin + _AT_ONCE))
        made = [
            _execution(dice, people, source, now - timedelta(days=DAYS) * (1 - number / count))
            for number, source in zip(numbers, _sources(numbers), strict=True)
        ]
        Execution.objects.bulk_create(made)
        Violation.objects.bulk_create(v for one in made for v in _violations(dice, one))


def _sources(numbers: range) -> list[Source]:
    """A source for each, as a site has it where nobody sends the same twice."""
    from audit.models import Source
    from audit.recorder import source_of

    text = "#include <stdio.h>\nint main(void) { return %d; }\n"
    made = [source_of({"main.c": (text % number).encode()}) for number in numbers]
    return Source.objects.bulk_create(made)


def _execution(
    dice: random.Random, people: list[Any], source: Source, created: datetime
) -> Execution:
    from audit.models import Execution

    person = dice.choice(people)
    status = dice.choices(list(_STATUSES), list(_STATUSES.values()))[0]
    compiled = round(dice.lognormvariate(4.5, 0.3), 3)
    run = round(dice.lognormvariate(3, 1.2), 3)
    return Execution(
        user=person,
        username=person.username,
        door=dice.choice(["page", "page", "page", "api"]),
        state="ended",
        status=status,
        message="Finished (exit code 0).",
        created=created,
        started=created,
        ended=created + timedelta(milliseconds=compiled + run),
        source=source,
        code_hash="c0de" * 16,
        main="main.c",
        stdout="x" * dice.randrange(2000),
        limits={"memory_bytes": 128 << 20},
        policy_version="1",
        image="ruv-sandbox",
        queue_ms=round(dice.expovariate(0.1), 3),
        container_start_ms=round(dice.expovariate(0.2), 3),
        compile_ms=compiled,
        run_ms=run,
        cpu_ms=round(run / 2, 3),
        total_ms=round(compiled + run + 20, 3),
        peak_memory_bytes=dice.randrange(1 << 20, 64 << 20),
        output_bytes=1000,
    )


def _violations(dice: random.Random, execution: Execution) -> Iterator[Violation]:
    from audit.models import Violation

    for category, rule, severity in _VIOLATIONS.get(execution.status, [])[: dice.randrange(1, 4)]:
        yield Violation(
            execution=execution,
            category=category,
            rule=rule,
            severity=severity,
            message="It is not allowed here.",
            created=execution.ended or execution.created,
        )


def measure(ask: Callable[[str], Any], paths: dict[str, str]) -> dict[str, float]:
    """The median milliseconds of each page; a page that does not answer 200 raises."""
    medians = {}
    for name, path in paths.items():
        taken = []
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            answer = ask(path)
            taken.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")
        medians[name] = statistics.median(taken)
    return medians


def _paths() -> dict[str, str]:
    from audit.models import Execution, Violation

    execution, violation = Execution.objects.latest("created"), Violation.objects.latest("created")
    lists = {"executions": "/admin/audit/execution/", "violations": "/admin/audit/violation/"}
    board = f"{lists['executions']}dashboard/"
    return {
        **lists,
        "executions, one status": f"{lists['executions']}?status=timeout",
        "executions, one person": f"{lists['executions']}?user={execution.user_id}",
        "executions, past week": f"{lists['executions']}?hours=168",
        "executions, search": f"{lists['executions']}?q={execution.username}",
        "violations, one rule": f"{lists['violations']}?rule=system-call",
        "an execution": f"{lists['executions']}{execution.pk}/change/",
        "a dossier": f"{lists['violations']}{violation.pk}/change/",
        **{f"dashboard, {days}": f"{board}?range={days}" for days in ("1d", "30d", "90d")},
        "dashboard, violations": f"{board}violations/?range=30d",
        "dashboard, live": f"{board}live/",
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.records", description=__doc__)
    parser.add_argument("--executions", type=int, default=100_000)
    count = parser.parse_args().executions
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "ideproject.settings"}
        _measured(count, Path(folder))


def _measured(count: int, folder: Path) -> None:
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    fill(count, timezone.now())
    print(f"{count:,} executions written in {time.perf_counter() - began:.0f} s")
    size = sum(file.stat().st_size for file in folder.glob("cloister.sqlite3*"))
    print(f"{size / 2**20:.0f} MB of database, {size / count:.0f} bytes an execution")
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("dora"))
    for name, milliseconds in measure(client.get, _paths()).items():
        print(f"{milliseconds:8.0f} ms  {name}")


if __name__ == "__main__":
    main()
