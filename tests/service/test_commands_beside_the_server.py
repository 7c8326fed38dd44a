"""The commands an operator or a script uses, on the same data as the server."""

import hashlib
import json
import re
from secrets import token_hex

import docker
import pytest

from executor.container import LABEL, OWNER_LABEL, owner
from tests.service.serving import eventually

pytestmark = pytest.mark.docker

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
ECHO = """\
#include <stdio.h>
int main(int argc, char **argv) {
    char line[64] = "";
    if (!fgets(line, sizeof line, stdin)) return 1;
    printf("%s and %s", argv[argc - 1], line);
    return 0;
}
"""
READER = """\
#include <stdio.h>
#include "twice.h"
int main() {
    int number = 0;
    FILE *file = fopen("../datasets/xor.data", "r");
    if (!file || fscanf(file, "%d", &number) != 1) return 1;
    printf("%d\\n", twice(number));
    return 0;
}
"""


@pytest.fixture
def write(tmp_path):
    """Writes a file below a folder of the test's own; its path."""

    def written(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    return written


def as_json(command):
    """The one object on standard output."""
    (line,) = command.stdout.splitlines()
    return json.loads(line)


def test_a_file_runs_and_its_output_is_the_commands_output(server, write):
    command = server.manage("execute", write("hello.c", HELLO))
    assert (command.returncode, command.stdout) == (0, "hello\n")
    assert "[success] Finished (exit code 0)." in command.stderr


def test_where_nobody_reads_its_output_its_ending_is_recorded_all_the_same(server, write):
    source = '#include <stdio.h>\nint main() { puts("hello"); return 3; }\n'
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = server.manage("execute", write("hello.c", source), stdout=full)
    assert (command.returncode, "Traceback" in command.stderr) == (3, False)
    assert "cannot be written: No space left on device. It will be in" in command.stderr
    newest = "SELECT state, status, stdout FROM audit_execution ORDER BY created DESC LIMIT 1"
    assert server.rows(newest) == [
        {"state": "ended", "status": "runtime_error", "stdout": "hello\n"}
    ]


def test_a_result_that_cannot_be_written_is_a_sentence_and_no_success(server, write):
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = server.manage("execute", write("hello.c", HELLO), "--json", stdout=full)
    (told,) = command.stderr.splitlines()
    assert (command.returncode, told.startswith("CommandError: The result cannot")) == (1, True)
    assert server.record(told.split()[-1].rstrip("."))["state"] == "ended"


def test_a_character_that_the_terminal_does_not_have_is_replaced(server, write):
    source = '#include <stdio.h>\nint main() { puts("gr\\xc3\\xbcn"); return 0; }\n'
    command = server.manage("execute", write("green.c", source), PYTHONIOENCODING="ascii")
    assert (command.returncode, command.stdout) == (0, "gr?n\n")


def test_with_json_one_object_tells_all_and_it_is_recorded(server, write):
    command = server.manage("execute", write("hello.c", HELLO), "--json", "--user", "alice")
    told = as_json(command)
    assert command.returncode == 0
    assert (told["status"], told["stdout"]) == ("success", "hello\n")
    assert told["code_hash"] == hashlib.sha256(HELLO.encode()).hexdigest()
    record = server.record(told["execution_id"])
    assert (record["door"], record["username"]) == ("command", "alice")
    assert (record["state"], record["validated"], record["main"]) == ("ended", 1, "hello.c")


def test_several_files_keep_their_places_around_the_main_one(server, write):
    files = [
        write("examples/reader.c", READER),
        write("examples/twice.c", '#include "twice.h"\nint twice(int n) { return 2 * n; }\n'),
        write("examples/twice.h", "int twice(int n);\n"),
        write("datasets/xor.data", "21\n"),
    ]
    assert server.manage("execute", *files).stdout == "42\n"


@pytest.mark.parametrize("folder", ["examples", "odd (1)"])
def test_what_it_writes_is_told_by_the_name_of_its_folder(server, write, folder):
    source = '#include <stdio.h>\nint main() { return fclose(fopen("net.txt", "w")); }\n'
    files = [write(f"{folder}/main.c", source), write("datasets/xor.data", "4 2 1\n")]
    result = json.loads(server.manage("execute", *files, "--json").stdout)
    known = {"examples": "examples", "odd (1)": "d0"}[folder]
    assert [one["name"] for one in result["files"]] == [f"{known}/net.txt"]


def test_input_and_arguments_reach_the_program(server, write):
    source, given = write("echo.c", ECHO), write("given.txt", "salt\n")
    command = server.manage("execute", source, "--stdin", given, "--arg", "a", "--arg", "pepper")
    assert command.stdout == "pepper and salt\n"


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("int main() { return 5; }\n", 5, "[runtime_error] Finished (exit code 5)."),
        ("int main() { return x; }\n", 1, "main.c:1:21: error"),
        ("#include <unistd.h>\nint main() {}\n", 1, "main.c:1:10: The header “unistd.h”"),
    ],
)
def test_an_exit_code_tells_a_script_that_it_went_wrong(server, write, source, code, said):
    command = server.manage("execute", write("main.c", source))
    assert command.returncode == code
    assert said in command.stderr


