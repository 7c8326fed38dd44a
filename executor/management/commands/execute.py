"""``manage.py execute``: one submission from files, recorded like any other."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import uuid
from argparse import ArgumentParser
from os.path import abspath, relpath
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from audit import recorder
from executor import dispatch, messages
from executor.log_context import about
from executor.outcome import Outcome, Status
from executor.submission import WARNINGS, BadSubmission, Options, Submission

logger = logging.getLogger(__name__)

EX_SOFTWARE = 70  # sysexits.h: the sandbox itself failed
_MOST_BYTES = 64 << 20
"""Beyond all limits, which say so of what is smaller; some files have no end."""


class Command(BaseCommand):
    help = "Compile and run C in a sandbox. The first C file is the main one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--stdin", type=Path, help="a file for the program's standard input")
        parser.add_argument("--arg", action="append", default=[], help="one program argument")
        parser.add_argument("--sanitize", action="store_true", help="find wrong memory accesses")
        parser.add_argument("--fixed-seed", action="store_true", help="FANN's weights start alike")
        parser.add_argument("--warnings", choices=WARNINGS, default="error")
        parser.add_argument("--user", help="the account that the record belongs to")
        parser.add_argument("--json", action="store_true", help="print the result object")
        parser.add_argument(
            "--no-validate",
            action="store_true",
            help="for the security tests only; needs SANDBOX_ALLOW_UNVALIDATED=1",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # not every terminal has every character
        validated = not options["no_validate"]
        if not validated and not settings.SANDBOX_ALLOW_UNVALIDATED:
            raise CommandError(
                "--no-validate is for the security tests and needs SANDBOX_ALLOW_UNVALIDATED=1 "
                "in the environment. Nothing was run."
            )
        submission = _submission(options, validated)
        sender = dispatch.Sender(_user(options["user"]), "command")
        try:
            outcome = self._execute(submission, sender, quiet=options["json"])
        except dispatch.Refused as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self._print(outcome)
            sys.exit(EX_SOFTWARE if outcome.status is Status.SANDBOX_ERROR else 0)
        self._tell(outcome)
        sys.exit(_exit_code(outcome))

    def _execute(self, submission: Submission, sender: dispatch.Sender, quiet: bool) -> Outcome:
        execution_id = str(uuid.uuid4())
        with (
            about(execution_id),
            dispatch.executor_from_settings(pool_size=0, validated=submission.validate) as executor,
        ):
            dispatch.record_began(execution_id, submission, sender, running=True)
            outcome = executor.execute(
                submission, execution_id, emit=None if quiet else self._relay
            )
            self._record(outcome)
        return outcome

    def _record(self, outcome: Outcome) -> None:
        try:
            recorder.ended(outcome.execution_id, outcome.as_dict())
        except Exception as error:
            logger.exception("the ending of %s could not be recorded", outcome.execution_id)
            raise CommandError(
                "The program ran, but its result could not be recorded, and so it is not shown. "
                f"Execution {outcome.execution_id} will be closed as lost."
            ) from error

    def _relay(self, event: messages.Event) -> None:
        if isinstance(event, messages.Output):
            stream = sys.stdout if event.stream == "stdout" else sys.stderr
            try:
                print(event.data, end="", file=stream, flush=True)
            except OSError as error:
                # The execution goes on, as its ending is owed to the record.
                _let_go(stream)
                if not isinstance(error, BrokenPipeError):  # then nobody wants to read it
                    self.stderr.write(
                        f"The output cannot be written: {error.strerror}. It will be in the record."
                    )

    def _print(self, outcome: Outcome) -> None:
        try:
            self.stdout.write(json.dumps(outcome.as_dict()))
            self.stdout.flush()
        except OSError as error:
            _let_go(self.stdout)
            raise CommandError(
                f"The result cannot be written: {error.strerror}. "
                f"It is in the record of execution {outcome.execution_id}."
            ) from error

    def _tell(self, outcome: Outcome) -> None:
        for violation in outcome.violations:
            place = f"{violation.file}:{violation.line}:{violation.column}: "
            self.stderr.write(f"{place * bool(violation.line)}{violation.message}")
            if violation.suggestion:
                self.stderr.write(f"    {violation.suggestion}")
        self.stderr.write(
            f"[{outcome.status}] {outcome.message} "
            f"Compiled in {outcome.compile_ms:.0f} ms, ran for {outcome.run_ms:.0f} ms, "
            f"{outcome.peak_memory_bytes / 2**20:.1f} MB at its peak."
        )


def _submission(options: dict[str, Any], validated: bool) -> Submission:
    paths: list[Path] = options["files"]
    mains = [path for path in paths if path.suffix == ".c"]
    if not mains:
        raise CommandError("None of the files is a C file (.c). Nothing was run.")
    folder = mains[0].parent
    try:
        files = {Path(relpath(path, folder)).as_posix(): _content(path) for path in paths}
        stdin = _content(options["stdin"]) if options["stdin"] else b""
        return Submission.from_files(
            files,
            mains[0].name,
            args=options["arg"],
            stdin=stdin,
            validate=validated,
            options=Options(options["sanitize"], options["fixed_seed"], options["warnings"]),
            above=Path(abspath(folder)).parts[1:],
        )
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
    except BadSubmission as error:
        raise CommandError(f"{error} Nothing was run.") from error


def _let_go(stream: Any) -> None:
    """What it still holds, and all that comes, goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES)
    if len(content) == _MOST_BYTES:
        raise CommandError(f"{path} is larger than any file may be. Nothing was run.")
    return content


def _user(name: str | None) -> User | None:
    if name is None:
        return None
    try:
        return User.objects.get_by_natural_key(name)
    except User.DoesNotExist as error:
        raise CommandError(f"There is no account “{name}”. Nothing was run.") from error


def _exit_code(outcome: Outcome) -> int:
    if outcome.status is Status.SANDBOX_ERROR:
        return EX_SOFTWARE
    if outcome.status is Status.SUCCESS:
        return 0
    return outcome.exit_code or 1
