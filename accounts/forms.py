from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.throttle import login_wait, one_at_a_time


class LoginForm(AuthenticationForm):
    """Name and password. Beyond the limits the password is not checked."""

    retry_after = 0
    """Seconds to wait when the form was refused for its frequency, else 0."""

    def clean(self) -> dict[str, Any]:
        if wait := login_wait(self.request, self.cleaned_data.get("username", "")):
            self.retry_after = wait.seconds
            raise ValidationError(wait.sentence("log in"), code="throttled")
        with one_at_a_time(self.request):
            return super().clean()


class AdminLoginForm(LoginForm, AdminAuthenticationForm):
    """The same for the admin's own log-in page, which lets only staff in."""


class ChangePasswordForm(PasswordChangeForm):
    """A new password. Beyond the limits the old one is not checked."""

    retry_after = 0
    """As for :class:`LoginForm`."""

    def __init__(self, user: User, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self._request = request

    def clean_old_password(self) -> str:
        if wait := login_wait(self._request, self.user.get_username()):
            self.retry_after = wait.seconds
            raise ValidationError(wait.sentence("enter the old password"), code="throttled")
        with one_at_a_time(self._request):
            return str(super().clean_old_password())
