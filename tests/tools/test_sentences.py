"""The sentences about a program's result, and the places of the compiler's messages."""

import pytest

from executor import verdict
from executor.limits import Limits
from executor.outcome import Status
from executor.submission import Submission

# gcc also names stdio.h, where printf was declared first.
DECLARED_AGAIN = "#include <stdio.h>\n\nvoid *printf(int);\nint main(void) { return 0; }\n"
# What gcc finds, it finds in memcpy, which string.h defines.
INLINED = """#include <string.h>
char a[4], b[9];
int main(void) { memcpy(b, a, 9); return 0; }
"""


@pytest.mark.docker
@pytest.mark.parametrize(("source", "lines"), [(DECLARED_AGAIN, {3, 1}), (INLINED, {3, 2})])
def test_message_about_a_system_header_is_placed_in_the_users_file(sandbox, source, lines):
    outcome = sandbox.execute(Submission.from_source(source))
    assert outcome.status is Status.COMPILE_ERROR
    places = {(one.file, one.line) for one in outcome.diagnostics}
    assert places == {("main.c", line) for line in lines}


def test_message_is_placed_in_the_innermost_file_of_the_user():
    text = (
        "In file included from helper.h:2,\n                 from main.c:1:\n"
        "stdio.h:10:3: error: expected identifier\n"
        "stdio.h:43:9: warning: format\n   43 | #define PUT(x)\n"
        "main.c:7:5: note: in expansion of macro ‘PUT’\n"
    )
    found = verdict.diagnostics(text, {"main.c": b"\n" * 9, "helper.h": b""})
    assert [(one.file, one.line) for one in found[:2]] == [("helper.h", 2), ("main.c", 7)]


def test_timeout_names_the_share_of_a_core_and_incomplete_files():
    status, message = verdict.run_ending("timeout", {}, Limits())
    assert status is Status.TIMEOUT
    assert message.startswith("Stopped: exceeded the 10 s time limit.")
    assert "half a CPU core" in message
    assert "may be incomplete" in message
