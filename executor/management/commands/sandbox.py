"""``manage.py sandbox``: look after the sandboxes of this host."""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from audit.models import Execution
from executor import dispatch
from executor.admission import engine_from_settings
from executor.code_executor import CodeExecutor
from executor.engine import SandboxEngine, SandboxUnavailable, container_name
from executor.pool import reap
from executor.sandbox_config import SandboxConfig
from executor.walls import PACKAGES_LABEL, survey


class Command(BaseCommand):
    help = "Build the image, check the walls, list, end or clean up sandboxes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="say which walls stand on this host")
        check.add_argument("--strict", action="store_true", help="exit 1 when one is missing")
        check.add_argument("--image", default=settings.SANDBOX_IMAGE)
        check.add_argument(
            "--packages", action="store_true", help="list what the image was made from"
        )
        build = verbs.add_parser("build", help="build the sandbox image")
        build.add_argument("--base", choices=["auto", "debian", "alpine"], default="auto")
        verbs.add_parser("ps", help="list the sandboxes that the engine knows")
        kill = verbs.add_parser("kill", help="end sandboxes; their executions say sandbox_error")
        kill.add_argument("names", nargs="+", metavar="NAME", help="sandbox_…, or “all”")
        verbs.add_parser("prune", help="remove sandboxes whose server has ended")
        logs = verbs.add_parser("logs", help="what is known of one sandbox, and was logged of it")
        logs.add_argument("name", help="sandbox_…, or the id of its execution")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except SandboxUnavailable as error:
            raise CommandError(str(error)) from error

    def _check(self, options: dict[str, Any]) -> None:
        # It demands none, so that it can say of each whether it stands.
        config = SandboxConfig(
            settings.LIMITS, options["image"], settings.SANDBOX_RUNTIME, walls=frozenset()
        )
        if settings.SANDBOX_BROKER and config.image != settings.SANDBOX_IMAGE:
            raise CommandError(
                f"The broker makes sandboxes of {settings.SANDBOX_IMAGE} alone. "
                "Set SANDBOX_IMAGE for the broker and leave --image out."
            )
        engine, missing = engine_from_settings(config), 0
        with CodeExecutor(config, dispatch.policy_from_settings(), engine=engine) as executor:
            for wall in survey(executor):
                mark = "ok  " if wall.stands else "MISS" if wall.needed else "note"
                missing += wall.needed and not wall.stands
                self.stdout.write(f"{mark}  {wall.name:33} {wall.detail}")
            if options["packages"]:
                self._packages(executor.pool.engine)
        self.stdout.write(f"      {'pool':33} {settings.SANDBOX_POOL_SIZE} kept warm by the server")
        if missing and options["strict"]:
            raise CommandError(f"{missing} of the walls above are missing.")

    def _packages(self, engine: SandboxEngine) -> None:
        labels = engine.image()["Config"]["Labels"] or {}
        for package in labels.get(PACKAGES_LABEL, "").split():
            self.stdout.write(f"      {package}")

    def _build(self, options: dict[str, Any]) -> None:
        script = settings.BASE_DIR / "sandbox" / "build.sh"
        sys.exit(subprocess.call([script, "--base", options["base"]]))  # noqa: S603

    def _ps(self, options: dict[str, Any]) -> None:
        for container in self._engine().sandboxes():
            age = time.time() - container["Created"]
            name = container_name(container)
            self.stdout.write(f"{name}  {age:6.0f} s  {container['State']:8}  {container['Image']}")

    def _kill(self, options: dict[str, Any]) -> None:
        engine, wanted = self._engine(), set(options["names"])
        for container in engine.sandboxes():
            name = container_name(container)
            if name in wanted or "all" in wanted:
                engine.remove(name)
                wanted.discard(name)
                self.stdout.write(f"ended {name}")
        if unknown := wanted - {"all"}:
            raise CommandError(f"There is no sandbox {', '.join(sorted(unknown))}.")

    def _prune(self, options: dict[str, Any]) -> None:
        reaped = reap(self._engine())
        self.stdout.write(f"removed {len(reaped)}: {', '.join(reaped) or 'there were no strays'}")

    def _logs(self, options: dict[str, Any]) -> None:
        """Sandboxes keep no log: what their one execution left is in its record and our log."""
        name: str = options["name"]
        by_id = Q(pk=name) if _is_id(name) else Q(container=name)
        record = Execution.objects.filter(by_id).first()
        if record is None:
            raise CommandError(
                f"No record names {name}. A sandbox that waits in the pool has had no execution."
            )
        self.stdout.write(
            f"{record.container or 'no sandbox'}  execution {record.id}  {record.created:%F %T} UTC"
            f"  {record.status or record.state}: {record.message}"
        )
        if not settings.LOG_FILE:
            self.stdout.write(f"LOG_FILE is not set; look for {record.id} where the log goes.")
            return
        for line in _lines(Path(settings.LOG_FILE)):
            if str(record.id) in line or (record.container and record.container in line):
                self.stdout.write(line.rstrip())

    def _engine(self) -> SandboxEngine:
        return dispatch.executor_from_settings(pool_size=0).pool.engine


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _lines(file: Path) -> Iterator[str]:
    """The log with what was moved aside of it, the oldest first."""
    numbers = range(settings.LOG_FILES_KEPT, 0, -1)
    for one in (*(file.with_name(f"{file.name}.{number}") for number in numbers), file):
        if one.exists():
            with one.open(encoding="utf-8", errors="replace") as lines:
                yield from lines
