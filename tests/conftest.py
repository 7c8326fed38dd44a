"""The people of every test: alice, bob and charlie use the site, dora administers it."""

import os

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from pytest_django.plugin import blocking_manager_key
from xdist.scheduler import LoadFileScheduling

from executor import CodeExecutor
from executor.container import UNVALIDATED_IMAGE, SandboxConfig
from executor.sandbox_config import Reuse
from tests.service.serving import found_house

# As for the site: SANDBOX_RUNTIME=runsc holds gVisor to the same promises.
RUNTIME = os.environ.get("SANDBOX_RUNTIME", "")
# And SANDBOX_REUSE=anyone sandboxes that serve again.
REUSE = Reuse(os.environ.get("SANDBOX_REUSE", "never"))
LONGEST_FIRST = ("scale", "service", "ops", "security")
"""Folders in whose files most of the time goes: begun last, one process would end alone."""


def pytest_xdist_make_scheduler(config, log):
    """With ``-n``, a file is done by one process, as its fixtures are shared."""
    return _ByFile(config, log)


class _ByFile(LoadFileScheduling):
    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        # These files share a whole cluster.
        return "tests/scale" if file.startswith("tests/scale/") else file


def pytest_collection_modifyitems(items):
    """Put the long files first, and keep what migrations made for tests that empty the database."""
    items.sort(key=_turn)
    for item in items:
        if (mark := _emptying(item)) is not None:
            kept = mark.kwargs | {"serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**kept), append=False)


def _turn(item):
    """When a test's folder has its turn."""
    folder = item.path.parent.name
    return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Put back what migrations made, such as the reviewers' group, for whichever test is next."""
    torn_down = yield
    if _emptying(item) is not None:
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
    return torn_down


def _emptying(item):
    """The mark of a test with real transactions: they can only be undone by deleting all rows."""
    mark = item.get_closest_marker("django_db")
    return mark if mark is not None and mark.kwargs.get("transaction") else None


@pytest.fixture(autouse=True)
def _quick_and_uncounted(settings):
    """Passwords hash quickly, and no attempt counts for the next test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for cache in caches.all():
        cache.clear()


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
