"""What a request brings has a bound, also for those who are not logged in."""

import socket

import pytest

from tests.service.serving import Person

pytestmark = pytest.mark.docker

SMALL = {"LIMIT_SOURCE_BYTES": 1000, "LIMIT_STDIN_BYTES": 1000, "LIMIT_DATA_BYTES": 1000}
MEGABYTE = b"x" * (1 << 20)


@pytest.fixture(scope="module")
def small(serve):
    return serve(**SMALL, SANDBOX_POOL_SIZE=0)


def sent(server, headers, piece=MEGABYTE, most=64):
    """How many pieces the server takes of a body that never ends."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        head = (
            f"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{headers}\r\n\r\n"
        )
        connection.sendall(head.encode())
        for number in range(most):
            try:
                connection.sendall(piece)
            except ConnectionError:
                return number
    return most


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_without_end_is_cut_off(small, chunked):
    if chunked:
        taken = sent(small, "Transfer-Encoding: chunked", b"100000\r\n" + MEGABYTE + b"\r\n")
    else:
        taken = sent(small, "Content-Length: 99999999999")
    # Twice the largest body is about 2 MB here; the rest are the buffers on the way.
    assert taken < 32


def test_a_body_that_is_a_little_too_large_gets_a_sentence(small):
    alice = Person(small, "alice").log_in()
    answer = alice.web.post(small.origin + "/api/projects/", data=b"x" * (3 << 19))
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "body-size"


def test_the_server_serves_on(small):
    assert Person(small).get("/accounts/login/").status_code == 200
    assert "Traceback" not in small.log()
    assert "Unhandled" not in small.log()
