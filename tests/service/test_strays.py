"""A container that could not be removed is tried again while its server lives."""

import asyncio
import secrets

import docker.errors
import pytest

from executor.container import LABEL, OWNER_LABEL, Engine, SandboxConfig, owner
from executor.pool import Pool
from tests.service.serving import eventually

pytestmark = pytest.mark.docker


@pytest.fixture
def engine(link, monkeypatch):
    """The engine by a way that can be cut."""
    monkeypatch.setenv("DOCKER_HOST", link.address)
    return Engine(SandboxConfig())


@pytest.fixture
def stray(engine):
    """A container with this process's label that no process in it could end, and its name."""
    name = f"sandbox_{secrets.token_hex(6)}"
    labels = {LABEL: "1", OWNER_LABEL: owner()}
    engine.client.create_container("ruv-sandbox", name=name, labels=labels)
    yield name
    engine.remove(name)


def is_there(engine, name):
    try:
        engine.client.inspect_container(name)
    except docker.errors.NotFound:
        return False
    return True


async def gone(engine, name):
    await asyncio.to_thread(eventually, lambda: not is_there(engine, name))


async def test_what_could_not_be_removed_goes_once_the_engine_is_back(engine, stray, link):
    link.cut()
    assert not engine.discard(stray)
    assert engine.removals_failed == 1
    pool = Pool(engine, 0, sweep_seconds=0.1)
    pool.start()
    link.restore()
    await gone(engine, stray)
    await pool.close()
    assert pool.counts.strays == 1


async def test_an_engine_that_is_away_does_not_end_the_sweeping(engine, stray, link):
    link.cut()
    pool = Pool(engine, 0, sweep_seconds=0.05)
    pool.start()
    await asyncio.sleep(0.3)  # several sweeps that reach nobody
    assert pool.counts.strays == 0
    link.restore()
    await gone(engine, stray)
    await pool.close()


async def test_what_somebody_holds_is_not_swept_away(engine, stray):
    pool = Pool(engine, 1, sweep_seconds=0.05)
    taken = await pool.take()
    pool.start()
    await gone(engine, stray)  # so the sweeper was there
    assert taken.alive
    assert is_there(engine, taken.name)
    pool.dispose(taken)
    await pool.close()
    assert not is_there(engine, taken.name)
    assert pool.counts.strays == 1