def test_with_json_the_exit_code_is_0_whatever_became_of_the_program(server, write):
    command = server.manage("execute", write("main.c", "int main() { return x; }\n"), "--json")
    assert command.returncode == 0
    assert as_json(command)["status"] == "compile_error"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--user", "nobody"], "There is no account “nobody”. Nothing was run."),
        (["--stdin", "/nowhere.txt"], "/nowhere.txt cannot be read: No such file"),
        (["--stdin", "/dev/zero"], "/dev/zero is larger than any file may be. Nothing was run."),
        (["--no-validate"], "needs SANDBOX_ALLOW_UNVALIDATED=1"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_and_nothing_is_run_or_recorded(
    server, write, arguments, said
):
    before = server.rows("SELECT count(*) AS n FROM audit_execution")
    command = server.manage("execute", write("hello.c", HELLO), "--json", *arguments)
    assert (command.returncode, command.stdout) == (1, "")
    assert said in command.stderr
    assert "Traceback" not in command.stderr
    assert server.rows("SELECT count(*) AS n FROM audit_execution") == before


def test_a_missing_file_and_a_file_that_is_not_c_are_named(server, write, tmp_path):
    missing = server.manage("execute", tmp_path / "missing.c")
    other = server.manage("execute", write("notes.txt", "hello"))
    assert "missing.c cannot be read: No such file" in missing.stderr
    assert "None of the files is a C file (.c). Nothing was run." in other.stderr
    assert missing.returncode == other.returncode == 1


def test_without_validation_the_walls_still_stand_and_the_record_is_marked(server, write):
    source = "#include <unistd.h>\nint main() { return fork() < 0; }\n"
    command = server.manage(
        "execute",
        write("fork.c", source),
        "--no-validate",
        "--json",
        SANDBOX_ALLOW_UNVALIDATED="1",
    )
    told = as_json(command)
    assert told["status"] == "blocked_syscall"
    record = server.record(told["execution_id"])
    assert record["validated"] == 0
    assert record["image"].startswith("ruv-sandbox:unvalidated@sha256:")


def test_check_says_which_walls_stand(server):
    command = server.manage("sandbox", "check")
    assert command.returncode == 0
    marks = {line[:4].strip() for line in command.stdout.splitlines()}
    assert "ok" in marks
    assert marks <= {"ok", "MISS", "note", ""}
    for wall in ("engine", "image", "seccomp", "cgroup", "landlock", "runc", "swap", "pool"):
        assert wall in command.stdout.lower(), wall


def test_advice_on_the_host_does_not_fail_a_strict_check(server):
    command = server.manage("sandbox", "check", "--strict")
    assert command.returncode == 0, command.stdout
    lines = [line for line in command.stdout.splitlines() if "kernel." in line or "CVE" in line]
    assert len(lines) >= 7
    assert not any(line.startswith("MISS") for line in lines)


def test_check_lists_what_the_image_was_made_from(server):
    command = server.manage("sandbox", "check", "--packages")
    lines = [line.strip() for line in command.stdout.splitlines()]
    packages = [line for line in lines if re.fullmatch(r"[\w.+-]+=\S+@(sha256:|Q1)\S+", line)]
    assert len(packages) >= 10
    assert any("fann" in package for package in packages)
    assert any(package.startswith("gcc") for package in packages)


def test_ps_lists_what_the_server_keeps_warm(server):
    warm = eventually(server.sandboxes)
    listed = server.manage("sandbox", "ps").stdout
    assert warm[0] in listed


def test_a_killed_sandbox_ends_its_execution_with_a_word(alice, server):
    waiting = '#include <stdio.h>\nint main() { printf("ready "); return getchar(); }\n'
    with alice.socket() as socket:
        execution_id = socket.start(waiting, interactive=True)
        socket.until_shown("ready ")
        before = set(server.sandboxes())
        killed = server.manage("sandbox", "kill", *before)
        result = socket.result()
    assert killed.returncode == 0
    assert result["container"] in killed.stdout
    assert result["status"] == "sandbox_error"
    assert server.record(execution_id)["status"] == "sandbox_error"


def test_a_sandbox_that_is_not_there_cannot_be_killed(server):
    command = server.manage("sandbox", "kill", "sandbox_000000000000")
    assert command.returncode == 1
    assert "There is no sandbox sandbox_000000000000." in command.stderr


def test_prune_removes_what_a_dead_server_left_and_nothing_else(server):
    engine = docker.from_env()
    boot = owner().partition("/")[0]
    labels = {LABEL: "1", OWNER_LABEL: f"{boot}/1/0"}  # pid 1 did not start then
    stray = engine.containers.run(
        "ruv-sandbox",
        name=f"sandbox_{token_hex(6)}",
        labels=labels,
        stdin_open=True,
        network_mode="none",
        detach=True,
        auto_remove=True,
    )
    warm = set(server.sandboxes())
    assert server.manage("sandbox", "prune").returncode == 0
    assert stray.name not in server.manage("sandbox", "ps").stdout
    assert warm <= set(server.sandboxes())
    engine.close()
