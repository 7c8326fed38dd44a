"""What the service counts while it serves, for Prometheus; ``docs/operations.md`` lists the names.

Counters and histograms are fed where the thing happens. What the pool and the
line know anyway is read when somebody asks (:class:`_Service`), so the engine
needs to know nothing of metrics. All of it is this process's, and begins at
zero with it; executions of ``manage.py execute`` are another process's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from executor.live import Line
from executor.outcome import Outcome
from executor.pool import Pool

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_BYTES: Final = tuple(mib << 20 for mib in (1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256))
_STAGES: Final = {
    "queue": "queue_ms",
    "start": "container_start_ms",
    "compile": "compile_ms",
    "run": "run_ms",
    "cpu": "cpu_ms",
    "total": "total_ms",
}

# When each counter began, as a series of its own: as many again, and nobody asks.
disable_created_metrics()  # type: ignore[no-untyped-call]

_executions = Counter("cloister_executions", "Executions that ended.", ["door", "status"])
_stages = Histogram(
    "cloister_execution_stage_seconds",
    "Seconds of an execution's stages: waiting in line, waiting for a sandbox, compiling, "
    "running, processor time of the run, and all from the submission to the result.",
    ["stage"],
    buckets=_SECONDS,
)
_memory = Histogram(
    "cloister_execution_peak_memory_bytes", "The most memory a program used.", buckets=_BYTES
)
_violations = Counter(
    "cloister_violations", "Violations recorded.", ["category", "rule", "severity"]
)
_refused = Counter(
    "cloister_submissions_refused", "Submissions refused before anything was run.", ["code"]
)
sandbox_start_seconds = Histogram(
    "cloister_sandbox_start_seconds", "From asking the engine to a ready sandbox.", buckets=_SECONDS
)
sockets_open = Gauge("cloister_sockets_open", "WebSockets of pages that are open.")
socket_sent_bytes = Counter("cloister_socket_sent_bytes", "Bytes sent to pages over WebSockets.")


def execution_ended(door: str, outcome: Outcome) -> None:
    """Count one ended execution with its violations; a stage that did not happen is left out."""
    _executions.labels(door, outcome.status).inc()
    for stage, field in _STAGES.items():
        if milliseconds := getattr(outcome, field):
            _stages.labels(stage).observe(milliseconds / 1000)
    if outcome.peak_memory_bytes:
        _memory.observe(outcome.peak_memory_bytes)
    for one in outcome.violations:
        _violations.labels(one.category, one.rule, one.severity).inc()


def submission_refused(code: str) -> None:
    """Count a submission that was not accepted, by the code its sender was told."""
    _refused.labels(code).inc()


class _Service(Collector):
    """The pool and the line of this process, as they are when they are asked for."""

    def __init__(self) -> None:
        self.watched: tuple[Pool, Line] | None = None

    def collect(self) -> Iterator[Metric]:
        if self.watched is None:
            return
        pool, line = self.watched
        yield from _of_pool(pool)
        gauges = {
            "cloister_queue_length": ("Executions that wait in line.", line.waiting),
            "cloister_executions_running": ("Executions that have a place.", line.taken),
            "cloister_executions_places": ("Executions that may run at once.", line.places),
        }
        for name, (words, value) in gauges.items():
            yield GaugeMetricFamily(name, words, value)


def _of_pool(pool: Pool) -> Iterator[Metric]:
    yield GaugeMetricFamily("cloister_pool_sandboxes", "Sandboxes that wait, warm.", pool.warm)
    yield GaugeMetricFamily("cloister_pool_size", "Sandboxes that should wait, warm.", pool.size)
    counts = pool.counts
    totals: dict[str, tuple[str, str, dict[str, int]]] = {
        "cloister_sandbox_starts": (
            "Starts of sandboxes.",
            "result",
            {"ready": counts.created, "failed": counts.failed},
        ),
        "cloister_sandboxes_taken": (
            "Sandboxes given to executions.",
            "kind",
            {"warm": counts.taken_warm, "cold": counts.taken_cold, "used": counts.taken_used},
        ),
        "cloister_sandboxes_removed": (
            "Sandboxes removed without use: grown old or dead while warm, or held by nobody.",
            "reason",
            {"replaced": counts.replaced, "stray": counts.strays},
        ),
    }
    for name, (words, label, values) in totals.items():
        family = CounterMetricFamily(name, words, labels=[label])
        for value, count in values.items():
            family.add_metric([value], count)
        yield family


_service = _Service()
REGISTRY.register(_service)


def watch(pool: Pool, line: Line) -> None:
    """From now on, tell of this pool and this line; a process has one of each."""
    _service.watched = (pool, line)
