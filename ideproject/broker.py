"""``python -m ideproject.broker``: the broker's process; it runs ``executor/broker.py``.

Started by ``ideproject/start.py`` beside a server, whose end is its own, or by systemd,
which hands it the socket (``LISTEN_FDS``, sd_listen_fds(3)). Its parent's half does nothing
but start the other half again, should it be killed: the socket stays open meanwhile, so
that those who ask just wait.
"""

from __future__ import annotations

import argparse
import logging
import os
import pwd
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

logger = logging.getLogger("broker")

_FIRST_OF_SYSTEMD = 3
_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="broker", description=__doc__)
    parser.add_argument("--client", required=True, help="the account that may ask, name or number")
    parser.add_argument("--listener", type=int, default=_FIRST_OF_SYSTEMD, help="a descriptor")
    parser.add_argument("--parent", type=int, help="a pidfd of the process it ends with")
    parser.add_argument("--made-by", default="", help="that process, as containers' labels name it")
    parser.add_argument("--path", type=Path, help="the socket's path, to be removed at the end")
    options = parser.parse_args()
    _log()
    try:
        if options.parent is None:
            _serve(options)
        else:
            _keep_serving(options)
    finally:
        if options.path:
            _remove(options.path)


def _keep_serving(options: argparse.Namespace) -> None:
    """Keep one child serving until the parent has ended and the child has cleaned up."""
    pause, last_round = _PAUSE_SECONDS, False
    while True:
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            _serve_and_exit(options)
        _, status = os.waitpid(child, 0)
        code, has_ended = os.waitstatus_to_exitcode(status), _is_over(options.parent, 0)
        # A parent that has ended needs one more round, if a signal kept this one from cleaning up.
        if code == 0 or (has_ended and (code > 0 or last_round)):
            return
        last_round = has_ended
        ended = signal.Signals(-code).name if code < 0 else f"code {code}"
        logger.warning("the broker was ended by %s; starting it again", ended)
        if time.monotonic() - began > _LONGEST_PAUSE_SECONDS:
            pause = _PAUSE_SECONDS
        _is_over(options.parent, pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def _serve_and_exit(options: argparse.Namespace) -> NoReturn:
    """The child's whole life; nothing of it returns to its parent's code, and its socket stays."""
    try:
        _serve(options)
    except BaseException:
        logger.exception("the broker cannot serve")
        os._exit(1)
    os._exit(0)


def _serve(options: argparse.Namespace) -> None:
    from executor.broker import Broker
    from executor.container import Engine
    from executor.sandbox_config import UNVALIDATED_IMAGE
    from ideproject import sandbox_settings as site

    # The client checks the walls, because only it receives each supervisor's report.
    images = {"standard": site.SANDBOX_IMAGE}
    if site.SANDBOX_ALLOW_UNVALIDATED:
        images["unvalidated"] = UNVALIDATED_IMAGE
    engines = {
        shape: Engine(site.sandbox_config(image, frozenset())) for shape, image in images.items()
    }
    broker = Broker(engines, _uid(options.client), site.SANDBOX_MOST)
    broker.serve(socket.socket(fileno=options.listener), options.parent, options.made_by)


def _uid(account: str) -> int:
    return int(account) if account.isdigit() else pwd.getpwnam(account).pw_uid


def _is_over(pidfd: int, seconds: float) -> bool:
    """Wait so long for the end of a process; whether it came."""
    looking = select.poll()
    looking.register(pidfd, select.POLLIN)
    return bool(looking.poll(seconds * 1000))


def _log() -> None:
    from ideproject.logs import PlainFormatter

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
        path.parent.rmdir()  # one of its own; a shared one is not empty, or not ours to remove


if __name__ == "__main__":
    main()
