"""``manage.py sandbox``: look after the sandboxes of this host."""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from executor import dispatch
from executor.code_executor import CodeExecutor
from executor.container import Engine, SandboxConfig, SandboxUnavailable
from executor.pool import reap
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
        missing = 0
        with CodeExecutor(config, dispatch.policy_from_settings()) as executor:
            for wall in survey(executor):
                mark = "ok  " if wall.stands else "MISS" if wall.needed else "note"
                missing += wall.needed and not wall.stands
                self.stdout.write(f"{mark}  {wall.name:33} {wall.detail}")
            if options["packages"]:
                self._packages(executor.pool.engine)
        self.stdout.write(f"      {'pool':33} {settings.SANDBOX_POOL_SIZE} kept warm by the server")
        if missing and options["strict"]:
            raise CommandError(f"{missing} of the walls above are missing.")

    def _packages(self, engine: Engine) -> None:
        labels = engine.image()["Config"]["Labels"] or {}
        for package in labels.get(PACKAGES_LABEL, "").split():
            self.stdout.write(f"      {package}")

    def _build(self, options: dict[str, Any]) -> None:
        script = settings.BASE_DIR / "sandbox" / "build.sh"
        sys.exit(subprocess.call([script, "--base", options["base"]]))  # noqa: S603

    def _ps(self, options: dict[str, Any]) -> None:
        for container in self._engine().sandboxes():
            age = time.time() - container["Created"]
            name = container["Names"][0].lstrip("/")
            self.stdout.write(f"{name}  {age:6.0f} s  {container['State']:8}  {container['Image']}")

    def _kill(self, options: dict[str, Any]) -> None:
        engine, wanted = self._engine(), set(options["names"])
        for container in engine.sandboxes():
            name = container["Names"][0].lstrip("/")
            if name in wanted or "all" in wanted:
                engine.remove(name)
                wanted.discard(name)
                self.stdout.write(f"ended {name}")
        if unknown := wanted - {"all"}:
            raise CommandError(f"There is no sandbox {', '.join(sorted(unknown))}.")

    def _prune(self, options: dict[str, Any]) -> None:
        reaped = reap(self._engine())
        self.stdout.write(f"removed {len(reaped)}: {', '.join(reaped) or 'there were no strays'}")

    def _engine(self) -> Engine:
        return dispatch.executor_from_settings(pool_size=0).pool.engine
