"""The service as it is served: one roomy server for most tests, others made on request."""

import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore

from executor.code_executor import CodeExecutor
from executor.pool import Pool
from executor.runner import Runner
from executor.submission import Submission
from tests.service.engine_link import EngineLink
from tests.service.serving import Person, Server, copy_of


@pytest.fixture(scope="session")
def server(house, tmp_path_factory):
    """The server that most tests share; after them all, it has kept its promises."""
    shared = Server(copy_of(house, tmp_path_factory.mktemp("shared") / "data"), SANDBOX_POOL_SIZE=2)
    yield shared.start()
    assert shared.stop() == 0
    assert "Traceback" not in shared.log()
    assert shared.sandboxes() == []


@pytest.fixture(scope="module")
def serve(house, tmp_path_factory):
    """Starts further servers, each on data of its own; they end with the module."""
    started = []

    def start(**environment):
        data = copy_of(house, tmp_path_factory.mktemp("further") / "data")
        started.append(Server(data, **environment))
        return started[-1].start()

    yield start
    for one in started:
        one.end()


@pytest.fixture(scope="session")
def alice(server):
    return Person(server, "alice").log_in()


@pytest.fixture(scope="session")
def bob(server):
    return Person(server, "bob").log_in()


@pytest.fixture(scope="session")
def charlie(server):
    return Person(server, "charlie").log_in()


@pytest.fixture(scope="session")
def dora(server):
    return Person(server, "dora").log_in()


@pytest.fixture
def link():
    """A way to the real engine that can be cut; its folder's name is short, as a socket needs."""
    folder = Path(tempfile.mkdtemp())
    with EngineLink(folder / "engine.sock") as opened:
        yield opened
    shutil.rmtree(folder)


@pytest.fixture
def stranger(server):
    return Person(server)


@pytest.fixture
def session(transactional_db):
    """Of a browser in which erin is logged in, for conversations without a server."""
    erin = User.objects.create_user("erin", password="erin-and-her-9-newts")
    store = SessionStore()
    store[SESSION_KEY] = str(erin.pk)
    store[BACKEND_SESSION_KEY] = site.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = erin.get_session_auth_hash()
    store.save()
    return store


@pytest.fixture(scope="module")
def compiled():
    """Runs a source with tools that were started early, and with others."""
    with CodeExecutor() as early, CodeExecutor() as plain:
        greeted = plain._pool
        plain._pool = Pool(greeted.engine, 0)
        plain._runner = Runner(plain._pool, plain.policy, plain.config.limits)

        def _compiled(submission):
            if isinstance(submission, str):
                submission = Submission.from_source(submission)
            return early.execute(submission), plain.execute(submission)

        yield _compiled
