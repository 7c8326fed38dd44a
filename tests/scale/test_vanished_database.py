"""A database whose machine vanishes: nothing is refused and nothing is answered any more."""

import os
import subprocess
import sys

import pytest

from ideproject.settings import BASE_DIR

pytestmark = pytest.mark.scale

PATIENCE_SECONDS = 30
# In a network of its own, which goes down without a word to anybody.
IN_THE_DARK = """
import os, subprocess, time
from tests.scale.stores import Postgres

def network(state):
    subprocess.run(["ip", "link", "set", "lo", state], check=True)

network("up")
store = Postgres()
os.environ |= {"DATABASE_URL": store.url, "DJANGO_SETTINGS_MODULE": "ideproject.settings"}
import django
django.setup()
from django.db import OperationalError, close_old_connections, connection

def asked():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()

asked()
network("down")
began = time.monotonic()
try:
    asked()
except OperationalError:
    print("seconds", time.monotonic() - began)
close_old_connections()
network("up")
time.sleep(1)
print("answer", *asked())
store.close()
"""


@pytest.fixture
def alone():
    """Begins a command in a network without any other machine."""
    # What it leaves running ends with it.
    prefix = ["unshare", "--net", "--pid", "--fork", "--kill-child"]
    if subprocess.run([*prefix, "ip", "link"], capture_output=True).returncode:
        pytest.skip("a network of one's own needs root")
    return prefix


def test_whoever_asks_it_is_told_within_half_a_minute_and_it_is_found_again(alone, tmp_path):
    told = subprocess.run(
        [*alone, sys.executable, "-c", IN_THE_DARK],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE_SECONDS,
    )
    said = dict(line.split(" ", 1) for line in told.stdout.splitlines())
    assert float(said["seconds"]) < PATIENCE_SECONDS, told.stderr
    assert said["answer"] == "1", told.stderr
