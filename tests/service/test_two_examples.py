"""The two programs of the README, from the page's socket to the record."""

import hashlib

import pytest

from audit import packing
from tests.service.serving import kinds, printed

pytestmark = pytest.mark.docker

SAFE = """\
#include <stdio.h>
#include <math.h>
#include <fann.h>

int main() {
    printf("Secure sandbox example\\n");
    double result = sqrt(16.0);
    printf("sqrt(16) = %.2f\\n", result);
    struct fann *ann = fann_create_standard(3, 2, 3, 1);
    if (ann) {
        printf("Neural network created: %d inputs, %d outputs\\n",
               fann_get_num_input(ann), fann_get_num_output(ann));
        fann_destroy(ann);
    }
    return 0;
}
"""
BLOCKED = """\
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main() {
    system("whoami");
    fork();
    exec("/bin/sh");
    FILE *fp = fopen("/proc/version", "r");
    __asm__("nop");
    return 0;
}
"""
WRONG = [
    (3, "dangerous-header"),
    (5, "system-call"),
    (6, "system-call"),
    (7, "system-call"),
    (7, "path-traversal"),
    (8, "system-path"),
    (9, "inline-assembly"),
]


@pytest.fixture(scope="module")
def safe(alice):
    with alice.socket(user_agent_header="a browser") as socket:
        return socket.run(SAFE)


@pytest.fixture(scope="module")
def blocked(alice):
    with alice.socket() as socket:
        return socket.run(BLOCKED)


def test_the_safe_example_speaks_in_the_order_of_the_protocol(safe):
    assert kinds(safe) == ["accepted", "starting", "compile", "link", "run", "output", "result"]
    assert printed(safe).splitlines() == [
        "Secure sandbox example",
        "sqrt(16) = 4.00",
        "Neural network created: 2 inputs, 1 outputs",
    ]


def test_the_safe_examples_result_tells_success_and_repeats_no_stream(safe):
    result = safe[-1]
    assert (result["status"], result["exit_code"], result["signal"]) == ("success", 0, None)
    assert result["execution_id"] == safe[0]["execution_id"]
    assert result["code_hash"] == hashlib.sha256(SAFE.encode()).hexdigest()
    assert not result.keys() & {"stdout", "stderr", "compiler_output", "files"}


def test_the_safe_example_leaves_a_whole_record(safe, server):
    result, record = safe[-1], server.record(safe[0]["execution_id"])
    assert (record["state"], record["status"], record["exit_code"]) == ("ended", "success", 0)
    assert (record["username"], record["door"]) == ("alice", "page")
    assert (record["remote_address"], record["user_agent"]) == ("127.0.0.1", "a browser")
    assert record["stdout"] == printed(safe)
    for name in ("compile_ms", "run_ms", "total_ms", "peak_memory_bytes", "output_bytes"):
        assert record[name] > 0, name
    for name in ("code_hash", "policy_version", "image", "container", "queue_ms", "cpu_ms"):
        assert record[name] == result[name], name
    assert record["created"] <= record["started"] <= record["ended"]


def test_the_blocked_example_names_all_it_does_at_once_with_the_lines(blocked):
    assert kinds(blocked) == ["accepted", "blocked", "result"]
    found = [(violation["line"], violation["rule"]) for violation in blocked[1]["violations"]]
    assert found == WRONG
    assert blocked[-1]["violations"] == blocked[1]["violations"]


def test_nothing_of_the_blocked_example_runs_and_all_of_it_is_recorded(blocked, server):
    record = server.record(blocked[0]["execution_id"])
    assert (record["status"], record["container"], record["run_ms"]) == ("blocked", "", 0)
    stored = server.rows(
        "SELECT rule, line FROM audit_violation WHERE execution_id = ? ORDER BY id", record["id"]
    )
    told = [(violation["rule"], violation["line"]) for violation in blocked[1]["violations"]]
    assert [(row["rule"], row["line"]) for row in stored] == told


def test_the_source_is_stored_once_however_often_it_is_sent(safe, alice, server):
    with alice.socket() as socket:
        again = socket.run(SAFE)
    first, second = (server.record(one[0]["execution_id"]) for one in (safe, again))
    assert first["id"] != second["id"]
    assert first["source_id"] == second["source_id"]
    (source,) = server.rows("SELECT packed FROM audit_source WHERE hash = ?", first["source_id"])
    assert packing.unpack(source["packed"])["main.c"] == SAFE.encode()
