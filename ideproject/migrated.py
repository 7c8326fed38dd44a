"""Check before a command that the database has this version's migrations."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

_COMMANDS = {
    *("audit", "backup", "changepassword", "createsuperuser", "ensure_admin", "execute"),
    *("maintain", "notify", "policy_dry_run", "serve", "worker"),
}
_EX_SOFTWARE = 70  # the exit code of `execute` if nothing could be run
_HOW = "run “make run” or “manage.py migrate”."


def demand(arguments: Sequence[str]) -> None:
    """End the process with a sentence when a command needs the database and it is not ready."""
    command = arguments[1] if len(arguments) > 1 else ""
    if command not in _COMMANDS or {"-h", "--help"}.intersection(arguments):
        return
    if problem := _problem(waits=command in ("serve", "worker")):
        print(f"{problem} Nothing was done.", file=sys.stderr)
        sys.exit(_EX_SOFTWARE if command == "execute" else 1)


def _problem(*, waits: bool) -> str:
    try:
        pending = _pending()
    except OperationalError as error:
        if waits:  # these commands wait until the database answers
            return ""
        return f"The database cannot be reached: {str(error).strip().splitlines()[0]}."
    if pending is None:
        return f"The database is not set up yet. To set it up, {_HOW}"
    if pending:
        return (
            f"The database is older than this version of Cloister ({pending} migrations are "
            f"missing). To migrate it, {_HOW}"
        )
    return ""


def _pending() -> int | None:
    """Return how many migrations are missing; None if all are."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return None  # connecting would create the file
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        return None
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
