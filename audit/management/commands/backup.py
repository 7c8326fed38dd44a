"""``manage.py backup FOLDER``: the data folder as it is now, while the server runs.

A database file that is copied while somebody writes is broken as often as not;
SQLite's own backup gives the state of one moment. What is copied is looked
through before it is called a backup.
"""

from __future__ import annotations

import shutil
import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

_PAGES_AT_ONCE = 2000
_PAUSE_SECONDS = 0.01
_LEFT_OUT = ("*.sqlite3", "*.sqlite3-*", "*.log", "*.log.*", "*.lock", "*.new")


class Command(BaseCommand):
    help = "Copy database and keys into a new folder, while the server runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a new or empty folder")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("This database is not SQLite; back it up with its own tools.")
        database = Path(settings.DATABASES["default"]["NAME"])
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise CommandError(f"“{folder}” already exists and was not touched.")
        # The head file names the newest records. Restored with the database, it would make an older
        # database look like the newest.
        left_out = shutil.ignore_patterns(*_LEFT_OUT, f"{settings.AUDIT_HEAD_FILE.stem}*")
        try:
            shutil.copytree(settings.DATA_DIR, folder, ignore=left_out, dirs_exist_ok=True)
        except (OSError, shutil.Error) as error:
            raise CommandError(f"“{folder}” could not be written: {error}.") from error
        folder.chmod(0o700)
        size = _copied(database, folder / database.name)
        others = sorted(one.name for one in folder.iterdir() if one.name != database.name)
        self.stdout.write(f"{database.name}, {size / 2**20:.1f} MB, is whole.")
        self.stdout.write(f"With it: {', '.join(others) or 'nothing else'}.")
        self.stdout.write("Keys that the settings name as files elsewhere are not in it.")


def _copied(source: Path, target: Path) -> int:
    """Copy a database in use; its size in bytes. Raises ``CommandError`` unless it is whole."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        # In pieces, so that writers get their turn; what they write meanwhile comes along.
        old.backup(new, pages=_PAGES_AT_ONCE, sleep=_PAUSE_SECONDS)
        (found,) = new.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise CommandError(f"The copy is not whole: {found}. Do not rely on it.")
    target.chmod(0o600)
    return target.stat().st_size
