import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import Execution, Source, Violation
from executor.rulebook import DEFAULT_PATH

GETTER = {"main.c": "#include <ctype.h>\nint main(void) { return isdigit('1') != 0; }\n"}
FORKER = {"main.c": "int fork(void);\nint main(void) { return fork(); }\n"}
MATHS = {"main.c": '#include <math.h>\n#include "t.h"\nint main(void) { return 0; }\n', "t.h": ""}


@pytest.fixture
def edited(tmp_path):
    """The path of the policy with some of its text replaced."""

    def _edited(old, new):
        text = DEFAULT_PATH.read_text()
        assert text.count(old) == 1
        path = tmp_path / "edited.toml"
        path.write_text(text.replace(old, new))
        return str(path)

    return _edited


@pytest.fixture
def dry_run(capsys):
    def _dry_run(*args):
        call_command("policy_dry_run", *args)
        return capsys.readouterr().out

    return _dry_run


@pytest.fixture(autouse=True)
def stored(submit, alice, bob):
    """Four executions of three projects."""
    submit(alice, GETTER)
    submit(alice, FORKER)
    submit(alice, MATHS)
    return submit(bob, GETTER)


def test_a_policy_that_says_the_same_changes_nothing(dry_run):
    assert dry_run(str(DEFAULT_PATH)).splitlines()[1:] == ["3 different projects were judged."]


def test_what_would_be_accepted_now_is_shown_with_the_rule_it_lost(dry_run, stored, edited):
    out = dry_run(edited('"string.h", "math.h", "time.h"', '"string.h", "math.h", "ctype.h"'))
    assert (
        f"newly accepted  2 executions of main.c, the last {stored} by bob: -1 header-not-allowed"
        in out
    )
    assert "       2 executions newly accepted" in out
    assert "       1 projects lose header-not-allowed" in out


def test_what_would_be_refused_now_is_shown_with_the_rule_it_gained(dry_run, edited):
    out = dry_run(edited('"string.h", "math.h", "time.h"', '"string.h", "time.h"'))
    assert "newly refused   1 execution of main.c" in out
    assert "+1 header-not-allowed" in out
    assert "newly accepted" not in out


def test_what_stays_refused_for_another_reason_is_shown_as_that(dry_run, edited):
    out = dry_run(edited('"execveat", "fexecve", "fork", ', '"execveat", "fexecve", '))
    assert "newly accepted  1 execution" in out
    assert "system-call" in out
    both = edited("[rules.system-call]", "[rules.starts-programs]")
    assert "still refused   1 execution" in dry_run(both)


def test_another_profile_can_be_tried(dry_run):
    out = dry_run(str(DEFAULT_PATH), "--profile", "extended")
    assert "       2 executions newly accepted" in out


def test_only_the_last_days_are_looked_at(dry_run, edited):
    old = timezone.now() - timezone.timedelta(days=8)
    Execution.objects.exclude(user__username="bob").update(created=old)
    policy = edited('"string.h", "math.h", "time.h"', '"string.h", "math.h", "ctype.h"')
    out = dry_run(policy, "--since", "7")
    assert "newly accepted  1 execution of main.c" in out
    assert "1 different projects were judged." in out


def test_nothing_is_recorded_or_changed(dry_run, edited):
    before = [list(model.objects.values()) for model in (Execution, Source, Violation)]
    dry_run(edited('"string.h", "math.h", "time.h"', '"string.h"'))
    assert [list(model.objects.values()) for model in (Execution, Source, Violation)] == before


def test_executions_without_validation_are_left_out(dry_run, edited):
    Execution.objects.update(validated=False)
    assert "0 different projects were judged." in dry_run(str(DEFAULT_PATH))


@pytest.mark.parametrize("content", ["not toml [", 'version = "2"', None])
def test_a_policy_that_cannot_be_read_is_said_to_be(dry_run, tmp_path, content):
    path = tmp_path / "broken.toml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandError, match=r"broken\.toml cannot be read"):
        dry_run(str(path))
