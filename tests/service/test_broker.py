"""The broker under attack by the process that it serves: nothing but sandboxes comes of it."""

import json
import os
import secrets
import select
import socket
import subprocess
import sys
import threading
from contextlib import suppress

import docker
import docker.errors
import pytest

from executor.broker import Broker
from executor.broker_client import BrokeredEngine
from executor.broker_protocol import REQUEST_MAX
from executor.container import Engine, SandboxConfig, SandboxUnavailable
from executor.engine import container_name
from tests.service.serving import PATIENCE_SECONDS, PROJECT, eventually

pytestmark = pytest.mark.docker

MOST = 2
CONNECTIONS = 64
HTTP = b"GET /info HTTP/1.1\r\nHost: engine\r\n\r\n"
IMAGE_ID = "sha256:" + "0" * 64


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    """The path of a broker's socket; the broker ends with a process that ends with the module."""
    path = tmp_path_factory.mktemp("broker") / "socket"
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(path))
        listener.listen()
        parent = subprocess.Popen(["sleep", "3600"])
        engines = {"standard": Engine(SandboxConfig())}
        serving = threading.Thread(
            target=Broker(engines, os.getuid(), MOST).serve,
            args=(listener, os.pidfd_open(parent.pid)),
        )
        serving.start()
        yield str(path)
        parent.kill()
        parent.wait()
        serving.join(PATIENCE_SECONDS)
        assert not serving.is_alive()


