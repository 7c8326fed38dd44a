"""The only reader for people: who may see which project and which share is decided here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit import alerts
from audit.access import executions_visible_to
from audit.models import Execution
from workspace.models import File, Project, Share, TrashedFile
from workspace.refused import not_logged_in, not_there
from workspace.turns import Turns

_turns = Turns()


def projects_of(user: User | AnonymousUser) -> QuerySet[Project]:
    """A person's own projects; staff see no more than others."""
    return _all_projects_of(user).filter(deleted=None)


def deleted_projects_of(user: User | AnonymousUser) -> QuerySet[Project]:
    """Return the user's own projects that are in the trash."""
    return _all_projects_of(user).exclude(deleted=None)


def trashed_files_of(user: User | AnonymousUser) -> QuerySet[TrashedFile]:
    """Return earlier versions of files, of the user's projects that are in use."""
    return TrashedFile.objects.filter(project__in=projects_of(user))


def _all_projects_of(user: User | AnonymousUser) -> QuerySet[Project]:
    if not user.is_authenticated or not user.is_active:
        return Project.objects.none()
    return Project.objects.filter(owner=user)


def project_of(user: User | AnonymousUser, project_id: str | UUID) -> Project:
    """One project of one's own; raises :class:`Refused` for all others and for what is no id."""
    try:
        key = UUID(str(project_id))
    except ValueError as error:
        raise not_there("project") from error
    project = projects_of(user).filter(pk=key).first()
    if project is None:
        raise not_there("project")
    return project


@contextmanager
def writing(user: User, size: int = 0) -> Iterator[None]:
    """One transaction in which nobody else changes anything of this person's.

    ``size`` is about how many bytes it writes.
    Raises :class:`Refused` for an account that was closed or deleted since the request came.

    The account's row is the lock, so that limits over all projects hold too;
    where the database has no such locks, each writing transaction excludes all others.
    """
    with _turns.turn(user.pk, size) as begin, transaction.atomic():
        open_ones = User.objects.select_for_update(no_key=True).filter(is_active=True)
        if not open_ones.filter(pk=user.pk):
            raise not_logged_in()
        begin()
        yield


def file_of(project: Project, path: str) -> File:
    """Return one file of a project from ``project_of``; its content is loaded on access."""
    file = project.files.defer("content").filter(path=path).first()
    if file is None:
        raise not_there("file")
    return file


def share_of(user: User | AnonymousUser, token: str) -> Share:
    """A share that one may revoke, expired or not."""
    share = Share.objects.filter(project__in=projects_of(user), token=token).first()
    if share is None:
        raise not_there("share")
    return share


def share_for_reading(token: str) -> Share | None:
    """What the link leads to; None alike for unknown, expired and revoked ones.

    Nor is there anything while the account behind it is closed or paused.
    """
    living = Q(expires=None) | Q(expires__gt=timezone.now())
    open_ones = Share.objects.filter(
        living, token=token, project__owner__is_active=True, project__deleted=None
    )
    share = open_ones.select_related("project__owner").first()
    if share is None or alerts.pause_of(share.project.owner):
        return None
    return share


def own_executions(user: User | AnonymousUser) -> QuerySet[Execution]:
    """The records of one's own executions; staff find the others in the administration."""
    if not isinstance(user, User):
        return Execution.objects.none()
    return executions_visible_to(user).filter(user=user)


def own_execution(user: User | AnonymousUser, execution_id: UUID) -> Execution:
    """One record of one's own; raises :class:`Refused`."""
    record = own_executions(user).filter(pk=execution_id).select_related("source").first()
    if record is None:
        raise not_there("execution")
    return record
