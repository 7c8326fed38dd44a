from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UserCreationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordChangeView, RedirectURLMixin
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from accounts import known, names
from accounts.forms import ChangePasswordForm, LoginForm
from accounts.throttle import signup_wait


class LogIn(LoginView):
    """The log-in page; answers 429 with ``Retry-After`` when it is tried too often."""

    authentication_form = LoginForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(signup_open=settings.SIGNUP_OPEN, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if isinstance(form, LoginForm) and form.retry_after:
            _say_too_often(response, form.retry_after)
        return response


@method_decorator(login_not_required, name="dispatch")
class SignUp(RedirectURLMixin, FormView):  # type: ignore[type-arg]  # generic to the type checker
    """Makes an account, logs it in and leads to ``next``; 404 where ``SIGNUP_OPEN`` is off."""

    form_class = UserCreationForm
    template_name = "registration/signup.html"
    next_page = "ide"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.SIGNUP_OPEN:
            raise Http404("Sign-up is closed here. Ask the administrator for an account.")
        if request.user.is_authenticated:
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next=self.get_redirect_url(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wait := signup_wait(request):
            form = self.get_form()
            form.add_error(None, wait.sentence("sign up"))
            return _say_too_often(self.form_invalid(form), wait.seconds)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: UserCreationForm[User]) -> HttpResponse:
        try:
            with transaction.atomic():
                person = form.save()
        except IntegrityError:
            # Somebody else took the name, or one like it, after the form had looked for it.
            form.add_error("username", names.TAKEN)
            return self.form_invalid(form)
        login(self.request, person)
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class Account(PasswordChangeView):
    """One's own account, with a new password; all other sessions of it end then.

    Counts attempts as logging in does, and answers 429 like it.
    """

    form_class = ChangePasswordForm
    template_name = "registration/account.html"
    success_url = reverse_lazy("account")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_invalid(form)
        if isinstance(form, ChangePasswordForm) and form.retry_after:
            _say_too_often(response, form.retry_after)
        return response

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        said = "Your password was changed. You are logged out everywhere else."
        messages.success(self.request, said)
        response = super().form_valid(form)
        known.remember(form.user, self.request)  # those of the old password no longer count
        return response


def _say_too_often(response: HttpResponse, seconds: int) -> HttpResponse:
    response.status_code = 429
    response.headers["Retry-After"] = str(seconds)
    return response
