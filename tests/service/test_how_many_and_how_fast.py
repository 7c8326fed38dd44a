"""How many connections, how many messages, how long for a request: generous, and not endless."""

import json
import re
import socket as plain
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed

from tests.service.serving import PATIENCE_SECONDS, Person, eventually, printed
from tests.service.test_who_may_open_a_socket import HELLO, WAITING

pytestmark = pytest.mark.docker

PASTED = "a line of some length that somebody has pasted\n" * 40
RESIZE = json.dumps({"type": "resize", "cols": 80, "rows": 24})
# Worth many messages, so that a slow machine uses a budget up as well.
LONG_RESIZE = json.dumps(json.loads(RESIZE) | {"nothing": " " * (2 << 20)})


def raw(server):
    return plain.create_connection(("127.0.0.1", server.port), timeout=30)


def flood(socket):
    """Send until the account may send no more, however slow the machine is."""
    code = ""
    while code != "too-fast":
        socket.connection.send(LONG_RESIZE)
        code = socket.receive()["code"]


@pytest.fixture(scope="module")
def server(serve):
    """Of its own: an account that has used up its messages is no use to other tests."""
    return serve()


# Messages


def test_typing_pasting_and_dragging_the_window_meet_no_limit(server):
    alice = Person(server, "alice").log_in()
    with alice.socket() as socket:
        socket.start(WAITING, interactive=True)
        socket.until_shown("ready")
        for _ in range(300):
            socket.send("stdin", data="x")
            socket.send("resize", cols=80, rows=24)
        socket.send("stdin", data="\n" + PASTED)
        socket.send("stdin", data="the end\n")
        socket.until_shown("the end")
        socket.send("eof")
        assert socket.result()["status"] == "success"


def test_stop_is_heard_however_many_messages_came_before(server):
    charlie = Person(server, "charlie").log_in()
    with charlie.socket() as socket:
        socket.start(WAITING, interactive=True)
        socket.until_shown("ready")
        flood(socket)
        for _ in range(20):
            socket.connection.send(LONG_RESIZE)
        socket.send("stop")
        seen = [socket.receive()]
        while seen[-1]["type"] != "result":
            seen.append(socket.receive())
        assert seen[-1]["status"] == "stopped"
        # The account may send again little by little.
        eventually(lambda: socket.run(HELLO)[-1].get("status") == "success")


def test_a_flood_that_hears_no_answer_ends_its_socket_and_nobody_elses(server):
    dora = Person(server, "dora").log_in()
    bob = Person(server, "bob").log_in()
    with bob.socket() as other:
        with dora.socket() as socket:
            flood(socket)
            with suppress(ConnectionClosed):
                for _ in range(8000):
                    socket.connection.send(RESIZE)
            assert socket.close_code() == 4429
        assert other.answer("{}")["code"] == "unknown-type"


# Connections


def test_a_network_opens_so_many_sockets_and_no_more(serve):
    server = serve(SOCKETS_PER_ADDRESS=3)
    alice, bob = (Person(server, name).log_in() for name in ("alice", "bob"))
    with alice.socket(), alice.socket():
        with bob.socket(), bob.socket() as one_more:
            assert one_more.close_code() == 4429
        with bob.socket() as socket:
            assert socket.run(HELLO)[-1]["status"] == "success"


def test_behind_a_proxy_the_network_is_the_one_that_the_proxy_names(serve):
    server = serve(SOCKETS_PER_ADDRESS=1, CONNECTIONS_PER_ADDRESS=1, TRUST_PROXY=1)
    alice = Person(server, "alice").log_in()

    def headers(address):
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in alice.web.cookies)
        return {"additional_headers": {"Cookie": cookies, "X-Forwarded-For": address}}

    with alice.socket(**headers("192.0.2.1")), alice.socket(**headers("192.0.2.2")) as socket:
        assert socket.answer("{}")["code"] == "unknown-type"
        with alice.socket(**headers("192.0.2.1")) as one_more:
            assert one_more.close_code() == 4429


def test_idle_connections_make_room_for_the_next_client(serve):
    server = serve(CONNECTIONS_PER_ADDRESS=4)
    with ExitStack() as opened:
        beginnings = (
            b"",
            b"GET / HTTP/1.1\r\nX: ",
            b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n",
        )
        lines = [opened.enter_context(raw(server)) for _ in range(4)]
        for line, beginning in zip(lines, beginnings, strict=False):
            line.sendall(beginning)
        for _ in range(3):
            opened.enter_context(raw(server))
        # In the order in which they came.
        for line in lines[:3]:
            line.settimeout(PATIENCE_SECONDS / 2)
            with suppress(ConnectionError):
                assert line.recv(1) == b""
        lines[3].sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert lines[3].recv(9) == b"HTTP/1.1 "


def test_thousand_idle_connections_leave_descriptors_for_the_next_client(serve):
    server = serve(open_files=600, SANDBOX_POOL_SIZE=0)
    assert "may open 600 files, which leaves 300 for connections" in server.log()
    limits = Path(f"/proc/{server.pid}/limits").read_text()
    assert re.search(r"Max open files +600 +600 ", limits)
    with ExitStack() as opened:
        for number in range(1000):
            source = (f"127.0.0.{2 + number % 8}", 0)
            address = ("127.0.0.1", server.port)
            opened.enter_context(plain.create_connection(address, 30, source))
        alice = Person(server, "alice").log_in()
        with alice.socket() as socket:
            assert socket.run(HELLO)[-1]["status"] == "success"
    assert "Too many open files" not in server.log()


