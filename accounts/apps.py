from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.http import HttpRequest


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from django.contrib.auth.models import User

        from accounts import names

        user_logged_in.connect(_remember_network, dispatch_uid="known networks")
        # Every form and command that makes or renames an account asks the field.
        User._meta.get_field("username").validators.append(names.validate)
        post_save.connect(_forget_first_password, User, dispatch_uid="first password")
        post_save.connect(names.keep_skeleton, User, dispatch_uid="skeletons of names")


def _remember_network(user: Any, request: HttpRequest, **_: object) -> None:
    from accounts import first_password, known

    known.remember(user, request)
    first_password.forget(user)


def _forget_first_password(instance: Any, update_fields: Any, **_: object) -> None:
    from accounts import first_password

    if update_fields is None or "password" in update_fields:
        first_password.forget(instance)
