"""How a sandbox goes: by itself where it can, by force where it does not, and never unseen."""

import asyncio
import os
import resource
import time

import docker.errors
import pytest

from executor.container import Engine, SandboxConfig, SandboxUnavailable, is_wanted
from executor.engine_socket import EngineError, EngineSocket

pytestmark = pytest.mark.docker


@pytest.fixture
def engine():
    return Engine(SandboxConfig())


@pytest.fixture
def a_thousand_pages():
    """As many descriptors as that, so that the next ones have numbers above 1023."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1024)]
    yield
    for one in opened:
        os.close(one)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def is_there(engine, name):
    try:
        engine.client.inspect_container(name)
    except docker.errors.NotFound:
        return False
    return True


def told(engine, name, since):
    """What the engine did with a container, in words of its own."""
    until = int(time.time()) + 1
    events = engine.client.events(since, until, {"container": name}, decode=True)
    return [event["Action"] for event in events]


async def test_a_used_sandbox_is_gone_and_the_engine_was_not_asked_to_kill_it(engine):
    since = int(time.time()) - 1
    sandbox = await engine.create()
    await sandbox.destroy()
    assert not is_there(engine, sandbox.name)
    assert not is_wanted(sandbox.name)
    actions = await asyncio.to_thread(told, engine, sandbox.name, since)
    assert "destroy" in actions
    assert "kill" not in actions


async def test_one_that_does_not_end_by_itself_is_removed_by_force(engine):
    sandbox = await engine.create()
    await engine._see_off(sandbox.name)  # its stream is open, so its supervisor stays
    assert not is_there(engine, sandbox.name)
    assert not is_wanted(sandbox.name)
    await sandbox.destroy()


async def test_seeing_off_one_that_is_gone_already_says_nothing(engine, caplog):
    sandbox = await engine.create()
    await asyncio.to_thread(engine.remove, sandbox.name)
    await sandbox.destroy()
    assert engine.removals_failed == 0
    assert not caplog.records


async def test_many_at_once_share_their_connections_and_all_go(engine):
    sandboxes = await asyncio.gather(*(engine.create() for _ in range(6)))
    await asyncio.gather(*(sandbox.destroy() for sandbox in sandboxes))
    assert not [sandbox.name for sandbox in sandboxes if is_there(engine, sandbox.name)]


async def test_beside_a_thousand_pages_sandboxes_are_made_and_go_as_ever(engine, a_thousand_pages):
    for _ in range(2):
        sandbox = await engine.create()
        await sandbox.destroy()
        assert not is_there(engine, sandbox.name)


async def test_a_connection_that_the_engine_closed_meanwhile_is_not_used(link, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", link.address)
    engine = Engine(SandboxConfig())
    before = await engine.create()
    await before.destroy()
    link.cut()
    link.restore()
    after = await engine.create()
    assert is_there(engine, after.name)
    await after.destroy()
    assert not [one.name for one in (before, after) if is_there(engine, one.name)]


async def test_an_image_that_is_not_there_is_said_by_its_code():
    with pytest.raises(SandboxUnavailable) as said:
        await Engine(SandboxConfig(image="no-such-image")).create()
    assert said.value.code == "image-missing"


def test_attaching_to_nothing_is_an_error_with_its_status(engine):
    with pytest.raises(EngineError) as refused:
        engine.calls.attach("sandbox_of_nobody")
    assert refused.value.status == 404


def test_an_engine_behind_tls_is_refused_in_words():
    with pytest.raises(OSError, match="over https"):
        EngineSocket("https://engine.example:2376", "1.41", 1).image_id("ruv-sandbox")


async def test_a_thread_that_cannot_be_started_is_an_error_and_no_end(engine, monkeypatch):
    """As a cancellation it would end the pool's filling, and leave a record open."""

    def no_thread(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("executor.engine_socket._threads.submit", no_thread)
    with pytest.raises(RuntimeError, match="start new thread"):
        await engine.create()
