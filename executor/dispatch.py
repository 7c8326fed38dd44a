"""From a door to the engine and back: record, wait in line, run, keep for whoever follows.

Theory of operation
-------------------
One :class:`Dispatcher` per server process owns the pool and every live
execution. ``submit`` records the execution (nothing runs unrecorded), puts it
in line and returns it at once. Its coroutine waits for one of the
``SANDBOX_CONCURRENCY`` places, runs, records the ending, and only then says the
result. Each live execution keeps its own history of messages, so any number of
followers can read it from its first message on, at their own pace: a slow
reader holds up nobody, because nothing ever waits for a follower. The history
is bounded by the limits on output and files.

An execution that nobody follows for ``DETACH_GRACE_SECONDS`` is stopped. What
has ended stays for ``_KEEP_SECONDS`` for a socket that comes back, as far as
``_KEEP_BYTES`` reach; after that the record answers.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from dataclasses import asdict, dataclass, replace
from math import inf
from pathlib import Path

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import User

from audit import alerts, recorder
from executor import messages, metrics
from executor.code_executor import CodeExecutor
from executor.container import UNVALIDATED_IMAGE, SandboxConfig
from executor.frames import Tool
from executor.live import Line, Live
from executor.log_context import about
from executor.outcome import Outcome, Status
from executor.owner import owner, owner_is_gone
from executor.policy import Policy
from executor.remote import Stopped
from executor.submission import Submission

logger = logging.getLogger(__name__)

_KEEP_SECONDS = 300.0
# Of files, which are the bulk of a history: one person could otherwise fill a gigabyte.
_KEEP_BYTES = 64 << 20
_SHUTDOWN_SECONDS = 8.0
_RESTARTING = "The server is restarting; please run it again."


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


def executor_from_settings(*, pool_size: int, validated: bool = True) -> CodeExecutor:
    """A :class:`CodeExecutor` as this site's settings want it."""
    config = SandboxConfig(
        limits=settings.LIMITS,
        image=settings.SANDBOX_IMAGE if validated else UNVALIDATED_IMAGE,
        runtime=settings.SANDBOX_RUNTIME,
        walls=frozenset(settings.SANDBOX_REQUIRE_WALLS),
    )
    policy, most = policy_from_settings(), settings.SANDBOX_POOL_MOST
    return CodeExecutor(config, policy, pool_size=pool_size, pool_most=most)


def policy_from_settings() -> Policy:
    path = Path(settings.POLICY_FILE) if settings.POLICY_FILE else None
    return Policy.load(path, settings.POLICY_PROFILE)


def record_began(execution_id: str, submission: Submission, sender: Sender) -> None:
    """Commit the record of a submission.

    Raises :class:`Refused` when it cannot be, or while its sender is paused.
    """
    refuse(submission, sender)
    record(execution_id, submission, sender)


def refuse(submission: Submission, sender: Sender) -> None:
    """Raise :class:`Refused` for an option that is off here, and while the sender is paused."""
    if submission.options.warnings == "show" and not settings.ALLOW_SHOW_WARNINGS:
        raise Refused(
            "option-off",
            "Here a warning ends the compile, always. Run it with the option “warnings” left out.",
        )
    try:
        pause = alerts.pause_of(sender.user)
    except Exception as error:
        logger.exception("nobody could say whether a sender is paused")
        raise audit_unavailable() from error
    if pause:
        raise Refused("paused", alerts.pause_message(pause))


