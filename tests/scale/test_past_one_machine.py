"""Web servers without an engine, workers with one each: the same promises as on one machine."""

from contextlib import ExitStack

import pytest

from tests.scale.programs import ASKS, COUNTS, ENDLESS, HELLO
from tests.service.serving import eventually, kinds, printed

pytestmark = [pytest.mark.docker, pytest.mark.scale]


def test_a_program_runs_on_a_worker_and_its_record_says_on_which(cluster, alice):
    with alice.socket() as socket:
        said = socket.run(HELLO)
    assert kinds(said) == ["accepted", "starting", "compile", "link", "run", "output", "result"]
    assert (said[-1]["status"], printed(said)) == ("success", "hello\n")
    record = cluster.webs[0].record(said[0]["execution_id"])
    assert (record["state"], record["stdout"], record["door"]) == ("ended", "hello\n", "page")
    assert record["server"].startswith("cluster:worker-")
    assert all(web.sandboxes() == [] for web in cluster.webs)


def test_what_is_printed_arrives_once_and_in_order_at_everybody_who_follows(cluster, alice):
    elsewhere = cluster.person("alice", 1)
    with alice.socket() as socket, elsewhere.socket() as other:
        execution_id = socket.start(COUNTS)
        other.send("attach", execution_id=execution_id)
        first = socket.until("result")
        second = other.until("result")
        other.send("attach", execution_id=execution_id)
        again = other.until("result")
    wanted = "".join(f"{number}\n" for number in range(3000))
    assert [printed(said) for said in (first, second, again)] == [wanted] * 3
    assert second == again
    assert second[1:] == first


def test_what_is_typed_reaches_the_worker_through_any_web_server(cluster, alice):
    elsewhere = cluster.person("alice", 1)
    with alice.socket() as socket, elsewhere.socket() as other:
        execution_id = socket.start(ASKS, interactive=True)
        socket.until_shown("name? ")
        other.send("attach", execution_id=execution_id)
        other.until_shown("name? ")
        other.send("stdin", data="Ada\n")
        assert "hello Ada" in socket.until_shown("hello Ada")
        assert socket.result()["status"] == other.result()["status"] == "success"
        other.send("stdin", data="late\n")
        assert other.receive()["code"] == "not-running"


@pytest.mark.parametrize(
    ("ordered", "fields", "ending"),
    [
        ("eof", {}, ("success", None)),
        ("signal", {"signal": "SIGINT"}, ("runtime_error", "SIGINT")),
        ("stop", {}, ("stopped", "SIGKILL")),
    ],
)
def test_the_end_of_input_a_signal_and_a_stop_reach_the_worker(alice, ordered, fields, ending):
    with alice.socket() as socket:
        socket.start(ASKS, interactive=True)
        socket.until_shown("name? ")
        socket.send("resize", cols=100, rows=30)
        socket.send(ordered, **fields)
        result = socket.result()
    assert (result["status"], result["signal"]) == ending


def test_nobody_follows_or_steers_the_program_of_somebody_else(alice, bob):
    with alice.socket() as socket, bob.socket() as other:
        execution_id = socket.start(ENDLESS)
        socket.until_shown("begun")
        other.send("attach", execution_id=execution_id)
        assert other.receive()["code"] == "not-found"
        other.send("stop")
        assert other.receive()["code"] == "not-running"
        socket.send("stop")
        assert socket.result()["status"] == "stopped"


def test_limits_of_a_person_count_on_all_web_servers_together(cluster, alice):
    elsewhere = cluster.person("alice", 1)
    with alice.socket() as first, elsewhere.socket() as second, elsewhere.socket() as third:
        first.start(ENDLESS)
        second.start(ENDLESS)
        (refusal,) = third.run(HELLO)
        assert refusal["code"] == "busy"
        for socket in (first, second):
            socket.send("stop")
            socket.result()
        assert third.run(HELLO)[-1]["status"] == "success"


def test_programs_that_wait_for_input_leave_every_worker_to_others(cluster, alice, bob):
    with ExitStack() as stack:
        crowd = [stack.enter_context(person.socket()) for person in (alice, alice, bob, bob)]
        for socket in crowd:
            socket.start(ASKS, interactive=True)
            assert 100 < socket.until("waiting")[-1]["idle_seconds"] <= 120
        other = stack.enter_context(cluster.person("charlie", 0).socket())
        assert other.run(HELLO)[-1]["status"] == "success"
        for socket in crowd:
            socket.send("stdin", data="Ada\n")
            assert socket.result()["status"] == "success"


def test_who_waits_in_line_sees_the_place_and_may_give_it_up(cluster, alice, bob):
    with ExitStack() as stack:
        crowd = [stack.enter_context(person.socket()) for person in (alice, alice, bob, bob)]
        waiting = stack.enter_context(cluster.person("charlie", 0).socket())
        for socket in crowd:
            socket.send("run", source=ENDLESS)
        for socket in crowd:
            socket.until_shown("begun")
        waiting.send("run", source=HELLO)
        accepted, queued = waiting.receive(), waiting.receive()
        waiting.send("stop")
        result = waiting.result()
        for socket in crowd:
            socket.send("stop")
            assert socket.result()["status"] == "stopped"
    assert (accepted["position"], queued["stage"]) == (1, "queued")
    assert result["message"] == "You stopped the execution while it was waiting."
    record = cluster.webs[0].record(accepted["execution_id"])
    assert (record["state"], record["status"], record["started"]) == ("ended", "stopped", None)


def test_tools_use_a_sandbox_on_a_worker(alice):
    with alice.socket() as socket:

        def answer(tool, source, **wanted):
            """What a tool says, once a worker has a sandbox to spare."""
            socket.send(tool, seq=1, source=source)
            said = socket.receive()
            return said if wanted.items() <= said.items() else None

        wrong = "int main(void) { return nothing; }\n"
        checked = eventually(lambda: answer("check", wrong, compiler="done"))
        untidy = "int main(void){return 0;}\n"
        formatted = eventually(lambda: answer("format", untidy, type="formatted"))
    assert "nothing" in checked["items"][0]["message"]
    assert formatted["text"] == "int main(void) {\n    return 0;\n}\n"
