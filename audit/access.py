"""The only reader for people: who may see which record is decided here."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet

from audit.models import Execution, Pause, Violation


def may(user: User | AnonymousUser, permission: str) -> bool:
    """Whether ``user`` is staff and has a permission of the audit's; superusers have each."""
    return user.is_authenticated and user.is_staff and user.has_perm(f"audit.{permission}")


def executions_visible_to(user: User | AnonymousUser) -> QuerySet[Execution]:
    """A person's own executions; all of them for staff who may view the audit."""
    if not user.is_authenticated or not user.is_active:
        return Execution.objects.none()
    if may(user, "view_execution"):
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
    return Violation.objects.all() if may(user, "view_violation") else Violation.objects.none()


def reviewable_by(user: User | AnonymousUser) -> QuerySet[Violation]:
    """The violations that ``user`` may decide on: visible ones, with the permission to."""
    seen = violations_visible_to(user)
    return seen if may(user, "review_violation") else seen.none()


def pauses_visible_to(user: User | AnonymousUser) -> QuerySet[Pause]:
    """All pauses, for staff who may lift them: who sees one may lift it."""
    return Pause.objects.all() if may(user, "lift_pause") else Pause.objects.none()


def same_person(execution: Execution) -> Q:
    """The condition on executions to be of the same person; of nobody where there is none."""
    if execution.user_id is not None:
        return Q(user=execution.user_id)
    if execution.username:  # the account is gone, the records are not
        return Q(user=None, username=execution.username)
    return Q(pk__in=())
