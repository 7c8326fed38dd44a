"""The line that web servers and workers share, in a real Redis: whose turn it is, who has what."""

import pytest

from executor.shared_line import Steps, connected, key
from tests.scale.stores import Redis

pytestmark = pytest.mark.scale

WEB, WORKER, OTHER = "web", "worker", "other worker"
NO_LIMITS = (100, 100)


@pytest.fixture(scope="module")
def store():
    redis = Redis()
    yield redis
    redis.close()


@pytest.fixture
def line(store, settings):
    store.empty()
    settings.REDIS_URL = store.url
    with connected() as client:
        yield Steps(client)


@pytest.fixture
def look(line, store):
    """A client of the test's own."""
    with connected() as client:
        yield client


def join(line, execution_id, person, limits=NO_LIMITS):
    """Put one in line; the turns before it."""
    why_not, position = line.admit(execution_id, person, WEB, "page", *limits)
    assert why_not == ""
    assert line.enter(execution_id, WEB, "{}", "accepted", 30) == 1
    return position


def taken(line, worker=WORKER):
    found = line.take(worker)
    return found[0] if found else None


def test_people_take_turns_and_of_one_person_the_oldest_goes_first(line):
    positions = [
        join(line, *one) for one in [("a1", 1), ("a2", 1), ("a3", 1), ("b1", 2), ("c1", 3)]
    ]
    assert positions == [1, 2, 3, 2, 3]
    assert [taken(line) for _ in range(6)] == ["a1", "b1", "c1", "a2", "a3", None]


def test_nothing_is_before_it_while_a_worker_has_a_place(line, look):
    look.hset(key("free"), WORKER, 2)
    assert [join(line, *one) for one in [("a1", 1), ("b1", 2), ("c1", 3)]] == [0, 0, 3]
    assert [taken(line), taken(line), taken(line)] == ["a1", "b1", "c1"]
    assert join(line, "d1", 4) == 1


def test_a_full_line_and_a_person_with_enough_are_refused(line):
    join(line, "a1", 1)
    assert line.admit("a2", 1, WEB, "page", 100, 1) == ["busy", 1]
    assert line.admit("b1", 2, WEB, "page", 1, 100) == ["queue-full", 0]


def test_what_is_put_back_is_the_next_one_of_its_person(line):
    join(line, "a1", 1)
    join(line, "a2", 1)
    assert taken(line) == "a1"
    assert line.put_back("a1", OTHER) == 0
    assert line.put_back("a1", WORKER) == 1
    assert [taken(line, OTHER), taken(line, OTHER)] == ["a1", "a2"]


def test_who_holds_an_execution_no_more_can_say_nothing_for_it(line):
    join(line, "a1", 1)
    taken(line)
    assert line.publish("a1", WORKER, 1, "one", 0) == ""
    line.put_back("a1", WORKER)
    taken(line, OTHER)
    assert line.publish("a1", WORKER, 2, "two", 0) == "not-held"
    assert line.publish("a1", OTHER, 1, "the end", 1) == ""
    assert line.publish("a1", OTHER, 2, "more", 0) == "not-held"


def test_an_ended_execution_leaves_a_stream_for_some_minutes_and_nothing_else(line, look):
    join(line, "a1", 1)
    taken(line)
    line.publish("a1", WORKER, 1, "the end", 1)
    left = set(look.keys())
    assert left == {key("live", "a1"), key("said", "a1"), key("ended"), key("ended-size")}
    assert 0 < look.ttl(key("said", "a1")) <= 300
    assert join(line, "a2", 1, (100, 1)) == 1


def test_what_ended_streams_keep_in_memory_is_bounded(line, look):
    for number in range(5):
        join(line, f"a{number}", 1)
        taken(line)
        line.publish(f"a{number}", WORKER, 1, "x" * (20 << 20), 1)
    assert [look.exists(key("said", f"a{number}")) for number in range(5)] == [0, 0, 1, 1, 1]
    assert look.llen(key("ended")) == 3


def commands_of_an_ending(line, look, execution_id):
    """How many commands of Redis' own the ending of one execution comes to."""
    join(line, execution_id, 1)
    taken(line)
    look.config_resetstat()
    line.publish(execution_id, WORKER, 1, "the end", 1)
    return sum(one["calls"] for one in look.info("commandstats").values())


def test_an_ending_costs_no_more_because_thousands_ended_before(line, look):
    few = commands_of_an_ending(line, look, "first")
    for number in range(2000):
        look.lpush(key("ended"), f"old{number}/10")
        look.set(key("said", f"old{number}"), "its messages")
    assert commands_of_an_ending(line, look, "second") <= few + 1


def test_what_redis_let_go_by_itself_is_forgotten_with_the_next_ending(line, look):
    for number in range(3):
        join(line, f"a{number}", 1)
        taken(line)
        line.publish(f"a{number}", WORKER, 1, "x" * 1000, 1)
    look.delete(*(key("said", f"a{number}") for number in range(3)))
    join(line, "last", 1)
    taken(line)
    line.publish("last", WORKER, 1, "x" * 10, 1)
    assert look.lrange(key("ended"), 0, -1) == ["last/10"]
    assert look.get(key("ended-size")) == "10"


def test_typed_input_is_limited_over_all_web_servers_and_nothing_is_kept_of_the_ended(line):
    join(line, "a1", 1)
    assert line.control("a1", "{}", 60, 100) == ""
    assert line.control("a1", "{}", 60, 100) == "stdin-limit"
    taken(line)
    line.publish("a1", WORKER, 1, "the end", 1)
    assert line.control("a1", "{}", 1, 100) == "not-running"
    assert line.control("unheard of", "{}", 1, 100) == "not-running"


def test_what_gives_up_its_place_holds_up_nobody(line):
    for one in [("a1", 1), ("b1", 2)]:
        join(line, *one)
    assert line.withdraw("a1", WEB) == 1
    assert line.withdraw("a1", WEB) == 0
    assert [taken(line), taken(line)] == ["b1", None]
