"""What was sent, with the files of the saved project that it names."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser

from executor.dispatch import Refused, Sender
from executor.messages import Saved
from executor.submission import BadSubmission, Submission
from workspace.refused import Refused as NotSaved
from workspace.submissions import saved_submission


async def resolved(sent: Submission | Saved, sender: Sender) -> tuple[Submission, Sender]:
    """The submission, and its sender with the project; raises :class:`Refused`."""
    if isinstance(sent, Submission):
        return sent, sender
    try:
        submission, origin = await database_sync_to_async(saved_submission)(
            sender.user or AnonymousUser(), sent
        )
    except (NotSaved, BadSubmission) as error:
        raise Refused(error.code, str(error)) from error
    return submission, replace(sender, project=UUID(sent.project), origin=tuple(origin))
