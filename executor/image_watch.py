"""Looks at the sandbox image now and then, so that nobody who shows its age asks the engine.

The engine may take half a minute to say nothing, which no page and no scrape
should wait for. A thread of the server asks; everybody else reads what it found.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from executor.engine import SandboxEngine, SandboxUnavailable
from executor.image import Freshness, freshness

logger = logging.getLogger(__name__)

_PERIOD_SECONDS: Final = 300.0


class _Watch(Collector):
    """The last look: None before the first one."""

    def __init__(self) -> None:
        self.reachable: bool | None = None
        self.image: Freshness | None = None

    def look(self, engine: SandboxEngine) -> None:
        try:
            self.image, self.reachable = freshness(engine.image()), True
        except SandboxUnavailable as error:
            # An engine that answers, and has no image, is there all the same.
            self.reachable = error.code == "image-missing"
            self.image = None

    def collect(self) -> Iterator[Metric]:
        if self.reachable is None:
            return
        words = "Whether the Docker engine answered when it was asked last."
        yield GaugeMetricFamily("cloister_engine_up", words, self.reachable)
        words = "Whether the sandbox image was there then."
        yield GaugeMetricFamily("cloister_image_present", words, self.image is not None)
        if self.image is None:
            return
        now = datetime.now(UTC)
        words = "Whether the image’s base gets no security updates any more."
        yield GaugeMetricFamily("cloister_image_outdated", words, self.image.is_outdated(now))
        if self.image.built:
            age = (now - self.image.built).total_seconds()
            yield GaugeMetricFamily("cloister_image_age_seconds", "Since it was built.", age)


_watch = _Watch()
REGISTRY.register(_watch)


def latest() -> Freshness | None:
    """The image as it was seen last; None where nobody looked or none was there."""
    return _watch.image


def start(engine: SandboxEngine) -> None:
    """Look now and every few minutes, for as long as this process lives."""
    threading.Thread(target=_keep_looking, args=[engine], name="image watch", daemon=True).start()


def _keep_looking(engine: SandboxEngine) -> None:
    pause = threading.Event()
    while True:
        try:
            _watch.look(engine)
        except Exception:
            logger.exception("the sandbox image could not be looked at")
        pause.wait(_PERIOD_SECONDS)
