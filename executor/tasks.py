"""What web servers ask of workers through Celery.

Both tasks carry no more than a call: what is to be done lies in Redis, where one
worker takes it. So a call that is lost, late or delivered twice does no harm.
"""

from __future__ import annotations

from celery import shared_task

from executor import worker
from executor.calling import LOOK, TAKE


@shared_task(name=TAKE)  # type: ignore[untyped-decorator]
def take() -> None:
    """Take from the line the execution whose turn it is, if any, and see it through."""
    worker.current().take()


@shared_task(name=LOOK)  # type: ignore[untyped-decorator]
def look_at(request: str) -> None:
    """Use a tool on the submission of a request that still stands, and answer it."""
    worker.current().look_at(request)
