from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import (
    acceptance,
    alarm,
    anchors,
    archive,
    recovery,
    retention,
    rounds,
    seals,
    signing,
    triggers,
)
from audit.findings import Finding, Refused
from audit.head_file import Unreadable
from audit.models import UNFINISHED, Execution
from audit.report import BadPeriod, Period, page, report
from audit.sealed import Removal, Seal, What
from audit.verification import Verification

_MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Seal the records, verify that they are what was sealed; anchor, prune, export, report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        seal = verbs.add_parser("seal", help="seal what is settled and was not sealed yet")
        seal.add_argument(
            "--late",
            action="store_true",
            help="seal records that turned up after their time was sealed, too, marked as late",
        )
        verify = verbs.add_parser("verify", help="name what is not as it was sealed; exit code 1")
        verify.add_argument(
            "--anchors", type=Path, help="a file of anchors, instead of AUDIT_ANCHOR_FILE"
        )
        anchor = verbs.add_parser("anchor", help="print the head, to be kept elsewhere")
        anchor.add_argument("--file", type=Path, help="append it there, instead of printing it")
        anchor.add_argument(
            "--notify", action="store_true", help="send it by the channels for notifications"
        )
        verbs.add_parser("key", help="print the public key that seals are signed with")
        prune = verbs.add_parser("prune", help="remove what was kept long enough")
        prune.add_argument("--category", choices=retention.CATEGORIES)
        prune.add_argument("--days", type=_days, help="instead of what the settings say")
        report = verbs.add_parser("report", help="tell what happened in a month, quarter or year")
        period = report.add_mutually_exclusive_group(required=True)
        for length, form in (("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026")):
            period.add_argument(f"--{length}", metavar=form)
        report.add_argument("--json", action="store_true", help="the values, instead of a page")
        report.add_argument("--output", type=Path, help="a new file, instead of standard output")
        accept = verbs.add_parser(
            "accept", help="accept the records as they are, for example after a restore; signed"
        )
        accept.add_argument("--reason", required=True, help="kept with the records, for good")
        export = verbs.add_parser("export", help="write everything sealed as JSON Lines")
        export.add_argument("--output", type=Path, help="a new file, instead of standard output")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            getattr(self, f"_{verb}")(**options)
        except Refused as refused:
            raise CommandError(f"{refused}. Nothing was sealed; see “audit verify”.") from refused
        except Unreadable as error:
            raise CommandError(
                f"The head file cannot be read: {error}. Move it aside, and see “audit verify”."
            ) from error

    def _seal(self, *, late: bool, **_: Any) -> None:
        with alarm.watching():
            made = seals.seal(late=late)
        anchors.keep(made)
        self.stdout.write(f"{sum(one.count for one in made)} records in {len(made)} new seals.")

    def _verify(self, **options: Any) -> None:
        verification = Verification(self._anchors(options["anchors"]))
        count = 0
        for count, finding in enumerate(chain(_recovered(), verification.findings()), 1):
            if count <= _MOST_SHOWN:
                self.stdout.write(str(finding))
        if count > _MOST_SHOWN:
            self.stdout.write(f"… and {count - _MOST_SHOWN} more")
        self._summarise(verification)
        if count:
            raise CommandError(f"{count} findings: the records are not what was sealed.")
        self.stdout.write(f"head {verification.seals} {verification.head}")

    def _anchors(self, named: Path | None) -> dict[int, str]:
        path = named or (Path(settings.AUDIT_ANCHOR_FILE) if settings.AUDIT_ANCHOR_FILE else None)
        if path is None or (named is None and not path.exists() and self._needs_no_anchors(path)):
            return {}
        try:
            return anchors.read(path)
        except anchors.Unreadable as error:
            raise CommandError(str(error)) from error

    def _needs_no_anchors(self, path: Path) -> bool:
        """Return whether a missing file is fine: before the first seal, or at its default path."""
        return seals.head() is None or path == settings.DATA_DIR / "audit_anchors"

    def _summarise(self, done: Verification) -> None:
        forgotten = Removal.objects.exclude(pseudonym="").values("pseudonym").distinct().count()
        unfinished = Execution.objects.filter(state__in=UNFINISHED).count()
        self.stdout.write(
            f"{done.records} records in {done.seals} seals, {done.pruned} of them pruned, "
            f"{done.late} sealed late. {done.waiting} wait for a seal, {unfinished} are "
            f"unfinished. {forgotten} people were forgotten."
        )
        for note in done.notes:
            self.stdout.write(note)
        for one in Removal.objects.filter(what=What.ACCEPTED).order_by("pk"):
            self.stdout.write(f"Accepted {one.created:%Y-%m-%d %H:%M} UTC: {one.why}")
        if absent := triggers.missing():
            self.stdout.write(
                f"Triggers that are not there: {', '.join(absent)}; “migrate” puts them up."
            )

    def _anchor(self, *, file: Path | None, notify: bool, **_: Any) -> None:
        head = self._head()
        if notify and not anchors.tell(head):
            raise CommandError("Neither ALERT_EMAILS nor ALERT_WEBHOOK_URL is set.")
        if file:
            anchors.append(head, file)
        else:
            self.stdout.write(anchors.line(head))

    def _accept(self, *, reason: str, **_: Any) -> None:
        if not reason.strip():
            raise CommandError("--reason must give the reason for accepting the records.")
        findings = acceptance.accept(reason.strip())
        for finding in findings[:_MOST_SHOWN]:
            self.stdout.write(str(finding))
        self.stdout.write(
            f"Accepted with {len(findings)} findings. The reason is signed and will be sealed."
        )

    def _head(self) -> Seal:
        if head := seals.head():
            return head
        raise CommandError("There is no seal yet; “audit seal” makes one.")

    def _key(self, **_: Any) -> None:
        self.stdout.write(signing.public_key())

    def _prune(self, *, category: str | None, days: int | None, **_: Any) -> None:
        if days is not None and category is None:
            raise CommandError("--days needs --category: nothing else is pruned by mistake.")
        rounds.seal()
        for one in retention.CATEGORIES.values():
            kept = one.days if days is None else days
            if category in (None, one.name) and kept:
                removed = retention.prune(one, kept)
                self.stdout.write(f"{one.name}: {removed} executions older than {kept} days.")
            elif category == one.name:
                raise CommandError(f"{one.setting} is 0: these are kept for good.")

    def _report(self, *, output: Path | None, **options: Any) -> None:
        lengths = ("month", "quarter", "year")
        length = next(one for one in lengths if options[one] is not None)
        try:
            period = getattr(Period, length)(options[length])
        except BadPeriod as error:
            raise CommandError(str(error)) from error
        facts = report(period)
        text = json.dumps(facts, indent=2) if options["json"] else page(facts)
        if output is None:
            self.stdout.write(text)
            return
        with self._new_file(output, "utf-8") as file:
            file.write(text + "\n")

    def _new_file(self, path: Path, encoding: str) -> TextIO:
        try:
            return path.open("x", encoding=encoding)
        except FileExistsError as error:
            raise CommandError(f"“{path}” already exists and was not touched.") from error
        except OSError as error:
            raise CommandError(f"“{path}” cannot be written: {error.strerror}.") from error

    def _export(self, *, output: Path | None, **_: Any) -> None:
        if output is None:
            sys.stdout.writelines(archive.lines())
            return
        with self._new_file(output, "ascii") as file:
            file.writelines(archive.lines())


def _recovered() -> list[Finding]:
    """Finish what a crash interrupted; return findings about steps that cannot be finished."""
    try:
        recovery.recover()
        acceptance.adopt()
    except Refused as refused:
        return refused.findings
    return []


def _days(text: str) -> int:
    """Whole days, at least one."""
    days = int(text)
    if days < 1:
        raise ValueError
    return days
