from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        user_logged_in.connect(_remember_network, dispatch_uid="known networks")


def _remember_network(user: Any, request: HttpRequest, **_: object) -> None:
    from accounts import known

    known.remember(user, request)
