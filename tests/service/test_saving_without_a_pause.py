"""One person who saves without a pause: the others' programs run, and are recorded."""

import re
import threading
from contextlib import contextmanager

import pytest
import requests

from tests.service.serving import Person, eventually

pytestmark = pytest.mark.docker

MAIN = "int main(void) { return 0; }\n"
SAVERS = 12
CONTENT = bytes(8 << 20)


@contextmanager
def saving(person):
    """The answers' codes so far, while many threads save a large file again and again."""
    origin = person.server.origin
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', person.get("/").text)
    headers = {"Origin": origin, "X-CSRFToken": token[1]}
    answers, enough = [], threading.Event()

    def make(number):
        address = f"{origin}/api/projects/"
        return person.web.post(address, json={"name": f"number {number}"}, headers=headers).json()

    def save(made):
        with requests.Session() as web:
            web.cookies.update(dict(person.web.cookies))
            web.headers.update(headers)
            address = f"{origin}/api/projects/{made['id']}/files/x.data"
            for size in range(1, 1000):
                if enough.is_set():
                    return
                answer = web.put(address, data=CONTENT[size:], timeout=60)
                answers.append((answer.status_code, answer.json().get("error", {}).get("code")))

    threads = [threading.Thread(target=save, args=[make(number)]) for number in range(SAVERS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def test_everybody_elses_programs_run_and_are_recorded_meanwhile(serve):
    server = serve()
    alice, bob = Person(server, "alice").log_in(), Person(server, "bob").log_in()
    with saving(bob) as answers, alice.socket() as socket:
        ended = [socket.run(MAIN)[-1] for _ in range(3)]
    assert [one.get("status") for one in ended] == ["success"] * 3
    assert set(answers) <= {(200, None), (429, "too-many-requests")}
    assert (200, None) in answers
    states = server.rows("SELECT state, status FROM audit_execution")
    assert [(one["state"], one["status"]) for one in states] == [("ended", "success")] * 3


def test_a_person_has_so_many_requests_under_way_and_is_told_so(serve):
    server = serve()
    bob = Person(server, "bob").log_in()
    with saving(bob) as answers:
        eventually(lambda: (429, "too-many-requests") in answers)
    assert bob.get("/api/projects/").status_code == 200
