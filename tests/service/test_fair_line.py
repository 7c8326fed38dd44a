"""The line is fair by person, says an honest place, and forgets who gave up."""

import asyncio
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from executor.live import Line

PEOPLE = ("alice", "bob", "charlie", None)
ARRIVALS = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=30)


class Office:
    """A line of one place that is taken, and who got it in which order afterwards."""

    def __init__(self) -> None:
        self.line = Line(1)
        self.started: list[str] = []
        self.waiting: dict[str, asyncio.Task[None]] = {}
        self.people: dict[str, str | None] = {}

    async def open(self) -> "Office":
        await self.line.enter("nobody else", "the one that runs")
        return self

    async def arrive(self, person: str | None) -> str:
        name = f"{person} {len(self.people)}"
        self.people[name] = person
        self.waiting[name] = asyncio.create_task(self._wait(person, name))
        await settle()
        return name

    async def _wait(self, person: str | None, name: str) -> None:
        await self.line.enter(person, name)
        self.started.append(name)
        del self.waiting[name]

    async def next(self) -> None:
        self.line.leave()
        await settle()

    async def give_up(self, name: str) -> None:
        self.waiting[name].cancel()
        await asyncio.wait({self.waiting.pop(name)})

    async def finish(self) -> list[str]:
        while self.waiting:
            await self.next()
        return self.started


async def settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


def test_a_hundred_submissions_of_one_person_hold_up_another_by_one_turn():
    async def scene() -> list[str]:
        office = await Office().open()
        for _ in range(100):
            await office.arrive("alice")
        await office.arrive("bob")
        return await office.finish()

    assert asyncio.run(scene()).index("bob 100") == 1


@given(ARRIVALS, st.data())
@settings(deadline=None)
def test_while_a_person_waits_nobody_else_has_two_turns_more(arrivals, data):
    """Between two turns of one person, or arriving and the first, everybody has one at most."""

    async def scene() -> None:
        office = await Office().open()
        since: dict[str | None, int] = {}
        for person in [*arrivals, *[None] * (2 * len(arrivals))]:
            if data.draw(st.booleans()) and arrivals:
                since.setdefault(person, len(office.started))
                await office.arrive(person)
            elif office.waiting:
                await office.next()
                turned = office.people[office.started[-1]]
                begun = since.pop(turned)
                others = Counter(map(office.people.get, office.started[begun:-1]))
                assert not others or max(others.values()) == 1
                if turned in map(office.people.get, office.waiting):
                    since[turned] = len(office.started)

    asyncio.run(scene())


@given(ARRIVALS, st.sampled_from(PEOPLE))
@settings(deadline=None)
def test_the_place_that_is_told_is_the_turn_it_gets_when_nobody_comes_after(arrivals, person):
    async def scene() -> None:
        office = await Office().open()
        for one in arrivals:
            await office.arrive(one)
        told = office.line.ahead(person)
        name = await office.arrive(person)
        assert (await office.finish()).index(name) + 1 == told

    asyncio.run(scene())


@given(ARRIVALS)
@settings(deadline=None)
def test_within_one_persons_the_first_to_come_is_the_first_to_run(arrivals):
    async def scene() -> list[str]:
        office = await Office().open()
        for one in arrivals:
            await office.arrive(one)
        return await office.finish()

    started = asyncio.run(scene())
    assert len(started) == len(arrivals)
    for person in PEOPLE:
        numbers = [int(name.split()[-1]) for name in started if name.startswith(f"{person} ")]
        assert numbers == sorted(numbers)


@given(ARRIVALS, st.data())
@settings(deadline=None)
def test_who_gives_up_leaves_no_gap_and_costs_nobody_a_turn(arrivals, data):
    async def scene() -> None:
        office = await Office().open()
        names = [await office.arrive(person) for person in arrivals]
        gone = data.draw(st.lists(st.sampled_from(names), unique=True))
        for name in gone:
            await office.give_up(name)
        assert office.line.waiting == len(names) - len(gone)
        assert set(await office.finish()) == set(names) - set(gone)
        office.line.leave()
        assert office.line.ahead("whoever comes") == 0

    asyncio.run(scene())


def test_who_gives_up_at_the_moment_of_the_turn_passes_it_on():
    async def scene() -> list[str]:
        office = await Office().open()
        first = await office.arrive("alice")
        await office.arrive("bob")
        office.line.leave()  # the turn is alice's, and she has not noticed yet
        await office.give_up(first)
        await settle()
        return office.started

    assert asyncio.run(scene()) == ["bob 1"]


def test_where_there_is_a_place_nobody_waits():
    async def scene() -> list[int]:
        line = Line(2)
        told = [line.ahead("alice")]
        await line.enter("alice", "1")
        told.append(line.ahead("alice"))
        await line.enter("alice", "2")
        return [*told, line.ahead("alice")]

    assert asyncio.run(scene()) == [0, 0, 1]


def test_a_place_is_taken_at_once_only_where_it_is_free_and_nobody_waits():
    async def scene() -> list[bool]:
        line = Line(1)
        took = [line.enter_at_once(), line.enter_at_once()]
        waiting = asyncio.create_task(line.enter("alice", "1"))
        await asyncio.sleep(0)
        line.leave()
        took.append(line.enter_at_once())
        await waiting
        line.leave()
        return [*took, line.enter_at_once()]

    assert asyncio.run(scene()) == [True, False, False, True]
