from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import first_password
from accounts.models import NameSkeleton
from accounts.names import key_of

NAME = "admin"


class Command(BaseCommand):
    help = (
        "Make the user “admin” with a random password, printed once, "
        "unless there is a superuser already."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            if User.objects.filter(is_superuser=True).exists():
                return
            if NameSkeleton.objects.filter(key=key_of(NAME)).exists():
                # Anyone can have signed up under this name: never promote an account.
                raise CommandError(
                    f"There is no superuser, and the name “{NAME}”, or one that looks like it, is "
                    "taken by an ordinary account. Make one under another name: "
                    "manage.py createsuperuser"
                )
            password = secrets.token_urlsafe(12)
            User.objects.create_superuser(NAME, password=password)
        self.stdout.write(first_password.hand_over(self.stdout, NAME, password))
