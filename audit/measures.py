"""What the records have to say to Prometheus: asked of the database for each scrape.

A registry of its own, because whoever wants a number of the server’s memory must
not wait for a query. Every query is answered by an index.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from audit import upkeep
from audit.models import UNFINISHED, Execution, Notification, Pause, Review, Violation

REGISTRY = CollectorRegistry()


class _Records(Collector):
    def describe(self) -> list[Metric]:
        """Nothing: to register must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        unfinished = Execution.objects.filter(state__in=UNFINISHED)
        pauses = Pause.objects.filter(lifted_at=None, until__gt=timezone.now())
        waiting = Notification.objects.filter(next_try__isnull=False)
        for name, words, value in [
            ("executions_unfinished", "Records that have no ending yet.", unfinished.count()),
            ("pauses_active", "People whose submissions are paused.", pauses.count()),
            ("notifications_waiting", "Notifications not delivered yet.", waiting.count()),
        ]:
            yield GaugeMetricFamily(f"cloister_{name}", words, value)
        yield _unreviewed()
        yield from _storage()
        yield from _maintenance()


def _unreviewed() -> Metric:
    words = "Violations that nobody has decided on."
    family = GaugeMetricFamily("cloister_violations_unreviewed", words, labels=["severity"])
    new = Violation.objects.filter(state=Review.NEW).order_by().values_list("severity")
    for severity, count in new.annotate(Count("pk")):
        family.add_metric([severity], count)
    return family


def _storage() -> Iterator[Metric]:
    words = "Bytes left on the file system of the data folder."
    free = shutil.disk_usage(settings.DATA_DIR).free
    yield GaugeMetricFamily("cloister_data_free_bytes", words, free)
    words = "Bytes of it that are kept free: under them, users are refused."
    yield GaugeMetricFamily("cloister_disk_reserve_bytes", words, settings.DISK_RESERVE_BYTES)
    files = settings.DATA_DIR.glob("cloister.sqlite3*")
    words = "Size of the database with its write-ahead log."
    size = sum(file.stat().st_size for file in files)
    yield GaugeMetricFamily("cloister_database_bytes", words, size)


def _maintenance() -> Iterator[Metric]:
    last = upkeep.last()
    if last is None:
        return
    words = "When “manage.py maintain” ended last, in seconds since 1970."
    name = "cloister_maintenance_ended_timestamp_seconds"
    yield GaugeMetricFamily(name, words, last.ended.timestamp())
    words = "Whether a step of it failed then."
    family = GaugeMetricFamily("cloister_maintenance_step_failed", words, labels=["step"])
    for step in last.steps:
        family.add_metric([step.name], not step.ok)
    yield family


REGISTRY.register(_Records())
