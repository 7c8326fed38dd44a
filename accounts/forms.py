from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.throttle import login_wait


class LoginForm(AuthenticationForm):
    """Name and password; past ``LOGIN_RATE`` the password is not even looked at."""

    retry_after = 0
    """Seconds to wait when the form was refused for its frequency, else 0."""

    def clean(self) -> dict[str, Any]:
        self.retry_after = login_wait(self.request, self.cleaned_data.get("username", ""))
        if self.retry_after:
            raise ValidationError(too_often("log in", self.retry_after), code="throttled")
        return super().clean()


class AdminLoginForm(LoginForm, AdminAuthenticationForm):
    """The same for the admin's own log-in page, which lets only staff in."""


class ChangePasswordForm(PasswordChangeForm):
    """A new password; past ``LOGIN_RATE`` the old one is not even looked at."""

    retry_after = 0
    """As for :class:`LoginForm`."""

    def __init__(self, user: User, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self._request = request

    def clean_old_password(self) -> str:
        self.retry_after = login_wait(self._request, self.user.get_username())
        if self.retry_after:
            raise ValidationError(
                too_often("give the old password", self.retry_after), code="throttled"
            )
        return str(super().clean_old_password())


def too_often(what: str, seconds: int) -> str:
    """One sentence for a person who has to wait."""
    unit = "second" if seconds == 1 else "seconds"
    return f"Too many attempts to {what}. Please try again in {seconds} {unit}."
