import re
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.management import CommandError, call_command

from audit.models import Execution, Pause
from executor import dispatch
from executor.submission import Submission

MEDIUM = {"main.c": "#include <unistd.h>\nint main(void) { return 0; }\n"}
HEADERS = ("unistd.h", "fcntl.h", "signal.h", "dirent.h", "pthread.h", "sys/mman.h")
HARMLESS = {"main.c": "int main(void) { return 0; }\n"}


@pytest.fixture
def paused_alice(submit, alice):
    """Alice, after six submissions that each broke a rule of medium severity."""
    for header in HEADERS:
        submit(alice, including(header))
    return alice


def including(header):
    return {"main.c": f"#include <{header}>\nint main(void) {{ return 0; }}\n"}


def test_one_program_sent_repeatedly_with_small_changes_causes_no_pause(submit, alice):
    for number in range(12):
        source = f"int tries = {number};\n\n#include  <unistd.h> // {number}\n"
        submit(alice, {"main.c": source + 'char *p = "/etc/passwd";\n' * (number + 1)})
    assert submit(alice, HARMLESS)


def test_one_call_in_six_spellings_pauses_its_account(submit, alice):
    spellings = (
        *("int f(void) { system(1); }", "int (*f)() = system;", "#define S system"),
        *(
            "int f(void) { (system)(1); }",
            "int f(void) { return &system; }",
            "int x[] = {system(2)};",
        ),
    )
    for spelling in spellings:
        submit(alice, {"main.c": spelling + "\n"})
    with pytest.raises(dispatch.Refused):
        submit(alice, HARMLESS)


def test_six_medium_violations_pause_alice_until_rita_lifts_it(submit, paused_alice, rita, client):
    with pytest.raises(dispatch.Refused) as refused:
        submit(paused_alice, HARMLESS)
    assert refused.value.code == "paused"
    told = re.search(r"paused until (?:\d{4}-\d\d-\d\d )?(\d\d:\d\d) UTC", str(refused.value))[1]
    expected = datetime.now(UTC) + timedelta(minutes=30)
    assert told in {f"{expected + timedelta(minutes=n):%H:%M}" for n in (0, 1)}
    assert Execution.objects.count() == 6, "what was refused was not even recorded as begun"

    client.force_login(rita)
    pauses = client.get("/admin/audit/pause/").content.decode()
    assert "alice" in pauses
    assert "6 refused programs in 10 minutes." in pauses
    pause = Pause.objects.get()
    dossier = client.get(f"/admin/audit/violation/{pause.violation_id}/change/").content.decode()
    assert "Submissions of <strong>alice</strong> are paused until" in dossier
    client.post(f"/admin/audit/pause/{pause.pk}/lift/", {"violation": pause.violation_id})

    assert submit(paused_alice, HARMLESS)
    assert submit(paused_alice, MEDIUM), "and one more slip does not bring the pause back"
    assert submit(paused_alice, HARMLESS)


def test_five_do_not_and_neither_do_six_in_one_program(submit, alice):
    six_at_once = '#include <unistd.h>\n#include "/etc/x"\n#line 3\n#ident "x"\n#pragma weak f\n'
    submit(alice, {"main.c": six_at_once + "int main(void) { fork(); system(0); return 0; }\n"})
    for header in HEADERS[1:5]:
        submit(alice, including(header))
    assert submit(alice, HARMLESS)


def test_bob_can_submit_while_alice_is_paused(submit, paused_alice, bob):
    assert submit(bob, HARMLESS)


def test_the_dispatcher_refuses_and_forgets_what_it_refused(transactional_db, paused_alice):
    async def send():
        dispatcher = dispatch.Dispatcher()
        try:
            with pytest.raises(dispatch.Refused, match="paused until"):
                await dispatcher.submit(
                    Submission.from_files(HARMLESS, "main.c"), dispatch.Sender(paused_alice, "page")
                )
            return len(dispatcher._lives)
        finally:
            await dispatcher.shutdown()

    assert async_to_sync(send)() == 0


def test_the_command_refuses_in_her_name_and_runs_nothing(paused_alice, tmp_path):
    source = tmp_path / "main.c"
    source.write_text(HARMLESS["main.c"])
    with pytest.raises(CommandError, match=r"paused until .* ask an administrator"):
        call_command("execute", str(source), "--user", "alice", "--json")
    assert Execution.objects.count() == 6
