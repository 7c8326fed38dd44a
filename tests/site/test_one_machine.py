"""What a site on one machine does not need, and what one on several is asked for at the start."""

import os
import subprocess
import sys

import pytest

from ideproject.settings import BASE_DIR

STORES = {
    "DATABASE_URL": "postgresql://cloister:p%40ss@db.example:5433/records?sslmode=require",
    "REDIS_URL": "redis://:secret@redis.example/0",
    "SECRET_KEY": "the same on every machine",
    "AUDIT_SIGNING_KEY": "and so is this one, of which every seal is signed",
}


def python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def shown(expression, **environment):
    """A value of the settings, or the last line of what is said instead."""
    told = python(f"import ideproject.settings as s; print({expression})", **environment)
    return told.stdout.strip() or told.stderr.strip().splitlines()[-1]


def test_the_doors_open_without_redis_celery_or_psycopg():
    code = """
import sys
sys.modules |= dict.fromkeys(["redis", "celery", "kombu", "psycopg"])  # as if not installed
import ideproject.asgi
"""
    assert python(code).stderr == ""


def test_an_address_of_postgresql_is_taken_apart_and_its_options_go_to_the_driver():
    database = eval(shown("s.DATABASES['default']", **STORES))
    assert database["NAME"] == "records"
    assert (database["HOST"], database["PORT"]) == ("db.example", "5433")
    assert (database["USER"], database["PASSWORD"]) == ("cloister", "p@ss")
    options = database["OPTIONS"]
    assert options["sslmode"] == "require"
    silent = (
        options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"]
    )
    assert max(silent, options["tcp_user_timeout"] / 1000) <= 15


def test_with_redis_the_counters_of_the_rates_are_shared():
    caches = shown("[one['BACKEND'] for one in s.CACHES.values()]", **STORES)
    assert caches.count("RedisCache") == 6
    assert shown("'django_ratelimit.E003' in s.SILENCED_SYSTEM_CHECKS", **STORES) == "False"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"DATABASE_URL": "mysql://db.example/records"}, "DATABASE_URL must be an address"),
        ({"DATABASE_URL": "postgresql://db.example"}, "DATABASE_URL names no database"),
        ({"DATABASE_URL": "postgresql://db.example:port/x"}, "DATABASE_URL must be an address"),
        ({"DATABASE_URL": ""}, "REDIS_URL needs DATABASE_URL"),
        ({"REDIS_URL": "secret@redis.example"}, "REDIS_URL must be an address"),
        ({"SECRET_KEY": ""}, "REDIS_URL needs SECRET_KEY and AUDIT_SIGNING_KEY"),
        ({"AUDIT_SIGNING_KEY": ""}, "REDIS_URL needs SECRET_KEY and AUDIT_SIGNING_KEY"),
    ],
)
def test_what_several_machines_need_is_asked_for_at_the_start_without_showing_a_secret(
    change, said
):
    told = shown("s.VERSION", **STORES | change)
    assert said in told
    assert "secret@" not in told


def test_a_worker_without_its_stores_says_what_it_needs():
    code = "from django.core import management as m; m.execute_from_command_line(['', 'worker'])"
    told = python(code, DJANGO_SETTINGS_MODULE="ideproject.settings")
    assert told.returncode == 1
    assert "A worker needs REDIS_URL and DATABASE_URL" in told.stderr
