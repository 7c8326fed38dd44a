"""A sandbox that ends without a verdict: an escape attempt, unless nothing was in it yet."""

import asyncio

import pytest

from executor.limits import MIB, Limits
from executor.outcome import Status
from executor.pool import Pool
from executor.runner import Runner
from executor.submission import Submission

pytestmark = pytest.mark.docker

ENDLESS = '#include <stdio.h>\nint main(void) { puts("begun"); for (;;) ; }\n'


class EndsWhenTaken(Pool):
    """Somebody removes each sandbox in the moment in which it is taken."""

    async def take(self, person=None):
        sandbox = await super().take()
        await asyncio.to_thread(self.engine.remove, sandbox.name)
        return sandbox


async def test_a_sandbox_that_ends_before_it_is_used_accuses_nobody(sandbox):
    pool = EndsWhenTaken(sandbox.pool.engine, size=0)
    runner = Runner(pool, sandbox.policy, Limits())
    outcome = await runner.run(
        Submission.from_source(ENDLESS), "an id", runner.remote(), lambda event: None
    )
    await pool.close()
    assert outcome.status is Status.SANDBOX_ERROR
    assert "before it was used" in outcome.message
    assert outcome.violations == []


class Remembers(Pool):
    async def take(self, person=None):
        self.taken = await super().take()
        return self.taken


async def test_a_sandbox_that_ends_in_the_middle_is_an_escape_attempt_until_shown_otherwise(
    sandbox,
):
    pool = Remembers(sandbox.pool.engine, size=0)
    runner = Runner(pool, sandbox.policy, Limits())
    begun = asyncio.Event()

    def follow(event):
        if getattr(event, "data", "") == "begun\n":
            begun.set()

    running = asyncio.create_task(
        runner.run(Submission.from_source(ENDLESS), "an id", runner.remote(), follow)
    )
    await begun.wait()
    await asyncio.to_thread(pool.engine.remove, pool.taken.name)
    outcome = await running
    await pool.close()
    assert outcome.status is Status.SANDBOX_ERROR
    assert outcome.stdout == "begun\n"
    assert [violation.rule for violation in outcome.violations] == ["no-verdict"]


@pytest.mark.parametrize("name", ["source_bytes", "data_bytes", "stdin_bytes"])
def test_a_limit_that_no_frame_could_carry_is_refused(name):
    with pytest.raises(ValueError, match=f"{name} must be at most"):
        Limits().with_overrides({name: 16 * MIB})
