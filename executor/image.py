"""How fresh the sandbox image is: its age, and whether its base still gets security updates.

The dates are those of the distributions' own announcements; ``sandbox/build.sh``
names the releases. Nothing is asked of any network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

OLD_IMAGE_DAYS: Final = 30

BASES: Final = {
    # Debian's own support ended on 2026-06-10; these are the updates of its LTS team.
    "debian": ("Debian 12 (bookworm)", date(2028, 6, 30)),
    "alpine": ("Alpine 3.20", date(2026, 4, 1)),
}
"""By the label ``io.cloister.base``: the release, and the last day of its security updates."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is known of an image; None where its labels say nothing."""

    built: datetime | None
    release: str
    supported_until: date | None

    def age_days(self, now: datetime) -> int | None:
        """Whole days since it was built."""
        return (now - self.built).days if self.built else None

    def is_old(self, now: datetime) -> bool:
        """Whether security updates of more than a month may be missing."""
        age = self.age_days(now)
        return age is None or age > OLD_IMAGE_DAYS

    def is_outdated(self, now: datetime) -> bool:
        """Whether its release gets no security updates any more, or none is known of it."""
        return self.supported_until is None or now.date() > self.supported_until

    def warnings(self, now: datetime) -> list[str]:
        """A sentence for each thing an operator should do something about."""
        found = []
        if self.built is None:
            found.append("The sandbox image does not say when it was built; run “make image”.")
        elif self.is_old(now):
            found.append(
                f"The sandbox image is {self.age_days(now)} days old; "
                "run “make image” for its security updates."
            )
        if self.is_outdated(now):
            ended = f" since {self.supported_until}" if self.supported_until else ""
            found.append(
                f"The sandbox image’s base, {self.release}, gets no security updates{ended}; "
                "move it to a newer release."
            )
        return found


def freshness(image: Mapping[str, Any]) -> Freshness:
    """By the labels of an image as the engine describes it."""
    labels = image["Config"]["Labels"] or {}
    base = labels.get("io.cloister.base", "")
    release, until = BASES.get(base, (base or "unknown", None))
    return Freshness(_moment(labels.get("io.cloister.built", "")), release, until)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
