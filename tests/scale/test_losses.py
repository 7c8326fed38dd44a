"""What goes away under a cluster: every accepted program has one truthful ending."""

import signal
from contextlib import ExitStack

import pytest

from tests.scale.programs import ASKS, ENDLESS, HELLO, SECONDS, SHORT
from tests.service.serving import eventually, printed

pytestmark = [pytest.mark.docker, pytest.mark.scale]


def test_a_killed_worker_s_program_is_told_as_lost_with_what_it_printed(cluster, alice):
    with alice.socket() as socket:
        execution_id = socket.start(ENDLESS)
        socket.until_shown("begun")
        worker = cluster.worker_of(execution_id)
        worker.stop(signal.SIGKILL)
        cluster.start_again(worker)
        result = socket.result()
    assert result["status"] == "sandbox_error"
    assert "The worker that was running this program stopped" in result["message"]
    record = cluster.webs[0].record(execution_id)
    assert (record["state"], record["message"]) == ("lost", result["message"])
    assert record["stdout"] == "begun\n"


def test_a_worker_that_was_only_frozen_finds_its_program_closed_and_stops_it(cluster, alice):
    with alice.socket() as socket:
        execution_id = socket.start(ASKS, interactive=True)
        socket.until_shown("name? ")
        worker = cluster.worker_of(execution_id)
        worker.signal(signal.SIGSTOP)
        told = socket.result()
        cluster.redis.follow(execution_id)
        worker.signal(signal.SIGCONT)
        eventually(lambda: "a second ending was not recorded" in worker.log())
        assert socket.run(HELLO)[-1]["status"] == "success"
    record = cluster.webs[0].record(execution_id)
    assert (record["state"], record["message"]) == ("lost", told["message"])
    assert record["stdout"] == "name? "


def test_a_worker_asked_to_stop_lets_programs_end_and_then_leaves_nothing(cluster, alice):
    with alice.socket() as socket:
        execution_id = socket.start(ASKS, interactive=True)
        socket.until_shown("name? ")
        worker = cluster.worker_of(execution_id)
        worker.signal(signal.SIGTERM)
        eventually(lambda: "Warm shutdown" in worker.log())
        socket.send("stdin", data="Ada\n")
        assert "hello Ada" in socket.until_shown("hello Ada")
        assert socket.result()["status"] == "success"
    assert worker.wait() == 0
    assert worker.sandboxes() == []
    assert "Traceback" not in worker.log()
    with alice.socket() as socket:
        assert socket.run(HELLO)[-1]["status"] == "success"
    cluster.start_again(worker)


def test_with_both_workers_killed_in_turn_every_accepted_program_has_one_ending(cluster):
    people = [cluster.person(name, web) for name, web in (("alice", 0), ("bob", 1), ("dora", 0))]
    accepted = []
    cluster.all_up()
    with ExitStack() as stack:
        sockets = [stack.enter_context(person.socket()) for person in people]
        for worker in cluster.workers:
            accepted += [socket.start(SHORT) for socket in sockets]
            sockets[0].until_shown("begun")
            worker.stop(signal.SIGKILL)
            cluster.start_again(worker)
            for socket in sockets:
                assert socket.result()["status"] in ("success", "sandbox_error")
    records = [cluster.webs[0].record(one) for one in accepted]
    assert len(records) == 6
    for record in records:
        if record["state"] == "ended":
            assert (record["status"], record["stdout"]) == ("success", "begun\ndone\n")
        else:
            assert (record["state"], record["status"]) == ("lost", "sandbox_error")
            assert "done" not in record["stdout"]


def test_while_redis_is_away_nothing_is_accepted_and_what_runs_goes_on_unharmed(cluster, alice):
    cluster.all_up()
    bob = cluster.person("bob", 1)
    with ExitStack() as stack:
        # Three for two workers with two places each: both have one.
        running = [stack.enter_context(person.socket()) for person in (alice, alice, bob)]
        ids = [socket.start(ASKS, interactive=True) for socket in running]
        for socket in running:
            socket.until_shown("name? ")
        other = stack.enter_context(bob.socket())
        cluster.redis.stop()
        running[0].send("stdin", data="lost\n")
        assert running[0].receive()["code"] == "line-away"
        (refusal,) = other.run(HELLO)
        assert refusal["code"] in ("line-away", "unavailable")
        assert "again" in refusal["message"]
        cluster.redis.start()
        eventually(lambda: other.run(HELLO)[-1].get("status") == "success")
        for socket in running:
            socket.send("stdin", data="Ada\n")
            assert "hello Ada" in socket.until_shown("hello Ada")
            assert socket.result()["status"] == "success"
    assert {cluster.webs[0].record(one)["state"] for one in ids} == {"ended"}
    assert all(worker.is_up() for worker in cluster.workers)


def test_a_redis_that_forgot_everything_gets_the_running_program_back(cluster, alice):
    with alice.socket() as socket:
        execution_id = socket.start(ASKS, interactive=True)
        shown = socket.until_shown("name? ")
        cluster.redis.empty()
        eventually(lambda: cluster.redis.knows(execution_id))
        with cluster.person("alice", 1).socket() as other:
            other.send("attach", execution_id=execution_id)
            assert other.until_shown("name? ") == shown
            socket.send("stdin", data="Ada\n")
            socket.until_shown("hello Ada")
            assert socket.result()["status"] == other.result()["status"] == "success"


def test_while_the_database_is_away_an_ending_waits_for_it_and_nothing_new_is_run(cluster, alice):
    with alice.socket() as socket, cluster.person("bob", 1).socket() as other:
        execution_id = socket.start(SECONDS)
        socket.until_shown("begun")
        worker = cluster.worker_of(execution_id)
        cluster.postgres.stop()
        (refusal,) = other.run(HELLO)
        assert refusal["code"] in ("audit-unavailable", "unavailable")
        assert "again" in refusal["message"]
        eventually(lambda: "the records do not answer" in worker.log())
        cluster.postgres.start()
        assert socket.result()["status"] == "success"
        assert printed(other.run(HELLO)) == "hello\n"
    record = cluster.webs[0].record(execution_id)
    assert (record["state"], record["status"]) == ("ended", "success")
    assert record["stdout"] == "begun\ndone\n"
