"""A server to look after, and records to look at."""

import pytest

from tests.audit.conftest import outcome, record, violation  # noqa: F401 - fixtures
from tests.service.serving import Person, Server, copy_of


@pytest.fixture(scope="module")
def tended(house, tmp_path_factory):
    """A server whose logs are JSON in a file and whose metrics need no token."""
    data = copy_of(house, tmp_path_factory.mktemp("tended") / "data")
    log = data / "cloister.log"
    one = Server(data, SANDBOX_POOL_SIZE=1, LOG_FORMAT="json", LOG_FILE=log)
    yield one.start()
    one.end()


@pytest.fixture(scope="module")
def alice_there(tended):
    return Person(tended, "alice").log_in()