def test_messages_without_an_end_are_bounded_in_all(server):
    bob, charlie = (Person(server, name).log_in() for name in ("bob", "charlie"))
    size = 9 << 20
    head = b"\x01\xff" + (size + 1).to_bytes(8) + bytes(4)
    with ExitStack() as opened:
        sockets = [opened.enter_context(bob.socket()) for _ in range(8)]
        for socket in sockets:
            socket.connection.socket.sendall(head + b" " * size)
        # 64 MB is the limit: only the oldest message's connection ends.
        assert sockets[0].close_code() == 1006
        with charlie.socket() as other:
            assert other.answer("{}" + " " * (5 << 20))["code"] == "bad-json"
        sockets[-1].connection.socket.sendall(b" \x80\x80" + bytes(4))
        assert sockets[-1].receive()["code"] == "bad-json"


def test_a_connection_that_became_a_socket_is_counted_until_it_ends(serve):
    server = serve(CONNECTIONS_PER_ADDRESS=4)
    alice = Person(server, "alice").log_in()
    for _ in range(6):
        with alice.socket() as socket:
            assert socket.answer("{}")["code"] == "unknown-type"
    alice.web.close()
    with ExitStack() as opened:
        for _ in range(4):
            eventually(lambda: _is_served(server))
            opened.enter_context(alice.socket())
        assert not _is_served(server)
        with raw(server) as one_more:
            answer = one_more.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 429 ")
        assert b"Too many connections" in answer


def _is_served(server):
    with raw(server) as line:
        line.sendall(
            b"GET /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        with suppress(ConnectionError):
            return line.makefile("rb").readline().startswith(b"HTTP/1.1 200 ")
        return False


# Time


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ",
        b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
    ],
)
def test_half_a_request_ends_even_if_another_byte_comes_now_and_then(impatient, beginning):
    began = time.monotonic()
    with raw(impatient) as line:
        line.sendall(beginning)
        line.settimeout(0.3)
        while True:
            assert time.monotonic() - began < PATIENCE_SECONDS
            try:
                if not line.recv(100):
                    break
            except TimeoutError:
                with suppress(ConnectionError):
                    line.sendall(b"x" if beginning else b"")
            except ConnectionError:
                break
        assert time.monotonic() - began > 1


def test_half_a_message_ends_its_socket(impatient):
    alice = Person(impatient, "alice").log_in()
    with alice.socket() as socket:
        halves = iter(["{", "}"])

        def slowly():
            yield next(halves)
            eventually(lambda: socket.connection.protocol.close_code or _lost(socket))
            yield next(halves)

        with suppress(ConnectionClosed):
            socket.connection.send(slowly())
        assert socket.close_code() == 1006


def _lost(socket):
    return not socket.connection.recv_events_thread.is_alive()


def test_a_connection_that_asks_in_time_is_kept(impatient):
    with raw(impatient) as line:
        answers = line.makefile("rb")
        for _ in range(6):
            line.sendall(b"GET /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert answers.readline().startswith(b"HTTP/1.1 200 ")
            length = 0
            while (header := answers.readline().lower().strip()) != b"":
                if header.startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            assert length
            answers.read(length)
            time.sleep(0.5)  # well within the time for one request; all of them are not


@pytest.fixture(scope="module")
def impatient(serve):
    return serve(REQUEST_SECONDS=2, SESSION_CHECK_SECONDS=1)


# Sessions


def test_a_socket_on_which_nothing_is_said_is_closed_after_the_log_out(impatient):
    alice = Person(impatient, "alice").log_in()
    with alice.socket() as socket:
        assert socket.answer("{}")["code"] == "unknown-type"
        alice.submit("/accounts/logout/", page="/")
        assert socket.close_code() == 4401


def test_a_socket_on_which_nothing_is_said_is_closed_when_its_account_is_switched_off(impatient):
    bob, dora = (Person(impatient, name).log_in() for name in ("bob", "dora"))
    with bob.socket() as socket, dora.socket() as other:
        (row,) = impatient.rows("SELECT id FROM auth_user WHERE username = 'bob'")
        joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
        dora.submit(f"/admin/auth/user/{row['id']}/change/", username="bob", **joined)
        assert socket.close_code() == 4401
        assert other.answer("{}")["code"] == "unknown-type"


def test_a_waiting_program_goes_on_while_its_silent_socket_is_looked_after(impatient):
    charlie = Person(impatient, "charlie").log_in()
    with charlie.socket() as socket:
        socket.start(WAITING, interactive=True)
        socket.until_shown("ready")
        time.sleep(3)
        socket.send("eof")
        told = socket.until("result")
        assert told[-1]["status"] == "success"
        assert printed(told, "stderr") == ""


def test_by_default_a_silent_socket_outlives_its_session_by_half_a_minute_at_most():
    assert settings.SESSION_CHECK_SECONDS <= 30
