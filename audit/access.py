"""The only reader for people: who may see which record is decided here."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from audit.models import Execution, Violation


def executions_visible_to(user: User | AnonymousUser) -> QuerySet[Execution]:
    """A person's own executions; all of them for staff who may view the audit."""
    if not user.is_authenticated or not user.is_active:
        return Execution.objects.none()
    if user.is_staff and user.has_perm("audit.view_execution"):
        return Execution.objects.all()
    return Execution.objects.filter(user=user)


def execution_visible_to(user: User | AnonymousUser, execution_id: str | UUID) -> Execution | None:
    """One execution; None alike for “not yours”, “not there” and “not an id”."""
    try:
        key = UUID(str(execution_id))
    except ValueError:
        return None
    return executions_visible_to(user).filter(pk=key).first()


def violations_visible_to(user: User | AnonymousUser) -> QuerySet[Violation]:
    """All violations, for staff who may view them; nobody else lists them."""
    if user.is_authenticated and user.is_staff and user.has_perm("audit.view_violation"):
        return Violation.objects.all()
    return Violation.objects.none()
