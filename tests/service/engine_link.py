"""A way to the Docker engine that a test can cut: what a stopped engine looks like from here."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
import time
from pathlib import Path

ENGINE = "/var/run/docker.sock"


class EngineLink:
    """Listens at ``path`` and passes every byte to the real engine and back.

    ``amended`` replaces words of the engine's answers by others of the same length, as an engine
    on another machine would say them. ``delay`` is how many seconds each answer is held back.
    """

    def __init__(self, path: Path) -> None:
        self.address = f"unix://{path}"
        self.amended: dict[bytes, bytes] = {}
        self.delay = 0.0
        self._path = path
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()

    def __enter__(self) -> EngineLink:
        self.restore()
        return self

    def __exit__(self, *error: object) -> None:
        self.cut()

    def restore(self) -> None:
        """Be there again."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        # As the engine's own: for those of its group, which is all that the broker has.
        self._path.parent.chmod(0o711)
        shutil.copystat(ENGINE, self._path)
        owner = os.stat(ENGINE)
        os.chown(self._path, owner.st_uid, owner.st_gid)
        self._listener.listen()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Refuse whoever comes, and break off what is under way."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
            self._path.unlink()
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                engine = socket.socket(socket.AF_UNIX)
                engine.connect(ENGINE)
                self._open |= {client, engine}
                for ends in ((client, engine, False), (engine, client, True)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_answer:
                    time.sleep(self.delay)
                for word, other in self.amended.items():
                    data = data.replace(word, other)
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
