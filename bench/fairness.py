"""What a noisy person costs another: ``python -m bench.fairness [--rounds 5]``.

One person runs the safe example with time between the runs: alone, beside one other
person who runs without a pause, and beside a noisy one, who sends from twenty pages
at once, without a pause either, with as many executions at the same time as the
default allows and with twenty. What is told is how much later the noisy one makes
her than the one other does: the machine is shared in all cases.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any

from bench.figures import spread, summary
from bench.programs import PROGRAMS
from bench.service import Samples, Service

_NOISY = 20
_RUNS = 6
_PAUSE_SECONDS = 0.7


async def _beside(service: Service, noisy: int) -> Samples:
    """The quiet person's samples while another keeps ``noisy`` submissions in line."""
    unheard = Samples()
    others = [
        asyncio.create_task(service.keep_running(1, PROGRAMS["safe"], unheard))
        for _ in range(noisy)
    ]
    await asyncio.sleep(_PAUSE_SECONDS)
    heard = await service.measure(PROGRAMS["safe"], 1, _RUNS, pause=_PAUSE_SECONDS)
    for one in others:
        one.cancel()
    for one in others:
        with contextlib.suppress(asyncio.CancelledError):
            await one
    return heard


def fairness(default: Service, crowded: Service, rounds: int) -> dict[str, Any]:
    """Percentiles in milliseconds for each way to be beside somebody."""
    ways = {
        "alone": (default, 0),
        "one_other": (default, 1),
        "noisy": (default, _NOISY),
        "noisy_twenty_allowed": (crowded, _NOISY),
    }
    found = {way: Samples() for way in ways}
    for _ in range(rounds):
        for way, (service, others) in ways.items():
            found[way].add(asyncio.run(_beside(service, others)))
    for way, samples in found.items():
        print(f"{way:22} {spread(samples.result):>24} ms, {len(samples.errors)} errors")
    figures: dict[str, Any] = {way: summary(one.result) for way, one in found.items()}
    figures["noisy_over_one_other"] = figures["noisy"]["p95"] / figures["one_other"]["p95"]
    print(f"p95 beside the noisy one, over beside one other: {figures['noisy_over_one_other']:.2f}")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fairness", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write all figures there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        default = Service(Path(folder) / "default", 2)
        crowded = Service(Path(folder) / "crowded", 2, RUN_CONCURRENCY_PER_USER=_NOISY)
        try:
            figures = fairness(default, crowded, options.rounds)
        finally:
            default.server.end()
            crowded.server.end()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
