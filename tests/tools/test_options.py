"""What a person may choose about how a program is built."""

import json

import pytest
from django.core.management import call_command

from audit.models import Execution
from executor import Options, dispatch
from executor.fields import BadMessage
from executor.parsing import parse
from executor.submission import BadSubmission, Submission

WEIGHTS = """\
#include <stdio.h>
#include <fann.h>
int main(void) {
    float in[2] = {0, 1}, out[1] = {1};
    struct fann_connection found[16];
    struct fann *net = fann_create_standard(3, 2, 3, 1);
    for (int i = 0; i < 20; i++)
        fann_train(net, in, out);
    fann_get_connection_array(net, found);
    for (unsigned i = 0; i < fann_get_total_connections(net); i++)
        printf("%.9f\\n", found[i].weight);
    fann_destroy(net);
    return 0;
}
"""
UNUSED = "int main(void) { int unused; return 0; }\n"


def trained(sandbox, **options):
    result = sandbox.execute_code(WEIGHTS, options=Options(**options))
    assert result["status"] == "success", result
    return result["stdout"]


@pytest.mark.docker
def test_with_a_fixed_seed_two_trainings_end_with_the_same_weights(sandbox):
    assert trained(sandbox, fixed_seed=True) == trained(sandbox, fixed_seed=True)


@pytest.mark.docker
def test_without_a_fixed_seed_they_do_not(sandbox):
    assert trained(sandbox) != trained(sandbox)


@pytest.mark.docker
@pytest.mark.parametrize("fann", ["floatfann", "doublefann"])
def test_the_seed_is_fixed_in_every_precision(sandbox, fann):
    source = WEIGHTS.replace("<fann.h>", f"<{fann}.h>").replace("float in", "fann_type in")
    source = source.replace(", out[1]", "; fann_type out[1]")
    results = [sandbox.execute_code(source, options=Options(fixed_seed=True)) for _ in range(2)]
    assert results[0]["stdout"]
    assert results[0]["stdout"] == results[1]["stdout"]


@pytest.mark.docker
def test_a_program_with_a_fixed_seed_may_still_seed_by_itself(sandbox):
    source = WEIGHTS.replace("float in", "srand(7);\n    float in", 1)
    source = source.replace("#include <fann.h>", "#include <stdlib.h>\n#include <fann.h>")
    options = Options(fixed_seed=True)
    seeded = sandbox.execute_code(source, options=options)["stdout"]
    assert seeded == sandbox.execute_code(source, options=options)["stdout"]
    assert seeded != trained(sandbox, fixed_seed=True)


@pytest.mark.docker
def test_a_program_with_a_fixed_seed_may_have_a_seeding_function_of_its_own(sandbox):
    own = '#include <stdio.h>\nvoid fann_seed_rand(void) { puts("mine"); }\n'
    result = sandbox.execute_code(
        own + "int main(void) { fann_seed_rand(); return 0; }", options=Options(fixed_seed=True)
    )
    assert result["stdout"] == "mine\n"


@pytest.mark.docker
def test_a_warning_ends_the_compile_unless_it_was_asked_only_to_show(sandbox):
    assert sandbox.execute_code(UNUSED)["status"] == "compile_error"
    shown = sandbox.execute_code(UNUSED, options=Options(warnings="show"))
    assert shown["status"] == "success"
    assert [found["severity"] for found in shown["diagnostics"]] == ["warning"]


@pytest.mark.docker
@pytest.mark.django_db(transaction=True)
def test_the_command_line_takes_the_options_and_the_record_keeps_them(tmp_path, capsys):
    source = tmp_path / "main.c"
    source.write_text(UNUSED)
    with pytest.raises(SystemExit):
        call_command("execute", str(source), "--warnings=show", "--fixed-seed", "--json")
    assert json.loads(capsys.readouterr().out)["status"] == "success"
    kept = {"sanitize": False, "fixed_seed": True, "warnings": "show"}
    assert Execution.objects.get().options == kept


@pytest.mark.django_db
def test_where_the_setting_says_so_warnings_are_errors_for_everybody(settings):
    settings.ALLOW_SHOW_WARNINGS = False
    submission = Submission.from_source(UNUSED, options=Options(warnings="show"))
    with pytest.raises(dispatch.Refused) as refused:
        dispatch.record_began("0243374f-6ac2-4422-9257-4b03a7b3b3f4", submission, _nobody())
    assert refused.value.code == "option-off"
    assert not Execution.objects.exists()


def _nobody():
    return dispatch.Sender(None, "command")


def run(**options):
    return parse(json.dumps({"type": "run", "source": UNUSED, "options": options}))


def test_run_takes_each_option():
    chosen = run(sanitize=True, fixed_seed=True, warnings="show").submission.options
    assert chosen == Options(sanitize=True, fixed_seed=True, warnings="show")


def test_run_without_options_has_none():
    assert run().submission.options == Options()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"warnings": "ignore"}, "bad-option"),
        ({"warnings": True}, "bad-field"),
        ({"sanitize": 1}, "bad-field"),
        ({"flags": "-fno-stack-protector"}, "unknown-field"),
    ],
)
def test_an_option_that_does_not_exist_is_an_error(options, code):
    with pytest.raises(BadMessage) as error:
        run(**options)
    assert error.value.code == code


def test_the_library_refuses_such_an_option_too():
    with pytest.raises(BadSubmission):
        Options(warnings="-Wno-all")
