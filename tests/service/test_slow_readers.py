"""Whoever does not read makes nothing pile up in the server's memory, neither way."""

import re
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from socket import SHUT_RDWR
from threading import Thread

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from tests.service.serving import Person, eventually

pytestmark = pytest.mark.docker

FILE_BYTES = 7_000_000
ROOM_BYTES = 30_000_000
"""A few copies of the file, which come and go with whoever asks first."""
WRITES = f"""#include <stdio.h>
#include <stdlib.h>
int main() {{
    FILE *file = fopen("big.bin", "wb");
    for (int at = 0; at < {FILE_BYTES}; at++) putc(rand(), file);
    fclose(file);
    return 0;
}}
"""
# All of this module stays below the attaches of a minute.
NOT_READING = {"max_queue": 1, "ping_interval": None, "close_timeout": 0.1}


@pytest.fixture(scope="module")
def server(serve):
    return serve()


@pytest.fixture(scope="module")
def alice(server):
    return Person(server, "alice").log_in()


@pytest.fixture(scope="module")
def written(alice):
    """An execution that ends with a large file."""
    with alice.socket() as socket:
        told = socket.run(WRITES)
    assert told[-1]["status"] == "success"
    return told[0]["execution_id"]


def memory_bytes(server):
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


def test_asking_again_and_again_for_a_file_without_reading_takes_no_memory(server, alice, written):
    before = memory_bytes(server)
    with ExitStack() as opened:
        sockets = [opened.enter_context(alice.socket(**NOT_READING)) for _ in range(12)]
        for socket in sockets:
            socket.send("attach", execution_id=written)
        # The others' errors come once their turn has come; this one never reads its own.
        with alice.socket() as other:
            for _ in range(20):
                other.answer("{}")
                time.sleep(0.1)
        assert memory_bytes(server) - before < ROOM_BYTES


def test_who_does_not_read_the_answers_is_not_read_either(server, alice, written):
    before = memory_bytes(server)
    sent = 0

    def send_on():
        nonlocal sent
        with suppress(ConnectionClosed, OSError):
            while sent < 200_000_000:
                socket.connection.send("[" + " " * 50_000)
                sent += 50_000

    with alice.socket(**NOT_READING) as socket:
        socket.send("attach", execution_id=written)
        sender = Thread(target=send_on, daemon=True)
        sender.start()

        def stands():
            seen = sent
            sender.join(1)
            return seen and seen == sent

        assert eventually(stands)
        assert sent < 50_000_000
        assert memory_bytes(server) - before < ROOM_BYTES
        socket.connection.socket.shutdown(SHUT_RDWR)


def test_pings_of_who_does_not_read_are_not_answered_without_end(server, alice, written):
    before = memory_bytes(server)
    with alice.socket(**NOT_READING) as socket:
        socket.send("attach", execution_id=written)
        connection = socket.connection
        connection.recv()  # its history flows; the rest stays unread
        with connection.protocol_mutex, suppress(OSError):
            for _ in range(200_000):
                connection.protocol.send_frame(Frame(Opcode.PING, b"x" * 100))
                if len(connection.protocol.writes) > 500:
                    for data in connection.protocol.data_to_send():
                        connection.socket.sendall(data)
        assert (
            memory_bytes(server) - before < ROOM_BYTES / 3
        )  # the pongs would be as much as all of it
        with suppress(OSError):  # the server may have closed it, for so many pings
            connection.socket.shutdown(SHUT_RDWR)


def test_who_reads_late_gets_every_message_whole(alice, written):
    with alice.socket(**NOT_READING) as socket:
        for _ in range(3):
            socket.send("attach", execution_id=written)
        time.sleep(1)
        seen = [socket.receive() for _ in range(2)]
        while seen[-1]["type"] != "result":
            seen.append(socket.receive())
    files = [message for message in seen if message["type"] == "file"]
    assert files
    for file in files:
        assert len(file["content_base64"]) == (FILE_BYTES + 2) // 3 * 4


def test_two_who_talk_at_once_on_one_socket_do_not_mix_their_messages(alice, written):
    with alice.socket(**NOT_READING) as socket:
        socket.send("attach", execution_id=written)
        for _ in range(50):
            socket.connection.send("{}")
        seen = Counter()
        while not (seen["result"] and seen["error"] == 50):
            seen[socket.receive()["type"]] += 1
    assert seen["accepted"] == seen["file"] == seen["result"] == 1
