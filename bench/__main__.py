"""Measure, print, and say the ratio on the last line.

Everything is interleaved: the machine's speed drifts, and only figures of the
same moments can be compared.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.bare import Bare
from bench.programs import PROGRAMS
from bench.service import Samples, Service
from executor import CodeExecutor
from executor.submission import Submission

CLIENTS = (1, 4, 16, 64)
IDLE_PAGES = 100


def main() -> None:
    options = _options()
    bare = Bare()
    with tempfile.TemporaryDirectory() as folder, CodeExecutor() as fresh:
        service = Service(Path(folder) / "data", max(*CLIENTS, IDLE_PAGES))
        try:
            figures = _figures(bare, fresh, service, options.rounds, options.seconds)
        finally:
            service.server.end()
            bare.close()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    if figures["errors"]:
        print(f"{len(figures['errors'])} executions failed, the first: {figures['errors'][0]}")
    print(f"ratio {figures['ratio']:.2f}")
    sys.exit(bool(figures["errors"]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="interleaved rounds")
    parser.add_argument("--seconds", type=float, default=10, help="for each number of clients")
    parser.add_argument("--json", type=Path, help="write all figures there")
    return parser.parse_args()


def _figures(
    bare: Bare, fresh: CodeExecutor, service: Service, rounds: int, seconds: float
) -> dict[str, Any]:
    figures: dict[str, Any] = {"programs": {}, "crowd": {}, "errors": []}
    print("One client, milliseconds from source to result: median (5th to 95th percentile)")
    print(f"{'':10}{'bare gcc + run':>24}{'fresh container':>24}{'over the WebSocket':>24}  ratio")
    for name, source in PROGRAMS.items():
        figures["programs"][name] = _side_by_side(name, source, bare, fresh, service, rounds)
        figures["errors"] += figures["programs"][name].pop("errors")
    print("\nMany clients, the safe example, each runs as soon as the last result is there")
    print(f"{'clients':>8}{'runs/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU s/run':>11}")
    for clients in CLIENTS:
        figures["crowd"][clients] = _crowd(service, clients, seconds)
        figures["errors"] += figures["crowd"][clients].pop("errors")
    figures["containers_per_second"] = _containers_per_second(fresh, seconds)
    print(f"\nContainers made and removed, two at a time: {figures['containers_per_second']:.1f}/s")
    figures["idle_page_bytes"] = asyncio.run(_idle_page_bytes(service))
    print(f"Server memory for each open page: {figures['idle_page_bytes'] / 1024:.0f} KiB")
    figures["ratio"] = figures["programs"]["safe"]["ratio"]
    return figures


def _side_by_side(
    name: str, source: str, bare: Bare, fresh: CodeExecutor, service: Service, rounds: int
) -> dict[str, Any]:
    own, cold, warm = [], [], Samples()
    for _ in range(rounds):
        own.append(bare.measure(source))
        began = time.perf_counter()
        fresh.execute(Submission.from_source(source))
        cold.append((time.perf_counter() - began) * 1000)
        # One at a time, with a pause in which the pool fills up again: a person types.
        one = asyncio.run(service.measure(source, 1, 1, pause=0.5))
        warm.result += one.result
        warm.first_output += one.first_output
        warm.errors += one.errors
    ratio = statistics.median(warm.result) / statistics.median(own)
    print(f"{name:10}{_spread(own):>24}{_spread(cold):>24}{_spread(warm.result):>24}  {ratio:.2f}")
    return {
        "bare_ms": _summary(own),
        "fresh_ms": _summary(cold),
        "service_ms": _summary(warm.result),
        "first_output_ms": _summary(warm.first_output),
        "ratio": ratio,
        "errors": warm.errors,
    }


def _crowd(service: Service, clients: int, seconds: float) -> dict[str, Any]:
    runs = max(2, round(seconds * 8 / clients))
    busy = _busy_seconds()
    samples = asyncio.run(service.measure(PROGRAMS["safe"], clients, runs))
    cpu = (_busy_seconds() - busy) / max(1, len(samples.result))
    summary = _summary(samples.result)
    rate = len(samples.result) / samples.seconds
    print(
        f"{clients:8}{rate:9.1f}{summary['p50']:9.0f}{summary['p95']:9.0f}"
        f"{summary['p99']:9.0f}{cpu:11.3f}"
    )
    return {**summary, "per_second": rate, "cpu_seconds": cpu, "errors": samples.errors}


def _containers_per_second(executor: CodeExecutor, seconds: float) -> float:
    async def one_after_the_other(until: float) -> int:
        count = 0
        while time.perf_counter() < until:
            await (await executor.pool.engine.create()).destroy()
            count += 1
        return count

    async def both() -> float:
        began = time.perf_counter()
        made = await asyncio.gather(*(one_after_the_other(began + seconds) for _ in range(2)))
        return sum(made) / (time.perf_counter() - began)

    return asyncio.run(both())


async def _idle_page_bytes(service: Service) -> float:
    before = service.resident_bytes()
    sockets = [await service.connect(number) for number in range(IDLE_PAGES)]
    grown = service.resident_bytes() - before
    for socket in sockets:
        await socket.close()
    return max(0, grown) / IDLE_PAGES


def _busy_seconds() -> float:
    """CPU seconds that this machine has spent on anything, proc(5) /proc/stat."""
    user, nice, system, _idle, _wait, irq, soft = map(
        int, Path("/proc/stat").read_text().split()[1:8]
    )
    return (user + nice + system + irq + soft) / 100


def _summary(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    return {f"p{share}": ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
            for share in (5, 50, 95, 99)}  # fmt: skip


def _spread(values: Sequence[float]) -> str:
    summary = _summary(values)
    return f"{summary['p50']:.0f} ({summary['p5']:.0f} to {summary['p95']:.0f})"


if __name__ == "__main__":
    main()
