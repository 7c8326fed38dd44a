"""While a program runs: what it prints is seen at once, and the person can answer."""

from hashlib import sha256

import pytest

from audit import packing
from tests.service.serving import kinds, printed
from tests.sources import SLOW_TO_COMPILE

pytestmark = pytest.mark.docker

GREETER = """\
#include <stdio.h>
int main() {
    char name[64];
    printf("Your name? ");
    if (!fgets(name, sizeof name, stdin)) { puts("nobody"); return 3; }
    printf("Hello, %s", name);
    return 0;
}
"""
ENDLESS = """\
#include <stdio.h>
int main() {
    volatile unsigned long turns = 0;
    puts("begun");
    for (;;) turns++;
}
"""
COUNTER = """\
#include <stdio.h>
int main() {
    int count = 0;
    while (getchar() != EOF) count++;
    printf("%d characters\\n", count);
    return 0;
}
"""
HELLO = "#include <stdio.h>\nint main(int argc, char **argv) { puts(argv[argc - 1]); return 0; }\n"


@pytest.fixture
def socket(alice):
    with alice.socket() as opened:
        yield opened


def test_a_line_is_seen_long_before_the_program_ends(socket):
    socket.start(ENDLESS)
    assert "begun" in socket.until_shown("begun")
    socket.send("stop")
    result = socket.result()
    assert result["status"] == "stopped"
    assert "You stopped the program" in result["message"]


def test_a_prompt_without_a_newline_is_seen_before_anything_is_typed(socket, server):
    socket.start(GREETER, interactive=True, stdin="A")
    socket.until_shown("Your name? ")
    socket.send("stdin", data="da\n")
    assert "Hello, Ada" in socket.until_shown("Hello, Ada")
    result = socket.result()
    assert result["status"] == "success"
    # Given and typed input are one input on record.
    record = server.record(result["execution_id"])
    assert result["input_sha256"] == record["input_sha256"] == sha256(b"Ada\n").hexdigest()
    assert (result["input_bytes"], packing.bytes_of(record["input_kept"])) == (4, b"Ada\n")
    assert "input_kept_base64" not in result


def test_input_sent_along_is_read_and_then_ends(socket):
    messages = socket.run(COUNTER, stdin="żółw\n")
    assert printed(messages) == "8 characters\n"


def test_the_end_of_input_reaches_an_interactive_program(socket):
    socket.start(GREETER, interactive=True)
    socket.until_shown("Your name? ")
    socket.send("eof")
    socket.until_shown("nobody")
    assert socket.result()["exit_code"] == 3


def test_ctrl_c_interrupts_the_program_and_says_so(socket):
    socket.start(ENDLESS, interactive=True)
    socket.until_shown("begun")
    socket.send("signal", signal="SIGINT")
    result = socket.result()
    assert (result["status"], result["signal"]) == ("runtime_error", "SIGINT")


def test_a_terminal_may_change_its_size_while_a_program_waits(socket):
    socket.start(GREETER, interactive=True, cols=120, rows=40)
    socket.until_shown("Your name? ")
    socket.send("resize", cols=40, rows=10)
    socket.send("stdin", data="Bo\n")
    assert socket.result()["status"] == "success"


def test_a_compile_can_be_stopped(socket):
    socket.start(SLOW_TO_COMPILE)
    socket.until("stage", stage="compile")
    socket.send("stop")
    result = socket.result()
    assert result["status"] == "stopped"
    assert "compiling" in result["message"]


def test_one_socket_serves_many_executions_each_with_its_own_id(socket):
    runs = [socket.run(HELLO, args=[f"number {n}"]) for n in range(3)]
    assert [printed(run) for run in runs] == [f"number {n}\n" for n in range(3)]
    assert len({run[0]["execution_id"] for run in runs}) == 3


def test_a_second_program_beside_a_running_one_is_refused_and_the_first_goes_on(alice, socket):
    socket.start(GREETER, interactive=True)
    socket.until_shown("Your name? ")
    with alice.socket() as other:
        for refusal in (other.run(HELLO)[-1], socket.run(HELLO)[-1]):
            assert (refusal["type"], refusal["code"]) == ("error", "busy")
            assert "Stop one" in refusal["message"]
    socket.send("stdin", data="Cy\n")
    assert socket.result()["status"] == "success"


def test_control_without_a_program_is_answered_not_obeyed(socket):
    for message in ({"kind": "stop"}, {"kind": "eof"}, {"kind": "stdin", "data": "x"}):
        socket.send(**message)
        assert socket.receive()["code"] == "not-running"
    assert socket.run(HELLO)[-1]["status"] == "success"
    socket.send("stop")
    assert socket.receive()["code"] == "not-running"


def test_input_beyond_the_limit_is_refused_with_a_sentence(socket):
    socket.start(ENDLESS, interactive=True)
    socket.until_shown("begun")
    socket.send("stdin", data="x" * (1 << 20) + "y")
    assert socket.until("error")[-1]["code"] == "stdin-limit"
    socket.send("stop")
    assert socket.result()["status"] == "stopped"


def test_a_project_of_several_files_builds_and_its_new_files_come_back(socket):
    socket.send(
        "run",
        main="src/main.c",
        files={
            "src/main.c": '#include <stdio.h>\n#include "sum.h"\nint main() {'
            ' FILE *in = fopen("../data/in.txt", "r"), *out = fopen("out.txt", "w");'
            ' int a, b; if (!in || !out || fscanf(in, "%d %d", &a, &b) != 2) return 1;'
            ' fprintf(out, "%d", sum(a, b)); return fclose(out); }\n',
            "src/sum.h": "int sum(int a, int b);\n",
            "src/sum.c": '#include "sum.h"\nint sum(int a, int b) { return a + b; }\n',
            "data/in.txt": "30 12\n",
        },
    )
    messages = socket.until("result")
    (file,) = [message for message in messages if message["type"] == "file"]
    assert (file["name"], file["size"], file["content_base64"]) == ("src/out.txt", 2, "NDI=")


def test_the_compilers_words_come_with_their_places(socket):
    messages = socket.run("int main() { return nothing; }\n")
    assert kinds(messages)[-2:] == ["diagnostics", "result"]
    found = messages[-2]["items"][0]
    assert (found["severity"], found["line"], found["column"]) == ("error", 1, 21)
    assert "nothing" in printed(messages, "compiler")
    assert messages[-1]["status"] == "compile_error"
