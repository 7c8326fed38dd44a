"""What is known of one sandbox: its record, and the lines of the log that are about it."""

import pytest

NAME_THAT_NOBODY_HAS = "sandbox_000000000000"


@pytest.fixture(scope="module")
def crashed(tended, alice_there):
    """An execution whose sandbox was taken away; its id and the sandbox's name."""
    with alice_there.socket() as socket:
        waits = "#include <stdio.h>\nint main(void) { return getchar(); }"
        execution_id = socket.start(waits, interactive=True)
        socket.until("stage", stage="run")
        for name in tended.sandboxes():
            tended.manage("sandbox", "kill", name)
        return execution_id, socket.result()["container"]


@pytest.mark.docker
def test_the_record_and_the_lines_about_it_are_shown_for_a_name_and_for_an_id(tended, crashed):
    execution_id, name = crashed
    by_name = tended.manage("sandbox", "logs", name)
    by_id = tended.manage("sandbox", "logs", execution_id)
    assert by_name.returncode == by_id.returncode == 0
    assert by_name.stdout == by_id.stdout
    first, *lines = by_name.stdout.splitlines()
    assert execution_id in first
    assert "sandbox_error" in first
    assert lines
    assert all(execution_id in line or name in line for line in lines)


@pytest.mark.docker
def test_lines_that_were_moved_aside_are_found_too(tended, crashed):
    before = tended.manage("sandbox", "logs", crashed[0]).stdout
    assert tended.manage("maintain", LOG_FILE_BYTES="1").returncode == 0
    assert (tended.data / "cloister.log.1").exists()
    assert before in tended.manage("sandbox", "logs", crashed[0]).stdout


@pytest.mark.docker
def test_a_sandbox_of_which_nothing_is_known_is_said_to_be_so(tended):
    unknown = tended.manage("sandbox", "logs", NAME_THAT_NOBODY_HAS)
    assert unknown.returncode == 1
    assert f"No record names {NAME_THAT_NOBODY_HAS}" in unknown.stderr
