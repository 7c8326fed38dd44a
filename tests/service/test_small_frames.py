"""Frames of a WebSocket that are as small as can be hold up nobody but their sender."""

import base64
import secrets
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from tests.service.serving import PATIENCE_SECONDS, Person

pytestmark = pytest.mark.docker

# Masked with zeros.
PIECES = b"\x01\x81\0\0\0\0x" + b"\0\x81\0\0\0\0x" * 600_000
PINGS = b"\x89\x80\0\0\0\0" * 700_000


@pytest.fixture(scope="module")
def alice(serve):
    return Person(serve(SANDBOX_POOL_SIZE=0), "alice").log_in()


@pytest.mark.parametrize("frames", [PIECES, PINGS], ids=["pieces", "pings"])
def test_small_frames_cost_the_server_little(alice, frames):
    """Each megabyte of them took all the server's time for two seconds."""
    server = alice.server
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    before = cpu_seconds(server)
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS) as connection:
        connection.sendall(
            f"GET /ws/execute/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Origin: {server.origin}\r\nCookie: sessionid={alice.web.cookies['sessionid']}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 101 ")
        with suppress(ConnectionError):
            connection.sendall(frames)
            while connection.recv(1 << 16):
                pass
    assert alice.get("/accounts/login/").status_code == 200
    assert cpu_seconds(server) - before < 3


def cpu_seconds(server):
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
