import pytest

from tests.workspace.browsers import Browser


@pytest.fixture
def of_alice(alice):
    return Browser(alice)


@pytest.fixture
def of_bob(bob):
    return Browser(bob)


@pytest.fixture
def of_nobody(db):
    return Browser()
