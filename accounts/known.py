"""Remember from which networks each account was used, for ``LOGIN_KNOWN_DAYS``."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.addresses import address_of_request, network_of
from accounts.models import KnownNetwork

MOST = 20
"""Networks of one account; the one unused for the longest time makes room for a new one."""


def is_known(username: str, network: str) -> bool:
    """Return whether the account's owner logged in from ``network`` lately.

    Costs the same two queries whether or not there is such an account.
    """
    user = User.objects.filter(username=username).only("pk", "password").first() or User()
    networks = KnownNetwork.objects.filter(seen__gte=_oldest())
    return networks.filter(user_id=user.pk or 0, digest=_digest(user, network)).exists()


def remember(user: User, request: HttpRequest) -> None:
    """Remember the network of a request whose sender has just proved the password."""
    digest = _digest(user, network_of(address_of_request(request)))
    KnownNetwork.objects.update_or_create(
        user=user, digest=digest, defaults={"seen": timezone.now()}
    )
    own = KnownNetwork.objects.filter(user=user)
    own.exclude(pk__in=list(own.order_by("-seen").values_list("pk", flat=True)[:MOST])).delete()


def expired() -> QuerySet[KnownNetwork]:
    """Return the networks that no longer count."""
    return KnownNetwork.objects.filter(seen__lt=_oldest())


def _oldest() -> datetime:
    return timezone.now() - timedelta(days=settings.LOGIN_KNOWN_DAYS)


def _digest(user: User, network: str) -> str:
    value = f"{user.password}\0{network}"
    return salted_hmac("accounts.known", value, algorithm="sha256").hexdigest()
