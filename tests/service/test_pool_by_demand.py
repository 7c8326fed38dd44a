"""The pool grows while people find it empty, and shrinks when they are gone."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from executor.container import Engine, SandboxConfig
from executor.pool import Pool
from tests.service.serving import eventually

pytestmark = pytest.mark.docker

QUIET = 0.5


@asynccontextmanager
async def opened(size=1, quiet_seconds=60):
    pool = Pool(Engine(SandboxConfig()), size, most=3, quiet_seconds=quiet_seconds)
    pool.start()
    yield pool
    await pool.close()


async def until(fact):
    await asyncio.to_thread(eventually, fact)


async def crowd(pool, people):
    for sandbox in await asyncio.gather(*(pool.take() for _ in range(people))):
        pool.dispose(sandbox)


async def test_a_crowd_that_found_too_few_finds_more_the_next_time_and_never_over_the_most():
    async with opened() as pool:
        await until(lambda: pool.warm == 1)
        await crowd(pool, 6)
        assert pool.size == 3
        await until(lambda: pool.warm == 3)
        cold = pool.counts.taken_cold
        await crowd(pool, 3)
        assert pool.counts.taken_cold == cold


async def test_after_quiet_times_it_is_as_small_as_before_and_the_rest_is_gone():
    async with opened(quiet_seconds=QUIET) as pool:
        await crowd(pool, 3)
        assert pool.size > 1
        await until(lambda: (pool.size, pool.warm) == (1, 1))
        await asyncio.sleep(3 * QUIET)
        assert (pool.size, pool.warm) == (1, 1)


async def test_one_person_who_always_finds_one_makes_nothing_grow():
    async with opened() as pool:
        for _ in range(3):
            await until(lambda: pool.warm == 1)
            await crowd(pool, 1)
        assert pool.size == 1


async def test_a_pool_of_none_stays_one():
    async with opened(size=0) as pool:
        await crowd(pool, 2)
        assert (pool.size, pool.warm) == (0, 0)
