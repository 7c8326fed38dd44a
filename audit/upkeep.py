"""What the last ``manage.py maintain`` did, kept in a file for the server to tell of."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the maintenance: what it said, or why it failed."""

    name: str
    ok: bool
    detail: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Upkeep:
    """One maintenance."""

    ended: datetime
    steps: tuple[Step, ...]


def last() -> Upkeep | None:
    """The last maintenance; None where there was none or its file cannot be read."""
    try:
        kept = json.loads(_path().read_text(encoding="utf-8"))
        steps = tuple(Step(**step) for step in kept["steps"])
        return Upkeep(datetime.fromisoformat(kept["ended"]), steps)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        logger.warning("%s cannot be read: %s", _path(), error)
        return None


def keep(done: Upkeep) -> None:
    """Remember a maintenance in place of the one before; whole or not at all."""
    text = json.dumps({"ended": done.ended.isoformat(), "steps": [asdict(s) for s in done.steps]})
    draft = _path().with_suffix(".new")
    draft.write_text(text + "\n", encoding="utf-8")
    os.replace(draft, _path())


def _path() -> Path:
    folder: Path = settings.DATA_DIR
    return folder / "maintenance.json"
