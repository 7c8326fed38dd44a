from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit import notify
from audit.models import Notification


class Command(BaseCommand):
    help = "Deliver the notifications that are due, once; for cron where no server runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--test", action="store_true", help="send one through every channel, to try them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["test"]:
            self._enqueue_test()
        arrived = notify.deliver_due()
        waiting = Notification.objects.filter(next_try__isnull=False)
        self.stdout.write(f"{arrived} delivered, {waiting.count()} waiting.")
        if failed := waiting.exclude(last_error="").order_by("-created").first():
            raise CommandError(f"The last that failed: {failed.last_error}")

    def _enqueue_test(self) -> None:
        payload: dict[str, Any] = {
            "event": "test",
            "instance": settings.INSTANCE_NAME,
            "created": timezone.now().isoformat(),
            "execution_id": "",
            "user": "",
            "door": "command",
            "paused_until": None,
            "violations": [],
        }
        if not notify.enqueue(payload):
            raise CommandError("Neither ALERT_EMAILS nor ALERT_WEBHOOK_URL is set.")
