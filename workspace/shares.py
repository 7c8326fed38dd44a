"""The only writer of shares: a snapshot, its link, its end, and its copy."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from workspace import projects
from workspace.access import project_of, share_of, writing
from workspace.models import NAME_CHARS, Project, Share, SharedFile, StoredFile
from workspace.refused import Refused, not_there

_TOKEN_BYTES = 24
_COPY = " (copy)"


def share(user: User, project_id: UUID, days: int | None) -> Share:
    """A snapshot of the project as it is now; ``days`` until it expires, None for never."""
    size = sum(projects.sizes_of(project_of(user, project_id)).values())
    with writing(user, size):
        project = project_of(user, project_id)
        most = settings.SHARES_PER_PROJECT
        if project.shares.count() >= most:
            raise Refused(
                "share-count",
                f"This project has {most} shares, the limit. Nothing was shared. Revoke one first.",
                413,
            )
        projects.check_room(user, sum(projects.sizes_of(project).values()))
        now = timezone.now()
        made = Share.objects.create(
            token=secrets.token_urlsafe(_TOKEN_BYTES),
            project=project,
            created=now,
            expires=now + timedelta(days=days) if days else None,
            **project.recipe(),
        )
        SharedFile.objects.bulk_create(
            SharedFile(share=made, **StoredFile.fields_of(file.path, bytes(file.content)))
            for file in project.files.all()
        )
        return made


def revoke(user: User, token: str) -> None:
    size = sum(share_of(user, token).files.values_list("size", flat=True))
    with writing(user, size):
        share_of(user, token).delete()


def fork(user: User, shared: Share) -> Project:
    """A project of one's own with what the share holds, all of it; raises :class:`Refused`."""
    recipe = shared.recipe()
    recipe["name"] = recipe["name"].removesuffix(_COPY)[: NAME_CHARS - len(_COPY)] + _COPY
    contents = {file.path: bytes(file.content) for file in shared.files.all()}
    if not Share.objects.filter(pk=shared.pk).exists():
        raise not_there("share")  # revoked before all of it was read
    return projects.create(user, contents, recipe | {"origin": origin_of(shared)})


def origin_of(shared: Share) -> list[dict[str, Any]]:
    """Return where a copy of ``shared`` comes from: the first share of the chain, and the last.

    One entry where both are one share. Plain values, which outlive share, project and
    account; the owner is a number, because a name would stay after the account.
    """
    last = {
        "share": shared.pk,
        "project": str(shared.project_id),
        "name": shared.name,
        "owner": shared.project.owner_id,
    }
    return [*shared.project.origin[:1], last]
