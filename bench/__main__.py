"""Measure, print, and say the ratio on the last line.

Everything is interleaved: the machine's speed drifts, and only figures of the
same moments can be compared. So each round measures every program all three
ways, and each round of crowds measures bare gcc, the making of containers and
every number of clients.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import optimisation
from bench.bare import Bare
from bench.crowd import CLIENTS, crowds
from bench.figures import spread, summary
from bench.programs import PROGRAMS
from bench.service import Samples, Service
from executor import CodeExecutor
from executor.container import Engine, SandboxConfig
from executor.submission import Submission
from executor.walls import PACKAGES_LABEL

IDLE_PAGES = 100


def main() -> None:
    options = _options()
    bare = Bare(_gcc_of_the_image())
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, CodeExecutor() as fresh:
        service = Service(Path(folder) / "data", max(*CLIENTS, IDLE_PAGES))
        reusing = Service(Path(folder) / "reusing", CLIENTS[-1], SANDBOX_REUSE="anyone")
        try:
            levels = optimisation.measure(bare)
            programs, errors = _one_client(bare, fresh, service, options.rounds)
            figures = _figures(service, crowds(bare, service, reusing, options.seconds), errors)
            figures |= {
                "programs": programs,
                "optimisation": levels,
                "ratio": programs["safe"]["ratio"],
            }
        finally:
            service.server.end()
            reusing.server.end()
            bare.close()
    figures |= {"cores": os.cpu_count(), "load_before": load}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    if figures["errors"]:
        print(f"{len(figures['errors'])} executions failed, the first: {figures['errors'][0]}")
    print(f"ratio {figures['ratio']:.2f}")
    sys.exit(bool(figures["errors"]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="interleaved rounds, one client")
    parser.add_argument("--seconds", type=float, default=10, help="for each number of clients")
    parser.add_argument("--json", type=Path, help="write all figures there")
    return parser.parse_args()


def _gcc_of_the_image() -> str:
    """The major version of the gcc that the image was made from."""
    labels = Engine(SandboxConfig()).image()["Config"]["Labels"] or {}
    for package in labels.get(PACKAGES_LABEL, "").split():
        name, _, version = package.partition("=")
        if name == "gcc":
            return str(version.partition(":")[2] or version).split(".")[0]
    raise SystemExit("bench: the image does not say which gcc it has; run “make image”.")


def _figures(service: Service, crowd: dict[str, Any], errors: list[str]) -> dict[str, Any]:
    idle = asyncio.run(_idle_page_bytes(service))
    print(f"Server memory for each open page: {idle / 1024:.0f} KiB")
    return crowd | {"errors": errors + crowd.pop("crowd_errors"), "idle_page_bytes": idle}


def _one_client(
    bare: Bare, fresh: CodeExecutor, service: Service, rounds: int
) -> tuple[dict[str, Any], list[str]]:
    own: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    cold: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    warm = {name: Samples() for name in PROGRAMS}
    for _ in range(rounds):
        for name, source in PROGRAMS.items():
            own[name].append(bare.measure(source))
            began = time.perf_counter()
            fresh.execute(Submission.from_source(source))
            cold[name].append((time.perf_counter() - began) * 1000)
            # One at a time, with a pause in which the pool fills up again: a person types.
            warm[name].add(asyncio.run(service.measure(source, 1, 1, pause=0.5)))
    print("One client, milliseconds from source to result: median (5th to 95th percentile)")
    print(f"{'':10}{'bare gcc + run':>22}{'fresh container':>22}{'over the WebSocket':>22}", end="")
    print(f"{'first output':>22}  ratio")
    told = {name: _side_by_side(name, own[name], cold[name], warm[name]) for name in PROGRAMS}
    return told, [error for one in warm.values() for error in one.errors]


def _side_by_side(name: str, own: list[float], cold: list[float], warm: Samples) -> dict[str, Any]:
    ratio = statistics.median(warm.result or [0.0]) / statistics.median(own)
    columns = (own, cold, warm.result, warm.first_output)
    print(f"{name:10}" + "".join(f"{spread(one):>22}" for one in columns) + f"  {ratio:.2f}")
    return {
        "bare_ms": summary(own),
        "fresh_ms": summary(cold),
        "service_ms": summary(warm.result),
        "first_output_ms": summary(warm.first_output),
        "ratio": ratio,
    }


async def _idle_page_bytes(service: Service) -> float:
    before = service.resident_bytes()
    sockets = [await service.connect(number) for number in range(IDLE_PAGES)]
    grown = service.resident_bytes() - before
    for socket in sockets:
        await socket.close()
    return max(0, grown) / IDLE_PAGES


if __name__ == "__main__":
    main()
