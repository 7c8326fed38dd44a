"""Who may open a WebSocket, and for how long the log-in behind it counts."""

from contextlib import ExitStack, suppress
from socket import create_connection

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.service.serving import Person, eventually

pytestmark = pytest.mark.docker

WAITING = '#include <stdio.h>\nint main() { puts("ready"); while (getchar() != EOF) ; return 0; }\n'
TALKING = """#include <stdio.h>
#include <time.h>
int main() {
    for (int second = 0; second < 8; second++) {
        puts("still here");
        for (time_t now = time(NULL); time(NULL) == now;) ;
    }
    return 0;
}
"""
HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "http://user@127.0.0.1:{port}",
        "null",
        "",
        "file://",
        None,
    ],
)
def test_the_page_of_another_origin_is_turned_away_at_the_handshake(alice, origin):
    shown = origin and origin.format(port=alice.server.port)
    with pytest.raises(InvalidStatus) as refusal, alice.socket(origin=shown):
        pass
    assert refusal.value.response.status_code in (400, 403)


def test_a_name_that_is_not_ours_is_turned_away_even_if_the_origin_agrees(alice, server):
    """A name that its owner suddenly points at this machine."""
    with (
        create_connection(("127.0.0.1", server.port)) as line,
        pytest.raises(InvalidStatus) as refusal,
        connect("ws://rebound.example", sock=line, origin="http://rebound.example"),
    ):
        pass
    assert refusal.value.response.status_code == 403


def test_a_stranger_is_told_to_log_in_by_a_close_code_the_page_can_read(stranger):
    with stranger.socket() as socket:
        assert socket.close_code() == 4401


def test_a_made_up_session_is_a_strangers(stranger):
    stranger.web.cookies.set("sessionid", "a" * 32)
    with stranger.socket() as socket:
        assert socket.close_code() == 4401


def test_a_strangers_run_before_the_close_is_not_run(stranger, server):
    before = server.rows("SELECT count(*) AS n FROM audit_execution")
    with stranger.socket() as socket:
        with suppress(ConnectionClosed):
            socket.send("run", source=HELLO)
        assert socket.close_code() == 4401
    assert server.rows("SELECT count(*) AS n FROM audit_execution") == before


@pytest.mark.parametrize("path", ["/ws/", "/ws/execute", "/ws/execute/more/", "/"])
def test_any_other_path_says_that_it_is_not_there(alice, path):
    with alice.socket(path) as socket:
        assert socket.close_code() == 4404


def test_after_logging_out_elsewhere_the_open_socket_runs_nothing_more(server):
    bob = Person(server, "bob").log_in()
    with bob.socket() as socket:
        assert socket.run(HELLO)[-1]["status"] == "success"
        bob.submit("/accounts/logout/", page="/")
        socket.send("run", source=HELLO)
        assert socket.close_code() == 4401


def test_after_logging_out_elsewhere_the_open_socket_shows_nothing_more(server):
    bob = Person(server, "bob").log_in()
    with bob.socket() as socket:
        execution_id = socket.run(HELLO)[0]["execution_id"]
        bob.submit("/accounts/logout/", page="/")
        socket.send("attach", execution_id=execution_id)
        assert socket.close_code() == 4401


def test_after_logging_out_elsewhere_nobody_types_into_the_program_for_long(server):
    bob = Person(server, "bob").log_in()
    with bob.socket() as socket:
        socket.start(WAITING, interactive=True)
        socket.until_shown("ready")
        bob.submit("/accounts/logout/", page="/")

        def close_code():
            try:
                socket.send("stdin", data="x")
                socket.receive()  # its echo, or the close
            except ConnectionClosed as closed:
                return closed.rcvd and closed.rcvd.code

        assert eventually(close_code) == 4401


def test_an_account_that_was_switched_off_runs_nothing_more(server, dora):
    guest = Person(server)
    password = "guest-and-his-9-birds"
    guest.submit("/accounts/signup/", username="guest", password1=password, password2=password)
    with guest.socket() as socket:
        assert socket.run(HELLO)[-1]["status"] == "success"
        (row,) = server.rows("SELECT id FROM auth_user WHERE username = 'guest'")
        page = f"/admin/auth/user/{row['id']}/change/"
        joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
        dora.submit(page, username="guest", **joined)
        socket.send("run", source=HELLO)
        assert socket.close_code() == 4401


def test_an_account_opens_so_many_sockets_and_no_more(server):
    guest = Person(server)
    password = "guest-and-his-9-birds"
    guest.submit("/accounts/signup/", username="hoarder", password1=password, password2=password)
    with ExitStack() as opened:
        for _ in range(30):
            opened.enter_context(guest.socket())
        with guest.socket() as one_more:
            assert one_more.close_code() == 4429
    with guest.socket() as socket:
        assert socket.run(HELLO)[-1]["status"] == "success"


def test_after_logging_out_elsewhere_no_output_flows_on_for_long(server):
    charlie = Person(server, "charlie").log_in()
    with charlie.socket() as socket:
        socket.start(TALKING)
        socket.until_shown("still here")
        charlie.submit("/accounts/logout/", page="/")
        assert socket.close_code() == 4401
