"""Data about an account besides Django's own user record."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class KnownNetwork(models.Model):
    """A network from which the account's owner logged in with the current password."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    """Keyed hash of the network and the stored password: a new password makes it worthless."""
    seen = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["user", "digest"], name="one_row_per_network"),
        )

    def __str__(self) -> str:
        return f"{self.digest[:8]}, {self.seen:%Y-%m-%d}"


class NameSkeleton(models.Model):
    """The skeleton that an account's name shares with all names that look like it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    key = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 (unique)
    """Hash of the skeleton; None for an account older than this rule that looks like another."""

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key or ""
