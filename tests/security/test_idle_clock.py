"""The run clock stops while a program waits for input, and at no other time."""

import asyncio

import pytest

from executor import messages
from executor.outcome import Status
from executor.submission import Submission

pytestmark = pytest.mark.docker

BETWEEN = {
    "computes": "clock_t end = clock() + 5 * CLOCKS_PER_SEC / 1000; while (clock() < end) ;",
    "sleeps": "nanosleep(&(struct timespec){0, 5000000}, NULL);",
}
ASK_AGAIN_AND_AGAIN = """#include <stdio.h>
#include <time.h>
int main(void) { for (int turn = 0; turn < %d; turn++) { %s printf("> "); getchar(); } return 0; }
"""


async def answered(executor, source, *, seconds):
    """The outcome, and the waiting messages; every question is answered after ``seconds``."""
    remote, outcome, waits = executor.remote(), None, []
    submission = Submission.from_source(source, interactive=True)
    async for event in executor.stream(submission, remote=remote):
        if isinstance(event, messages.Output) and "> " in event.data:
            asyncio.get_running_loop().call_later(seconds, remote.handle, messages.Stdin("\n"))
        elif isinstance(event, messages.Waiting):
            waits.append(event.idle_seconds)
        elif isinstance(event, messages.Result):
            outcome = event.outcome
    return outcome, waits


@pytest.mark.parametrize("between", BETWEEN)
async def test_time_between_two_waits_for_input_is_charged(limited, between):
    turns = 250
    source = ASK_AGAIN_AND_AGAIN % (turns, BETWEEN[between])
    outcome, _ = await answered(limited(run_seconds=0.6), source, seconds=0)
    assert outcome.status is Status.TIMEOUT
    assert outcome.cpu_ms < 4 * turns  # all of them compute for 5 ms each


async def test_waiting_for_input_is_not_charged_however_often_it_is_interrupted(limited):
    source = ASK_AGAIN_AND_AGAIN % (10, "")
    outcome, _ = await answered(limited(run_seconds=1), source, seconds=0.2)
    assert outcome.status is Status.SUCCESS, outcome.message
    assert outcome.run_ms > 1500


async def test_sandbox_reports_begin_and_end_of_a_wait(limited):
    source = ASK_AGAIN_AND_AGAIN % (2, "")
    outcome, waits = await answered(limited(idle_seconds=60), source, seconds=1)
    assert outcome.status is Status.SUCCESS
    first, end, second = waits[:3]
    assert 0 < first < 60
    assert end is None
    assert 0 < second < 60
