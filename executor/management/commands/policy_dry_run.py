"""``manage.py policy_dry_run``: what an edited policy would change for what was sent so far."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Max
from django.utils import timezone

from audit.models import Execution
from executor import dispatch
from executor.policy import Policy


@dataclass(frozen=True, slots=True)
class Change:
    """One stored project that the two policies judge differently.

    ``executions`` is how often it was sent, ``last`` the latest of them;
    ``before`` and ``after`` count the violations by rule.
    """

    executions: int
    last: Execution
    before: Counter[str]
    after: Counter[str]

    @property
    def verdict(self) -> str:
        if bool(self.before) == bool(self.after):
            return "still refused"
        return "newly refused" if self.after else "newly accepted"

    @property
    def rules(self) -> str:
        """What each rule gained or lost: ``+1 system-call, -2 pragma``."""
        delta = {rule: self.after[rule] - self.before[rule] for rule in self.before | self.after}
        return ", ".join(f"{count:+d} {rule}" for rule, count in sorted(delta.items()) if count)


class Command(BaseCommand):
    help = (
        "Judge the stored submissions by an edited policy and show what would change. Nothing "
        "is changed or run; what only the link check sees is not part of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.toml", help="the edited policy")
        parser.add_argument("--profile", default=settings.POLICY_PROFILE)
        parser.add_argument("--since", type=int, metavar="DAYS", help="only the last so many days")

    def handle(self, *args: Any, **options: Any) -> None:
        edited = _policy(options["file"], options["profile"])
        current = dispatch.policy_from_settings()
        self.stdout.write(f"From {current.version} to {edited.version}:")
        projects, totals = 0, Counter[str]()
        for change in _judged(current, edited, options["since"]):
            projects += 1
            if change.rules:
                totals[f"executions {change.verdict}"] += change.executions
                totals.update(f"projects gain {rule}" for rule in change.after - change.before)
                totals.update(f"projects lose {rule}" for rule in change.before - change.after)
                self._show(change)
        self.stdout.write(f"{projects} different projects were judged.")
        for what, count in sorted(totals.items()):
            self.stdout.write(f"{count:8} {what}")

    def _show(self, change: Change) -> None:
        last, many = change.last, "s" * (change.executions != 1)
        self.stdout.write(
            f"{change.verdict:15} {change.executions} execution{many} of {last.main}, the last "
            f"{last.pk} by {last.username or 'nobody in particular'}: {change.rules}"
        )


def _policy(path: Path, profile: str) -> Policy:
    try:
        return Policy.load(path, profile)
    except (OSError, KeyError, ValueError) as error:
        raise CommandError(f"The policy {path} cannot be read: {error}") from error


def _judged(current: Policy, edited: Policy, days: int | None) -> Iterator[Change]:
    """Each stored project once, by both policies, those that were sent last first."""
    executions = Execution.objects.filter(validated=True)
    if days is not None:
        executions = executions.filter(created__gte=timezone.now() - timedelta(days=days))
    projects = executions.values("source_id", "main").annotate(Count("pk"), last=Max("created"))
    for project in projects.order_by("-last").iterator():
        same = executions.filter(source=project["source_id"], main=project["main"])
        last = same.select_related("source").latest("created")
        yield Change(project["pk__count"], last, _found(current, last), _found(edited, last))


def _found(policy: Policy, execution: Execution) -> Counter[str]:
    """Violations by rule. Data files count as empty: only their names are kept."""
    data = {file["name"]: b"" for file in execution.data_files}
    files = data | execution.source.contents()
    found = policy.violations(files, execution.main, settings.LIMITS)
    return Counter(violation.rule for violation in found)
