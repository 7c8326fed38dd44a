"""The declarations of the sandbox image, read out of it once for each image."""

from __future__ import annotations

from functools import cache

from executor.declarations import Declaration, declarations
from executor.dispatch import executor_from_settings
from executor.engine import SandboxEngine
from executor.policy import Policy
from executor.sandbox_config import DECLARATIONS_FILE


class Library:
    """What the editor offers, as far as image and policy go."""

    def __init__(self, engine: SandboxEngine, policy: Policy) -> None:
        self._engine = engine
        self._policy = policy
        self._read: tuple[str, list[Declaration]] = ("", [])

    def declarations(self) -> list[Declaration]:
        """Sorted by name. Raises :class:`SandboxUnavailable` without an engine or an image.

        Empty for an image from before there were any.
        """
        image_id = self._engine.image()["Id"]
        # Two threads may read it at the same time: both put the same there.
        if self._read[0] != image_id:
            self._read = (image_id, self._declarations(image_id))
        return self._read[1]

    def _declarations(self, image_id: str) -> list[Declaration]:
        try:
            listing = self._engine.image_file(image_id, DECLARATIONS_FILE)
        except FileNotFoundError:
            return []
        return declarations(listing.decode("utf-8", "replace"), self._policy)


@cache
def current() -> Library:
    """This process's library, as its settings want it."""
    executor = executor_from_settings(pool_size=0)
    return Library(executor.pool.engine, executor.policy)