def record(
    execution_id: str, submission: Submission, sender: Sender, tool: Tool = Tool.RUN
) -> None:
    """Commit the record of a submission, whoever sent it. Raises :class:`Refused`."""
    sources = submission.sources
    used = {} if tool is Tool.RUN else {"tool": tool.value}
    try:
        recorder.began(
            execution_id=execution_id,
            user=sender.user,
            door=sender.door,
            remote_address=sender.remote_address,
            user_agent=sender.user_agent,
            server=server_id(),
            sources=sources,
            data_files={n: data for n, data in submission.files.items() if n not in sources},
            main=submission.main,
            args=submission.args,
            code_hash=submission.code_hash,
            interactive=submission.interactive,
            validated=submission.validate,
            limits=asdict(settings.LIMITS),
            options=asdict(submission.options) | used,
            project=sender.project,
        )
    except Exception as error:
        logger.exception("execution %s could not be recorded", execution_id)
        raise audit_unavailable() from error


def audit_unavailable() -> Refused:
    return Refused(
        "audit-unavailable",
        "The execution could not be recorded, so it was not run. Try again in a moment.",
    )


def server_id() -> str:
    """This process in the records: the instance's name, then the process itself."""
    return f"{settings.INSTANCE_NAME}|{owner()}"


def sweep_lost() -> int:
    """Close the records of executions whose server has ended; how many there were."""
    return recorder.sweep_lost(_is_alive)


def _is_alive(server: str) -> bool:
    instance, _, process = server.partition("|")
    if instance != settings.INSTANCE_NAME:
        return True  # another machine's, and that machine sweeps its own
    same_boot = process.partition("/")[0] == owner().partition("/")[0]
    return same_boot and not owner_is_gone(process)


