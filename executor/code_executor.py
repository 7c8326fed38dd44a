"""The library's door: run C in a sandbox from any Python program, Django or not."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from concurrent.futures import Future
from typing import Any

from executor import frames, messages
from executor.engine import SandboxEngine
from executor.frames import Tool
from executor.outcome import Outcome
from executor.policy import Judgement, Policy
from executor.pool import Pool
from executor.remote import Remote
from executor.runner import Runner
from executor.sandbox_config import SandboxConfig
from executor.submission import Options, Submission
from executor.tools import Check, Tools
from executor.transcript import Emit


class CodeExecutor:
    """Validates, compiles and runs C in hardened single-use containers.

    ``pool_size`` sandboxes are kept warm while the object is open, up to ``pool_most`` while
    more are wanted; 0 starts one for each execution. The synchronous :meth:`execute_code` runs
    an event loop of its own in a background thread; the asynchronous methods use the caller's
    loop. One object serves one of the two ways. Close it, or use it as a context manager
    (``with`` or ``async with``). An outcome brings along the first ``keep_input`` bytes of what
    was typed, for callers who keep records.

    >>> with CodeExecutor() as executor:
    ...     executor.execute_code('#include <stdio.h>\\nint main() { puts("hi"); }')["stdout"]
    'hi\\n'
    """

    def __init__(
        self,
        config: SandboxConfig | None = None,
        policy: Policy | None = None,
        *,
        engine: SandboxEngine | None = None,
        pool_size: int = 0,
        pool_most: int = 0,
        keep_input: int = 0,
    ) -> None:
        self.config = config or SandboxConfig()
        self.policy = policy or Policy.load()
        greeting = frames.prepare(self.config.limits, extended_headers=self.policy.extended)
        self._pool = Pool(
            engine or _docker(self.config),
            pool_size,
            greeting=greeting,
            most=pool_most,
            reuse=self.config.reuse,
        )
        self._runner = Runner(self._pool, self.policy, self.config.limits, keep_input)
        self._tools = Tools(self._runner)
        self._thread: _LoopThread | None = None
        self._starting = threading.Lock()

    @property
    def pool(self) -> Pool:
        return self._pool

    def execute_code(
        self,
        source: str | bytes,
        stdin: str | bytes = "",
        files: Mapping[str, str | bytes] | None = None,
        args: Iterable[str] = (),
        options: Options = Options(),  # noqa: B008 - frozen
    ) -> dict[str, Any]:
        """Run ``source`` as ``main.c`` and give the result object as a dict.

        ``files`` are further files by path relative to main's folder: other C files are
        compiled along, headers and data lie beside. Blocks until the execution has ended.
        ``options`` says how the program is built.
        Raises :class:`executor.submission.BadSubmission` for malformed names or arguments;
        everything else, a missing engine too, is a status of the result.
        """
        submission = Submission.from_files(
            {**(files or {}), "main.c": source}, "main.c", args=args, stdin=stdin, options=options
        )
        return self.execute(submission).as_dict()

    def execute(
        self, submission: Submission, execution_id: str | None = None, emit: Emit | None = None
    ) -> Outcome:
        """Run a submission, blocking; ``emit`` is called from the background thread."""
        running = self.execute_async(submission, execution_id, emit)
        outcome: Outcome = self._loop_thread().run(running)
        return outcome

    def _loop_thread(self) -> _LoopThread:
        with self._starting:
            if self._thread is None:
                self._thread = _LoopThread()
            return self._thread

    def walls(self) -> dict[str, int]:
        """What the supervisor of a fresh sandbox found, blocking.

        Raises :class:`executor.container.SandboxUnavailable`, with the code ``walls-missing``
        where the configuration demands a wall that is not there.
        """
        with self._starting:
            if self._thread is None:
                self._thread = _LoopThread()
        found: dict[str, int] = self._thread.run(self._probe())
        return found

    async def _probe(self) -> dict[str, int]:
        sandbox = await self._pool.engine.create()
        await sandbox.destroy()
        return sandbox.walls

    async def execute_async(
        self,
        submission: Submission,
        execution_id: str | None = None,
        emit: Emit | None = None,
        remote: Remote | None = None,
        person: str | None = None,
        judged: Judgement | None = None,
    ) -> Outcome:
        """Run a submission; ``emit`` gets each event as it happens and must not block.

        ``person``: whose it is; matters where a sandbox serves the same person again, and
        for whose turn it is to be judged. ``judged``: what :meth:`judge` gave, if asked before.
        """
        self._pool.start()
        return await self._runner.run(
            submission,
            execution_id or str(uuid.uuid4()),
            remote or self._runner.remote(),
            emit or (lambda event: None),
            person,
            judged,
        )

    def judges_at_once(self, submission: Submission, account: str | None) -> bool:
        """Return whether validation starts at once and takes negligible time."""
        return self._runner.judging.is_immediate(submission, account)

    async def judge(self, submission: Submission, account: str | None = None) -> Judgement:
        """Validate a submission once the account's earlier ones are validated.

        Raises :class:`executor.container.SandboxUnavailable` where that is not possible.
        """
        return await self._runner.judge(submission, account)

    def check(self, submission: Submission, tool: Tool = Tool.CHECK) -> Check:
        """What policy and compiler say of a submission that is not run, blocking.

        Another tool gives its assembler text or its format besides.
        """
        found: Check = self._loop_thread().run(self.use_tool(tool, submission))
        return found

    async def use_tool(
        self,
        tool: Tool,
        submission: Submission,
        may: Callable[[], bool] = lambda: True,
        account: str | None = None,
    ) -> Check:
        """Use a tool on a submission; ``may`` is asked just before it takes a sandbox.

        ``account``: whose it is; one account has one source validated at a time.
        A caller who keeps records has to record :attr:`executor.tools.Check.escape`.
        """
        self._pool.start()
        return await self._tools.use(tool, submission, may, account)

    async def stream(
        self, submission: Submission, execution_id: str | None = None, remote: Remote | None = None
    ) -> AsyncIterator[messages.Event | messages.Result]:
        """Run a submission and give its events as they happen; the last one is its result.

        Leaving the iteration early stops the execution.
        """
        queue: asyncio.Queue[messages.Event | messages.Result] = asyncio.Queue()

        async def run() -> None:
            outcome = await self.execute_async(submission, execution_id, queue.put_nowait, remote)
            queue.put_nowait(messages.Result(outcome))

        running = asyncio.create_task(run())
        running.add_done_callback(lambda done: None if done.cancelled() else done.exception())
        try:
            while True:
                event = await _next_or_failure(queue, running)
                yield event
                if isinstance(event, messages.Result):
                    return
        finally:
            running.cancel()
            await asyncio.wait({running})  # its sandbox is on its way out then

    def remote(self) -> Remote:
        """A fresh remote control to hand to :meth:`stream` or :meth:`execute_async`."""
        return self._runner.remote()

    def close(self) -> None:
        """Destroy the sandboxes of the synchronous door.

        An :meth:`execute` that another thread waits in ends with a ``CancelledError``.
        """
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.run(_cancel_others())
            thread.run(self.aclose())
            thread.stop()

    async def aclose(self) -> None:
        """Destroy the warm sandboxes of the asynchronous methods and end the judge processes."""
        self._runner.judging.close()
        await self._pool.close()

    def __enter__(self) -> CodeExecutor:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    async def __aenter__(self) -> CodeExecutor:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()


def _docker(config: SandboxConfig) -> SandboxEngine:
    # Here, because a server that asks the broker has no use for Docker's client.
    from executor.container import Engine

    return Engine(config)


async def _next_or_failure(
    queue: asyncio.Queue[messages.Event | messages.Result], running: asyncio.Task[None]
) -> messages.Event | messages.Result:
    """The next event, or the exception that ended the execution without a result."""
    getting = asyncio.ensure_future(queue.get())
    try:
        await asyncio.wait({getting, running}, return_when=asyncio.FIRST_COMPLETED)
        if not getting.done() and queue.empty():
            running.result()
        return await getting
    finally:
        getting.cancel()


async def _cancel_others() -> None:
    """End what else this loop does, so that nobody waits for a loop that has stopped."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others)


class _LoopThread:
    """An event loop in a daemon thread, for callers that have none."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="cloister executor", daemon=True
        )
        self._thread.start()

    def run(self, coroutine: Any) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return future.result()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
