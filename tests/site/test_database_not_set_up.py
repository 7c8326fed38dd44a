"""A command before the first start, or after an upgrade, names the next step."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings as site

from tests.service.serving import copy_of

COMMANDS = [("execute", "hello.c", "--json"), ("audit", "verify"), ("changepassword", "alice")]


def manage(data, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=site.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_command_before_the_first_start_says_how_to_set_up(command, tmp_path):
    done = manage(tmp_path, *command)
    assert done.stdout == ""
    assert done.stderr == (
        "The database is not set up yet. To set it up, run “make run” or “manage.py migrate”. "
        "Nothing was done.\n"
    )
    assert done.returncode == (70 if command[0] == "execute" else 1)
    assert not (tmp_path / "cloister.sqlite3").exists()


def test_command_after_an_upgrade_says_that_migrations_are_missing(house, tmp_path):
    data = copy_of(house, tmp_path / "data")
    with closing(sqlite3.connect(data / "cloister.sqlite3")) as database, database:
        database.execute("DELETE FROM django_migrations WHERE name = '0014_counted_findings'")
    done = manage(data, "execute", "hello.c")
    assert done.stderr == (
        "The database is older than this version of Cloister (1 migrations are missing). To "
        "migrate it, run “make run” or “manage.py migrate”. Nothing was done.\n"
    )
    assert done.returncode == 70


def test_database_that_does_not_answer_is_one_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "audit", "verify"],
        cwd=site.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The database cannot be reached: ")
    assert "Traceback" not in done.stderr