def asked(path, message):
    """The answer to one message on a connection of its own, and whether it is open still."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.settimeout(PATIENCE_SECONDS)
        connection.connect(path)
        connection.send(message)
        answer = json.loads(connection.recv(1 << 16))
        connection.send(b'{"verb": "ping"}') if "error" not in answer else None
        return answer, bool(connection.recv(1 << 16))


def words(**fields):
    return json.dumps(fields).encode()


def start(**fields):
    return words(**{"verb": "start", "shape": "standard", "name": "sandbox_0123456789ab"} | fields)


BAD = {
    "no JSON": b"{",
    "no object": b"[]",
    "nothing": b"null",
    "bytes": b"\xff\xfe",
    "deep": b"[" * REQUEST_MAX,
    "no verb": b"{}",
    "a number for a verb": words(verb=1),
    **{f"verb {verb}": words(verb=verb) for verb in ("create", "exec", "pull", "build", "START")},
    "too long": b" " * REQUEST_MAX + words(verb="ping"),
    "much too long": b" " * (64 << 10),
    "a field too many": words(verb="ping", image="alpine"),
    "a field too few": words(verb="start", shape="standard"),
    "a field twice": b'{"verb": "ping", "verb": "info"}',
    **{
        f"start with {field}": start(**{field: value})
        for field, value in {
            "image": "alpine",
            "cmd": ["/bin/sh"],
            "mounts": ["/:/host"],
            "cap_add": ["ALL"],
            "network": "host",
            "privileged": True,
            "memory_bytes": 1 << 40,
        }.items()
    },
    **{
        f"name {name!r}": start(name=name)
        for name in ("", "../x", "sandbox_", "sandbox_0123456789AB", "sandbox_0123456789ab\n", 7)
    },
    **{
        f"shape {s!r}": start(shape=s)
        for s in ("unvalidated", "privileged", "", None, ["standard"])
    },
    "remove by prefix": words(verb="remove", name="sandbox_"),
    "remove by short id": words(verb="remove", name="0123456789ab"),
    "an image of another name": words(verb="declarations", shape="standard", image="alpine"),
    "a path": words(verb="declarations", shape="standard", image=IMAGE_ID, path="/etc/shadow"),
    **{
        f"age {age}": b'{"verb": "remove_old_images", "seconds": %s}' % age
        for age in (b"0", b"-1", b"3599", b"true", b"NaN", b"Infinity", b"1e999", b'"9999"')
    },
}


@pytest.mark.parametrize("message", BAD.values(), ids=BAD)
def test_broker_refuses_malformed_request_and_closes_the_connection(broker, message):
    answer, is_open = asked(broker, message)
    assert answer["error"] == "broker-refused"
    assert not is_open


def test_broker_answers_after_refused_requests(broker):
    assert asked(broker, words(verb="ping")) == ({"answer": "pong"}, True)


def test_every_container_is_made_to_the_brokers_own_configuration(broker):
    engine = BrokeredEngine(SandboxConfig(), broker, "standard")
    direct = Engine(SandboxConfig())
    names = [f"sandbox_{secrets.token_hex(6)}" for _ in range(2)]
    streams = [engine.start(names[0])[0], direct.start(names[1])[0]]
    seen = [direct.client.inspect_container(name) for name in names]
    for stream, name in zip(streams, names, strict=True):
        stream.close()
        direct.remove(name)
    assert seen[0]["HostConfig"] == seen[1]["HostConfig"]
    for one in seen:
        del one["Config"]["Labels"]
    assert seen[0]["Config"] == seen[1]["Config"]
    assert seen[0]["Image"] == seen[1]["Image"]


def test_attached_stream_reaches_the_container_and_no_api(broker):
    engine = BrokeredEngine(SandboxConfig(), broker, "standard")
    name = f"sandbox_{secrets.token_hex(6)}"
    stream, _ = engine.start(name)
    stream.settimeout(PATIENCE_SECONDS)
    received = stream.recv(4096)  # the supervisor is ready
    # As a request it would be answered; the supervisor reads it as a broken order, and ends.
    stream.sendall(HTTP)
    while data := stream.recv(4096):
        received += data
    assert b"HTTP/" not in received
    assert b"ServerVersion" not in received
    # The engine has closed its half: it sends nothing more on this connection.
    with suppress(BrokenPipeError):
        stream.sendall(HTTP)
    assert stream.recv(4096) == b""
    assert stream.connect_ex("/var/run/docker.sock") != 0
    stream.close()
    eventually(lambda: name not in [container_name(one) for one in engine.sandboxes()])


def test_broker_limits_sandboxes(broker):
    engine = BrokeredEngine(SandboxConfig(), broker, "standard")
    names = [f"sandbox_{secrets.token_hex(6)}" for _ in range(MOST + 1)]
    streams = [engine.start(name)[0] for name in names[:MOST]]
    with pytest.raises(SandboxUnavailable, match=f"All {MOST} sandboxes") as refused:
        engine.start(names[MOST])
    assert refused.value.code == "broker-full"
    with pytest.raises(SandboxUnavailable, match="of this name"):
        engine.start(names[0])
    there = [container_name(one) for one in engine.sandboxes()]
    assert set(names[:MOST]) <= set(there)
    assert names[MOST] not in there
    for stream in streams:
        stream.close()
    # They ended by themselves without a request: the broker checks before it refuses.
    eventually(lambda: not set(names) & {container_name(one) for one in engine.sandboxes()})
    stream, _ = engine.start(names[MOST])
    stream.close()
    assert engine.await_removal(names[MOST])


def test_starts_at_the_same_moment_make_no_more_sandboxes(broker):
    """Those that were just being made were forgotten when the next one looked what is there."""
    engines = [BrokeredEngine(SandboxConfig(), broker, "standard") for _ in range(3 * MOST)]
    names = [f"sandbox_{secrets.token_hex(6)}" for _ in engines]
    streams = []

    def start(engine, name):
        with suppress(SandboxUnavailable):
            streams.append(engine.start(name)[0])

    starts = [threading.Thread(target=start, args=one) for one in zip(engines, names, strict=True)]
    for one in starts:
        one.start()
    for one in starts:
        one.join()
    there = set(names) & {container_name(one) for one in engines[0].sandboxes()}
    for stream in streams:
        stream.close()
    eventually(lambda: not set(names) & {container_name(one) for one in engines[0].sandboxes()})
    assert len(there) == len(streams) == MOST


def test_a_container_that_is_not_ours_stays(broker):
    client = docker.APIClient()
    name = f"sandbox_{secrets.token_hex(6)}"
    made = client.create_container("ruv-sandbox", name=name)["Id"]
    engine = BrokeredEngine(SandboxConfig(), broker, "standard")
    try:
        engine.remove(name)
        engine.remove(made)
        engine.await_removal(name)
        assert client.inspect_container(made)["Name"] == f"/{name}"
        assert name not in [container_name(one) for one in engine.sandboxes()]
    finally:
        client.remove_container(made, force=True)


HOLDS_A_SANDBOX = """
import sys, threading
from executor.broker_client import BrokeredEngine
from executor.sandbox_config import SandboxConfig
held = BrokeredEngine(SandboxConfig(), sys.argv[1], "standard").start(sys.argv[2])
print("1", flush=True)
threading.Event().wait()
"""


def test_broker_removes_sandboxes_of_an_ended_client(broker):
    """As a server that is killed does; its label names its process, whatever it claims."""
    name = f"sandbox_{secrets.token_hex(6)}"
    command = [sys.executable, "-c", HOLDS_A_SANDBOX, broker, name]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as child:
        assert child.stdout.read(1) == b"1"
        direct = Engine(SandboxConfig())
        labels = direct.client.inspect_container(name)["Config"]["Labels"]
        assert f"/{child.pid}/" in labels["io.cloister.owner"]
        child.kill()
    eventually(lambda: name not in [container_name(one) for one in direct.sandboxes()])


def test_a_flood_of_connections_and_requests_waits_and_ends_nothing(broker):
    opened = []
    for _ in range(100):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.settimeout(PATIENCE_SECONDS)
        connection.connect(broker)
        opened.append(connection)
    # The broker closes connections beyond the limit and answers the others.
    eventually(lambda: sum(map(_is_closed, opened)) >= len(opened) - CONNECTIONS)
    kept = [connection for connection in opened if not _is_closed(connection)]
    assert len(kept) >= CONNECTIONS // 2
    for connection in kept:
        connection.send(words(verb="ping"))
    assert {connection.recv(1024) for connection in kept} == {b'{"answer": "pong"}'}
    for connection in opened:
        connection.close()
    eventually(lambda: _pong(broker))


def _is_closed(connection):
    """Whether the broker hung up: it sends nothing unasked."""
    return bool(select.select([connection], [], [], 0)[0])


def _pong(path):
    try:
        return asked(path, words(verb="ping"))[1]
    except (OSError, ValueError):
        return False
