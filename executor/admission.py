"""Before anything runs: who sent it, may they, and is it on record?

Every door and every way to run goes through here. Nothing runs unrecorded, and
whoever may not submit is refused with a sentence.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from audit import alerts, disk, quota, recorder
from audit.models import Source
from executor.broker_client import BrokeredEngine
from executor.code_executor import CodeExecutor
from executor.engine import SandboxEngine
from executor.frames import Tool
from executor.owner import owner, owner_is_gone
from executor.policy import Policy
from executor.sandbox_config import UNVALIDATED_IMAGE, Reuse, SandboxConfig
from executor.submission import Submission

logger = logging.getLogger(__name__)

# From here on, packing a source takes longer than the database takes to store it.
_LARGE_BYTES = 1 << 16
# In front of the instance's name, where workers on any machine look after the executions.
_SHARED = "cluster:"


class Refused(Exception):
    """The submission was not accepted; nothing was run. ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a submission, by which door, from where."""

    user: User | None
    door: str
    remote_address: str = ""
    user_agent: str = ""
    project: uuid.UUID | None = None
    """The saved project the submission was taken from."""
    origin: tuple[dict[str, Any], ...] = ()
    """The first and the last share that the project was copied from, as plain values."""


def executor_from_settings(*, pool_size: int, validated: bool = True) -> CodeExecutor:
    """A :class:`CodeExecutor` as this site's settings want it."""
    config = SandboxConfig(
        limits=settings.LIMITS,
        image=settings.SANDBOX_IMAGE if validated else UNVALIDATED_IMAGE,
        runtime=settings.SANDBOX_RUNTIME,
        walls=frozenset(settings.SANDBOX_REQUIRE_WALLS),
        reuse=Reuse(
            settings.SANDBOX_REUSE, settings.SANDBOX_REUSE_MOST, settings.SANDBOX_REUSE_SECONDS
        ),
    )
    return CodeExecutor(
        config,
        policy_from_settings(),
        engine=engine_from_settings(config, "standard" if validated else "unvalidated"),
        pool_size=pool_size,
        pool_most=settings.SANDBOX_POOL_MOST,
        keep_input=settings.RECORD_INPUT_BYTES,
    )


def engine_from_settings(config: SandboxConfig, shape: str = "standard") -> SandboxEngine | None:
    """Return the broker if there is one; otherwise None, for the engine itself."""
    if not settings.SANDBOX_BROKER:
        return None
    return BrokeredEngine(config, settings.SANDBOX_BROKER, shape)


def policy_from_settings() -> Policy:
    path = Path(settings.POLICY_FILE) if settings.POLICY_FILE else None
    return Policy.load(path, settings.POLICY_PROFILE)


def record_began(
    execution_id: str,
    submission: Submission,
    sender: Sender,
    *,
    shared: bool = False,
    running: bool = False,
    source: Source | None = None,
) -> None:
    """Commit the record of a submission; ``shared``: some worker will look after it.

    ``running``: it has its place already. ``source``: what :func:`packed` gave. Raises
    :class:`Refused` when it cannot be recorded, or its sender may not submit now.
    """
    refuse(submission, sender)
    record(execution_id, submission, sender, shared=shared, running=running, source=source)


async def packed(submission: Submission) -> Source | None:
    """Return a large submission's source in stored form, packed outside the database's thread."""
    if sum(map(len, submission.code.values())) < _LARGE_BYTES:
        return None
    return await asyncio.to_thread(recorder.source_of, submission.code)


def refuse(submission: Submission, sender: Sender) -> None:
    """Raise :class:`Refused` for an option that is off here, while the sender is paused or has no
    room left for records today, and while the server's disk has none.
    """
    if submission.options.warnings == "show" and not settings.ALLOW_SHOW_WARNINGS:
        raise Refused(
            "option-off",
            "This server does not run programs with warnings. Leave the option “warnings” out.",
        )
    try:
        pause = alerts.pause_of(sender.user)
        used_up, full = quota.is_used_up(sender.user), disk.is_refused(sender.user)
    except Exception as error:
        logger.exception("the database did not answer whether a sender may submit")
        raise audit_unavailable() from error
    if pause:
        raise Refused("paused", alerts.pause_message(pause))
    if used_up:
        raise Refused("record-quota", quota.message())
    if full:
        raise Refused("disk-reserve", disk.message())


def record(
    execution_id: str,
    submission: Submission,
    sender: Sender,
    tool: Tool = Tool.RUN,
    *,
    shared: bool = False,
    running: bool = False,
    source: Source | None = None,
) -> None:
    """Commit the record of a submission, whoever sent it. Raises :class:`Refused`."""
    used: dict[str, Any] = {} if tool is Tool.RUN else {"tool": tool.value}
    if sender.origin:
        used["origin"] = list(sender.origin)
    try:
        recorder.began(
            execution_id=execution_id,
            user=sender.user,
            door=sender.door,
            remote_address=sender.remote_address,
            user_agent=sender.user_agent,
            server=shared_server_id() if shared else server_id(),
            sources=submission.code,
            data_files=submission.data,
            main=submission.main,
            args=submission.args,
            code_hash=submission.code_hash,
            interactive=submission.interactive,
            validated=submission.validate,
            limits=asdict(settings.LIMITS),
            options=asdict(submission.options) | used,
            project=sender.project,
            stdin=submission.stdin,
            running=running,
            source=source,
        )
    except Exception as error:
        logger.exception("execution %s could not be recorded", execution_id)
        raise audit_unavailable() from error


def audit_unavailable() -> Refused:
    return Refused(
        "audit-unavailable",
        "The execution could not be recorded, so it was not run. Try again in a moment.",
    )


def queue_full() -> Refused:
    return Refused("queue-full", "Too many programs are waiting. Try again in a minute.")


def busy(running: int) -> Refused:
    most = settings.RUN_CONCURRENCY_PER_USER
    return Refused(
        "busy",
        f"You have {running} program{'s' * (running > 1)} running, "
        f"and {most} at a time is the limit. Stop one, or wait until it ends.",
    )


def server_id() -> str:
    """This process in the records: the instance's name, then the process itself."""
    return f"{settings.INSTANCE_NAME}|{owner()}"


def shared_server_id() -> str:
    """This process in the records of executions that any worker may look after."""
    return _SHARED + server_id()


def sweep_lost() -> int:
    """Close the records of executions whose server has ended; how many there were."""
    return recorder.sweep_lost(_is_alive)


def shared_and_unfinished() -> list[str]:
    """The executions that workers should be looking after, by the records."""
    return recorder.unfinished(server_prefix=_SHARED)


def _is_alive(server: str) -> bool:
    if server.startswith(_SHARED):
        return bool(settings.REDIS_URL)  # `membership` asks the workers
    instance, _, process = server.partition("|")
    if instance != settings.INSTANCE_NAME:
        return True  # another machine's, and that machine sweeps its own
    same_boot = process.partition("/")[0] == owner().partition("/")[0]
    return same_boot and not owner_is_gone(process)
