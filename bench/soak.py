"""Many open pages for a while: ``python -m bench.soak [--minutes 10] [--pages 200]``.

Each page has a person of its own, who thinks, runs a program, reads, and thinks
again. Only this machine is used, and it stops by itself, eleven minutes after its
time. Printed are the error rate, the times of runs, what the server grew by, and
whether sandboxes and open files are in the end what they were at the start. Exits
with 1 where they are not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.figures import summary
from bench.programs import PROGRAMS
from bench.service import Samples, Service, run

_SETTLE_SECONDS = 600.0
# What ended is kept for five minutes for a page that comes back: executor/local.py.
_KEPT_SECONDS = 305.0
# Idle connections to engine and database; more than these would be a leak.
_FILES_BY_CHANCE = 4


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--think", type=float, default=90, help="seconds between runs, on average")
    parser.add_argument("--json", type=Path, help="write all figures there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder) / "data", options.pages)
        try:
            found = asyncio.run(_soak(service, options.pages, options.minutes * 60, options.think))
        finally:
            service.server.end()
    found["sandboxes_after_the_end"] = len(service.server.sandboxes())
    for name, value in found.items():
        print(f"{name:26}{value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")
    files = found["files_end"] - found["files_start"]
    leaked = found["sandboxes_after_the_end"] or found["sandboxes_end"] > found["sandboxes_start"]
    sys.exit(bool(leaked or files > _FILES_BY_CHANCE or found["errors"]))


async def _soak(service: Service, pages: int, seconds: float, think: float) -> dict[str, Any]:
    # What is loaded, opened and made by the first crowd only is no growth.
    await service.measure(PROGRAMS["safe"], pages, 1)
    start = await _settled(service)
    samples, until = Samples(), time.perf_counter() + seconds
    sizes: list[int] = []
    watching = asyncio.create_task(_watch(service, sizes))
    await asyncio.gather(*(_page(service, one, until, think, samples) for one in range(pages)))
    watching.cancel()
    end = await _settled(service)
    times = summary(samples.result)
    return {
        "pages": pages,
        "seconds": seconds,
        "runs": len(samples.result),
        "runs_per_second": round(len(samples.result) / seconds, 2),
        "errors": len(samples.errors),
        "first_error": next(iter(samples.errors), ""),
        "p50_ms": round(times["p50"]),
        "p95_ms": round(times["p95"]),
        "p99_ms": round(times["p99"]),
        "memory_start_mb": round(start["bytes"] / 2**20, 1),
        "memory_half_mb": round(sizes[len(sizes) // 2] / 2**20, 1),
        "memory_most_mb": round(max(sizes) / 2**20, 1),
        "memory_end_mb": round(end["bytes"] / 2**20, 1),
        **{f"{what}_{at}": found[what] for what in ("files", "sandboxes")
           for at, found in (("start", start), ("end", end))},
    }  # fmt: skip


async def _page(
    service: Service, number: int, until: float, think: float, samples: Samples
) -> None:
    dice = random.Random(number)  # noqa: S311 - nothing secret comes of it
    programs = list(PROGRAMS.values())
    async with service.connect(number) as socket:
        while (now := time.perf_counter()) < until:
            await asyncio.sleep(min(dice.uniform(0, 2 * think), until - now))
            if time.perf_counter() < until:
                await run(socket, dice.choice(programs), samples)


async def _watch(service: Service, sizes: list[int]) -> None:
    while True:
        sizes.append(service.resident_bytes())
        await asyncio.sleep(1)


async def _settled(service: Service) -> dict[str, int]:
    """What the server holds once nobody can come back and the pool is as small as it was made."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    await asyncio.sleep(_KEPT_SECONDS)
    while True:
        await asyncio.sleep(2)
        sandboxes = len(await asyncio.to_thread(service.server.sandboxes))
        if sandboxes <= service.pool_size or time.monotonic() > deadline:
            return {
                "bytes": service.resident_bytes(),
                "files": service.open_files(),
                "sandboxes": sandboxes,
            }


if __name__ == "__main__":
    main()
