"""The people of every test: alice, bob and charlie use the site, dora administers it."""

import os

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection

from executor import CodeExecutor
from executor.container import UNVALIDATED_IMAGE, SandboxConfig
from executor.sandbox_config import Reuse
from tests.service.serving import found_house

# As for the site: SANDBOX_RUNTIME=runsc holds gVisor to the same promises.
RUNTIME = os.environ.get("SANDBOX_RUNTIME", "")
# And SANDBOX_REUSE=anyone sandboxes that serve again.
REUSE = Reuse(os.environ.get("SANDBOX_REUSE", "never"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """SQLite in a file, as the site has it.

    Threads that share Django's usual one, in memory, lock whole tables, and nobody waits for them:
    https://sqlite.org/sharedcache.html.
    """
    if connection.vendor == "sqlite":
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(autouse=True)
def _quick_and_uncounted(settings):
    """Passwords hash quickly, and no attempt counts for the next test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def _own_head_file(settings, tmp_path_factory):
    """Each test begins with an empty database, and so without a head file."""
    folder = tmp_path_factory.mktemp("head")
    settings.AUDIT_HEAD_FILE = folder / "audit_head"
    settings.AUDIT_ANCHOR_FILE = ""


@pytest.fixture
def alice(db):
    return User.objects.create_user("alice", password="alice-and-her-9-cats")


@pytest.fixture
def bob(db):
    return User.objects.create_user("bob", password="bob-and-his-9-dogs")


@pytest.fixture
def charlie(db):
    return User.objects.create_user("charlie", password="charlie-and-no-pets")


@pytest.fixture
def dora(db):
    return User.objects.create_superuser("dora", password="dora-and-her-9-keys")


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """A data folder to copy from: migrating and hashing passwords is done once."""
    return found_house(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="session")
def sandbox():
    """Real containers, as the site would start them."""
    with CodeExecutor(SandboxConfig(runtime=RUNTIME, reuse=REUSE), pool_size=2) as executor:
        yield executor


@pytest.fixture(scope="session")
def unvalidated_sandbox():
    """The same walls, but with all headers and nobody who reads the source."""
    config = SandboxConfig(image=UNVALIDATED_IMAGE, runtime=RUNTIME, reuse=REUSE)
    with CodeExecutor(config, pool_size=2) as executor:
        yield executor
