"""Many clients at once, beside what bare gcc and the making of containers do in the same minute."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from bench.bare import Bare
from bench.figures import busy_seconds, process_seconds, summary
from bench.programs import PROGRAMS
from bench.service import Samples, Service
from executor.container import Engine, SandboxConfig

CLIENTS = (1, 4, 16, 64)
ROUNDS = 3
# So many at a time make the engine busiest; which one does, differs from minute to minute.
_ENGINE_AT_ONCE = (2, 4)
_RUNS_PER_SECOND = 8
# With fewer for each client, what was measured would be the beginning and the end.
_LEAST_RUNS = 4


@dataclass(slots=True)
class _Crowd:
    """What all rounds of one number of clients gave."""

    samples: Samples = field(default_factory=Samples)
    rates: list[float] = field(default_factory=list)
    cpu: float = 0.0
    server_cpu: float = 0.0

    def figures(self) -> dict[str, float]:
        runs = max(1, len(self.samples.result))
        return {
            **summary(self.samples.result),
            "per_second": statistics.median(self.rates),
            "cpu_seconds": self.cpu / runs,
            "server_cpu_seconds": self.server_cpu / runs,
        }


def crowds(bare: Bare, service: Service, reusing: Service, seconds: float) -> dict[str, Any]:
    """Measure and print; ``seconds`` is about how long each number of clients gets in all.

    ``reusing`` is a server whose sandboxes serve again; it gets the largest number only.
    """
    crowd = {clients: _Crowd() for clients in CLIENTS}
    again = _Crowd()
    containers, compiled = [], []
    part = seconds / ROUNDS
    for _ in range(ROUNDS):
        compiled.append(bare.per_second(PROGRAMS["safe"], os.cpu_count() or 1, part))
        containers.append(max(_containers_per_second(many, part) for many in _ENGINE_AT_ONCE))
        for clients, found in crowd.items():
            _measure(service, clients, part, found)
        _measure(reusing, CLIENTS[-1], part, again)
    print("\nMany clients, the safe example, each runs as soon as the last result is there")
    print(f"{'clients':>8}{'runs/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}", end="")
    print(f"{'CPU s/run':>11}{'the server’s':>14}")
    figures = {clients: found.figures() for clients, found in crowd.items()}
    for clients, one in figures.items():
        print(f"{clients:8}{one['per_second']:9.1f}{one['p50']:9.0f}{one['p95']:9.0f}", end="")
        print(f"{one['p99']:9.0f}{one['cpu_seconds']:11.3f}{one['server_cpu_seconds']:14.3f}")
    shares = [runs / made for runs, made in zip(crowd[CLIENTS[-1]].rates, containers, strict=True)]
    print(f"\nContainers made and removed: {statistics.median(containers):.1f}/s")
    print(f"Runs at {CLIENTS[-1]} clients for each of them: {statistics.median(shares):.2f}")
    print(f"Bare gcc + run on all cores: {statistics.median(compiled):.1f}/s")
    of_bare = [runs / own for runs, own in zip(again.rates, compiled, strict=True)]
    reused = again.figures() | {"of_bare": statistics.median(of_bare)}
    print(f"{CLIENTS[-1]} clients, SANDBOX_REUSE=anyone: {reused['per_second']:.1f}/s, ", end="")
    print(f"{reused['of_bare']:.2f} of bare gcc; p50 {reused['p50']:.0f} ms, ", end="")
    print(f"p95 {reused['p95']:.0f} ms, CPU s/run {reused['cpu_seconds']:.3f}, ", end="")
    print(f"the server’s {reused['server_cpu_seconds']:.3f}")
    return {
        "crowd": figures,
        "containers_per_second": statistics.median(containers),
        "runs_per_container": statistics.median(shares),
        "bare_per_second": statistics.median(compiled),
        "reuse": reused,
        "crowd_errors": [error for one in (*crowd.values(), again) for error in one.samples.errors],
    }


def _measure(service: Service, clients: int, seconds: float, found: _Crowd) -> None:
    runs = max(_LEAST_RUNS, round(seconds * _RUNS_PER_SECOND / clients))
    busy, own = busy_seconds(), process_seconds(service.server.pid)
    samples = asyncio.run(service.measure(PROGRAMS["safe"], clients, runs))
    found.cpu += busy_seconds() - busy
    found.server_cpu += process_seconds(service.server.pid) - own
    found.rates.append(len(samples.result) / samples.seconds)
    found.samples.add(samples)


def _containers_per_second(at_once: int, seconds: float) -> float:
    """Containers of ours that the engine makes, starts, and removes; nothing is run in them."""
    engine = Engine(SandboxConfig())

    async def one_after_the_other(until: float) -> int:
        count = 0
        while time.perf_counter() < until:
            await (await engine.create()).destroy()
            count += 1
        return count

    async def all_of_them() -> float:
        began = time.perf_counter()
        until = began + seconds
        made = await asyncio.gather(*(one_after_the_other(until) for _ in range(at_once)))
        return sum(made) / (time.perf_counter() - began)

    return asyncio.run(all_of_them())