class Dispatcher:
    """All live executions of this process; made inside the server's event loop."""

    def __init__(self) -> None:
        self.executor = executor_from_settings(pool_size=settings.SANDBOX_POOL_SIZE)
        self._line = Line(settings.SANDBOX_CONCURRENCY)
        self._lives: dict[str, Live] = {}
        self.executor.pool.on_start = metrics.sandbox_start_seconds.observe
        metrics.watch(self.executor.pool, self._line)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    def start(self) -> None:
        """Begin to warm the pool."""
        self.executor.pool.start()

    async def submit(self, submission: Submission, sender: Sender) -> Live:
        """Record a submission and put it in line.

        Raises :class:`Refused` when it cannot be accepted, recorded included.
        """
        try:
            live = await self._accept(submission, sender)
        except Refused as error:
            metrics.submission_refused(error.code)
            raise
        ahead = self._line.ahead(live.user_id)
        live.say(messages.Accepted(live.execution_id, ahead))
        living = self._live(live, submission)
        task = asyncio.create_task(living, name=f"execution {live.execution_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        live.watch_out()
        return live

    async def _accept(self, submission: Submission, sender: Sender) -> Live:
        live = self._admit(submission, sender)
        try:
            with about(live.execution_id):
                await database_sync_to_async(record_began)(live.execution_id, submission, sender)
        except BaseException:
            del self._lives[live.execution_id]
            raise
        return live

    def find(self, execution_id: str, user_id: int | None) -> Live | None:
        """A live execution of one's own."""
        live = self._lives.get(execution_id)
        return live if live is not None and live.user_id == user_id else None

    def has_spare_sandbox(self) -> bool:
        """Whether something that is no run may have a sandbox, and a run still finds one."""
        return not (self._closing or self._line.waiting) and self.executor.pool.warm > 1

    async def shutdown(self) -> None:
        """Stop every execution, record and tell each ending, and empty the pool."""
        self._closing = True
        for live in self._lives.values():
            live.stop(_RESTARTING)
        told = {asyncio.create_task(live.told()) for live in self._lives.values()}
        if ending := self._tasks | told:
            await asyncio.wait(ending, timeout=_SHUTDOWN_SECONDS)
        await self.executor.aclose()

    def _admit(self, submission: Submission, sender: Sender) -> Live:
        self._forget()
        user_id = sender.user.pk if sender.user else None
        if self._closing:
            raise Refused("stopping", "The server is about to stop. Try again in a moment.")
        if self._line.waiting >= settings.QUEUE_LENGTH:
            raise Refused("queue-full", "Too many programs are waiting. Try again in a minute.")
        most = settings.RUN_CONCURRENCY_PER_USER
        running = [one for one in self._lives.values() if one.user_id == user_id and not one.ended]
        if len(running) >= most:
            raise Refused(
                "busy",
                f"You have {len(running)} program{'s' * (len(running) > 1)} running, "
                f"and {most} at a time is the limit. Stop one, or wait for its end.",
            )
        live = Live(
            str(uuid.uuid4()), user_id, submission.code_hash, self.executor.remote(), sender.door
        )
        self._lives[live.execution_id] = live
        return live

    def _forget(self) -> None:
        """Drop what ended long ago, and the oldest of what is too much; the record has it."""
        old = time.monotonic() - _KEEP_SECONDS
        kept = 0
        latest_first = sorted(self._lives.values(), key=lambda live: -(live.ended or inf))
        for live in latest_first:
            kept += live.file_bytes
            if live.ended and (live.ended < old or kept > _KEEP_BYTES):
                del self._lives[live.execution_id]

    async def _live(self, live: Live, submission: Submission) -> None:
        with about(live.execution_id):
            await self._from_line_to_record(live, submission)

    async def _from_line_to_record(self, live: Live, submission: Submission) -> None:
        began = time.monotonic()
        try:
            outcome = _told(await self._outcome(live, submission, began), live)
            outcome.total_ms = round((time.monotonic() - began) * 1000, 3)
            await database_sync_to_async(recorder.ended)(live.execution_id, outcome.as_dict())
        except Exception:
            logger.exception("execution %s failed", live.execution_id)
            outcome = self._failed(live, "The server failed while this program was running.")
            await self._record_anyway(outcome)
        metrics.execution_ended(live.door, outcome)
        logger.info("ended: %s after %.0f ms", outcome.status, outcome.total_ms)
        live.finish(messages.Result(outcome))

    async def _outcome(self, live: Live, submission: Submission, began: float) -> Outcome:
        if self._line.ahead(live.user_id):
            live.say(messages.Stage("queued"))
        try:
            entering = self._line.enter(live.user_id, live.execution_id)
            await live.remote.unless_stopped(entering)
        except Stopped:
            stopped = self._failed(live, "You stopped the execution while it was waiting.")
            return replace(stopped, status=Status.STOPPED)
        try:
            queue_ms = round((time.monotonic() - began) * 1000, 3)
            await database_sync_to_async(recorder.started)(live.execution_id)
            outcome = await self.executor.execute_async(
                submission, live.execution_id, live.say, live.remote
            )
            outcome.queue_ms = queue_ms
            return outcome
        finally:
            self._line.leave()

    def _failed(self, live: Live, message: str) -> Outcome:
        return Outcome(
            execution_id=live.execution_id,
            status=Status.SANDBOX_ERROR,
            message=message,
            code_hash=live.code_hash,
            policy_version=self.executor.policy.version,
            image=self.executor.config.image,
        )

    @staticmethod
    async def _record_anyway(outcome: Outcome) -> None:
        try:
            await database_sync_to_async(recorder.ended)(outcome.execution_id, outcome.as_dict())
        except Exception:
            # The sweep at the next start closes it.
            logger.exception("the ending of %s could not be recorded", outcome.execution_id)


def _told(outcome: Outcome, live: Live) -> Outcome:
    """The outcome; a stop that the server made is not blamed on the person."""
    if live.stopped_because and outcome.status is Status.STOPPED:
        return replace(outcome, message=live.stopped_because)
    return outcome


_current: Dispatcher | None = None


def current() -> Dispatcher:
    """This process's dispatcher, made on first use inside the event loop."""
    global _current
    if _current is None:
        _current = Dispatcher()
        _current.start()
    return _current


async def close() -> None:
    """End the process's dispatcher, if it has one."""
    global _current
    if _current is not None:
        dispatcher, _current = _current, None
        await dispatcher.shutdown()
