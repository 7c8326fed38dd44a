"""A server killed again and again under load: ``python -m bench.kills [--kills 20]``.

People run programs without a pause; at a random moment the server is killed with
SIGKILL and started again, on the same data. In the end every submission that was
accepted must have a record with an ending, no container may be left, and the
records' chain must verify. Exits with 1 where one of these is not so.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from websockets.exceptions import WebSocketException

from bench.programs import PROGRAMS
from bench.service import Service
from executor.container import OWNER_LABEL, Engine, SandboxConfig

PEOPLE = 6
_PATIENCE_SECONDS = 20.0


def killed_under_load(folder: Path, kills: int, seed: int = 1) -> dict[str, Any]:
    """What was found afterwards; ``folder`` gets the server's data."""
    dice = random.Random(seed)  # noqa: S311 - nothing secret comes of it
    service = Service(folder / "data", PEOPLE)
    accepted: set[str] = set()
    pids = []
    try:
        for _ in range(kills):
            pids.append(service.server.pid)
            asyncio.run(_until_killed(service, dice.uniform(0.2, 3.0), accepted))
            service.server.start()
        pids.append(service.server.pid)
    finally:
        service.server.end()
    return _found(service, accepted, pids)


async def _until_killed(service: Service, seconds: float, accepted: set[str]) -> None:
    people = [asyncio.create_task(_runs(service, one, accepted)) for one in range(PEOPLE)]
    await asyncio.sleep(seconds)
    await asyncio.to_thread(service.server.stop, signal.SIGKILL)
    await asyncio.gather(*people)


async def _runs(service: Service, number: int, accepted: set[str]) -> None:
    """One program after the other until the server is gone."""
    programs = list(PROGRAMS.values())
    with contextlib.suppress(OSError, WebSocketException):
        async with service.connect(number) as socket:
            while True:
                await socket.send(json.dumps({"type": "run", "source": programs[number % 4]}))
                async for text in socket:
                    message = json.loads(text)
                    if message["type"] == "accepted":
                        accepted.add(message["execution_id"])
                    if message["type"] in ("result", "error", "rate_limited"):
                        break
                else:
                    return


def _found(service: Service, accepted: set[str], pids: list[int]) -> dict[str, Any]:
    rows = service.server.rows("SELECT id, state FROM audit_execution")
    states = {row["id"]: row["state"] for row in rows}
    verify = service.server.manage("audit", "verify")
    return {
        "kills": len(pids) - 1,
        "accepted": len(accepted),
        "recorded": len(rows),
        "lost": sum(state == "lost" for state in states.values()),
        "missing": sum(UUID(one).hex not in states for one in accepted),
        "unfinished": sum(state not in ("ended", "lost") for state in states.values()),
        "sandboxes": _left(pids),
        "verified": verify.returncode == 0,
    }


def _left(pids: list[int]) -> int:
    """Sandboxes of these server processes that are still there after a fair time."""
    engine, deadline = Engine(SandboxConfig()), time.monotonic() + _PATIENCE_SECONDS
    while True:
        owners = [one["Labels"].get(OWNER_LABEL, "") for one in engine.sandboxes()]
        left = sum(any(f"/{pid}/" in owner for pid in pids) for owner in owners)
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.5)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="for the moments of the kills")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = killed_under_load(Path(folder), options.kills, options.seed)
    for name, value in found.items():
        print(f"{name:12}{value}")
    broken = found["missing"] + found["unfinished"] + found["sandboxes"]
    sys.exit(bool(broken) or not found["verified"])


if __name__ == "__main__":
    main()
