"""Request bodies are limited, in total and for clients without a log-in."""

import json
import socket
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from tests.service.serving import PATIENCE_SECONDS, Person, eventually

pytestmark = pytest.mark.docker

SMALL = {"LIMIT_SOURCE_BYTES": 1000, "LIMIT_STDIN_BYTES": 1000, "LIMIT_DATA_BYTES": 1000}
LARGEST = 1061909
"""The largest request with these limits."""
PIECE = b"x" * (1 << 16)


@pytest.fixture(scope="module")
def small(serve):
    return serve(**SMALL, SANDBOX_POOL_SIZE=0, BODIES_BYTES=3 * LARGEST, REQUEST_SECONDS=300)


@pytest.fixture(scope="module")
def alice(small):
    return Person(small, "alice").log_in()


def opened(server, headers, body=b"", path="/accounts/login/", person=None):
    """A connection on which the head of a POST request was sent, and ``body``."""
    connection = socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS)
    if person:
        headers += f"\r\nCookie: sessionid={person.web.cookies['sessionid']}"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{headers}\r\n\r\n"
    connection.sendall(head.encode() + body)
    return connection


def answer(connection):
    """The status and the code of the error that it is answered with."""
    with connection.makefile("rb") as answers:
        status, length = 100, 0
        while status == 100:
            status = int(answers.readline().split()[1])
            while line := answers.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
        return status, json.loads(answers.read(length))["error"]["code"]


def test_body_declared_too_large_is_refused_before_it_is_read(small, alice):
    for person in (None, alice):
        with opened(small, f"Content-Length: {LARGEST + 1}", person=person) as connection:
            assert answer(connection) == (413, "body-size")


@pytest.mark.parametrize("more", ["", "\r\nCookie: sessionid=made-up\r\nExpect: 100-continue"])
@pytest.mark.parametrize("declared", ["Content-Length: 16385", "Transfer-Encoding: chunked"])
def test_large_body_without_a_log_in_is_refused_before_it_is_read(small, declared, more):
    with opened(small, declared + more) as connection:
        assert answer(connection) == (413, "body-size")
    with opened(small, declared + more, path="/api/projects/") as connection:
        assert answer(connection) == (403, "not-logged-in")


def test_strangers_cannot_fill_temporary_files(small):
    """Six of them sent all that the server took, and left their requests unfinished."""
    with ExitStack() as parked:
        for chunked in (False, True) * 3:
            piece = b"10000\r\n" + PIECE + b"\r\n" if chunked else PIECE
            headers = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {LARGEST}"
            connection = parked.enter_context(opened(small, headers))
            with suppress(OSError):
                for _ in range(12):
                    connection.sendall(piece)
        # Whoever reads the answer knows that the server is through with the rest.
        assert Person(small).get("/accounts/login/").status_code == 200
        assert temporary_bytes(small) == 0


@pytest.mark.parametrize("chunked", [False, True])
def test_refused_body_without_end_is_cut_off(small, chunked):
    headers = "Transfer-Encoding: chunked" if chunked else "Content-Length: 99999999999"
    with opened(small, headers) as connection:
        taken = 0
        with suppress(ConnectionError):
            while taken < 64 << 20:
                connection.sendall(b"10000\r\n" + PIECE + b"\r\n" if chunked else PIECE)
                taken += len(PIECE)
        # Twice the largest body is about 2 MB here; the rest are the buffers on the way.
        assert taken < 32 << 20


def test_body_that_is_a_little_too_large_gets_a_sentence(small, alice):
    response = alice.web.post(small.origin + "/api/projects/", data=b"x" * (3 << 19))
    assert response.status_code == 413
    assert "1,061,909 bytes, the limit" in response.json()["error"]["message"]
    # The same where the length is not declared.
    response = alice.web.post(small.origin + "/api/projects/", data=iter([PIECE] * 24))
    assert response.status_code == 413


def test_all_uploads_together_have_a_limit_and_make_room_when_they_end(small, alice):
    length = f"Content-Length: {LARGEST}"
    with ExitStack() as opened_ones:
        parked = [
            opened_ones.enter_context(closing(opened(small, length, PIECE, person=alice)))
            for _ in range(3)
        ]
        eventually(lambda: temporary_files(small) == 3)
        with opened(small, length, person=alice) as one_more:
            assert answer(one_more) == (503, "busy")
        parked[0].close()
        eventually(lambda: temporary_files(small) == 2)
        response = alice.web.post(small.origin + "/api/projects/", data=b"x" * (1 << 20))
        assert response.status_code == 403  # it has no token, and came as far as being asked for it


def test_account_has_so_many_uploads_under_way(serve):
    server = serve(**SMALL, SANDBOX_POOL_SIZE=0, REQUEST_SECONDS=300)
    bob, charlie = (Person(server, name).log_in() for name in ("bob", "charlie"))
    length = f"Content-Length: {LARGEST}"
    with ExitStack() as parked:
        for _ in range(8):
            parked.enter_context(opened(server, length, person=bob))
        eventually(lambda: temporary_files(server) == 8)
        with opened(server, length, person=bob) as one_more:
            assert answer(one_more) == (429, "too-many-requests")
        response = charlie.web.post(server.origin + "/api/projects/", data=b"x" * (1 << 20))
        assert response.json()["error"]["code"] == "csrf"


@pytest.mark.parametrize("body", [b"x" * (1 << 15), None])
def test_request_for_a_websocket_brings_no_body(serve, body):
    """Its body was counted as an upload for ever, and few of them kept everybody from uploading."""
    server = serve(**SMALL, SANDBOX_POOL_SIZE=0, BODIES_BYTES=3 * LARGEST, REQUEST_SECONDS=300)
    dora = Person(server, "dora").log_in()
    length = f"Content-Length: {len(body)}" if body else "Transfer-Encoding: chunked"
    key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    headers = f"Upgrade: WebSocket\r\nConnection: Upgrade\r\n{key}\r\n{length}"
    statuses = set()
    for _ in range(9):
        sent = body or b"0\r\n\r\n"
        with opened(server, headers, sent, path="/ws/execute/", person=dora) as connection:
            statuses.add(connection.recv(12))
    response = dora.web.post(server.origin + "/api/projects/", data=b"x" * (1 << 20))
    assert response.json()["error"]["code"] == "csrf"
    assert statuses == {b"HTTP/1.1 413"}


def test_the_server_serves_on(small):
    assert Person(small).get("/accounts/login/").status_code == 200
    assert "Traceback" not in small.log()
    assert "Unhandled" not in small.log()


def temporary(server):
    """The sizes of the deleted files that the server has open."""
    sizes = []
    for link in (Path("/proc") / str(server.pid) / "fd").iterdir():
        with suppress(OSError):
            if "(deleted)" in link.readlink().name:
                sizes.append(link.stat().st_size)
    return sizes


def temporary_files(server):
    return len(temporary(server))


def temporary_bytes(server):
    return sum(temporary(server))
