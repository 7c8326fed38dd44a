"""Web servers without an engine, workers with one each: the same promises as on one machine."""

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
    with alice.socket() as socket, elsewhere.socket() as other:
        socket.start(ENDLESS)
        (refusal,) = other.run(HELLO)
        assert refusal["code"] == "busy"
        socket.send("stop")
        socket.result()
        assert other.run(HELLO)[-1]["status"] == "success"


def is_done(socket, source):
    """What a check finds, if a worker had a sandbox to spare."""
    socket.send("check", seq=1, source=source)
    checked = socket.receive()
    return checked if checked["compiler"] == "done" else None


def test_a_check_uses_a_compiler_on_a_worker(alice):
    with alice.socket() as socket:
        checked = eventually(lambda: is_done(socket, "int main(void) { return nothing; }\n"))
        socket.send("format", seq=2, source="int main(void){return 0;}\n")
        formatted = socket.receive()
    assert "nothing" in checked["items"][0]["message"]
    assert formatted["text"] == "int main(void) {\n    return 0;\n}\n"
