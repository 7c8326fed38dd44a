"""``manage.py worker``: runs programs for web servers, on this machine's engine.

On SIGTERM it takes no more, lets programs go on for ``WORKER_DRAIN_SECONDS``, stops
what runs still, records and tells each ending, and removes its sandboxes.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import rounds
from executor import last_resort, readiness

# After the last program: more than all that is waited for takes together.
_ENDING_SECONDS = 30.0


class Command(BaseCommand):
    help = "Run programs for the web servers that share REDIS_URL and DATABASE_URL."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REDIS_URL:
            raise CommandError("A worker needs REDIS_URL and DATABASE_URL; see docs/scaling.md.")
        # Only here: a site on one machine has none of this.
        from celery import signals

        from executor import worker
        from ideproject.celery import app

        readiness.prepare(self.stdout.write)
        rounds.start(lambda: 0, sealing=False)
        current = worker.current()
        signals.worker_ready.connect(self._say_ready, weak=False)
        signals.worker_shutting_down.connect(lambda **_: current.drain(), weak=False)
        try:
            app.worker_main(
                [
                    *("worker", "--pool", "threads", "--loglevel", "WARNING"),
                    *("--concurrency", str(settings.SANDBOX_CONCURRENCY)),
                    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
                    *("--hostname", f"{settings.INSTANCE_NAME}@%h"),
                ]
            )
        finally:
            was_asked = current.is_closing
            current.finish_draining()
            last_resort.leave_after(_ENDING_SECONDS)
            current.close()
            if not was_asked:
                raise CommandError("Celery has given up (the lines above say why). Start again.")

    def _say_ready(self, **about: object) -> None:
        places = settings.SANDBOX_CONCURRENCY
        self.stdout.write(f"This worker takes programs, {places} at a time  (Ctrl+C stops it)")
        self.stdout.flush()
