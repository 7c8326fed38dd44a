"""A failed test runs once more, and a run with too many flaky tests fails."""

import pytest

from scripts.test import FLAKY_AT_MOST, Batch, Run, run_batches

FLAKY = """
from pathlib import Path

def test_{number}():
    seen = Path(__file__).with_suffix(".seen-{number}")
    ran_before = seen.exists()
    seen.touch()
    assert ran_before
"""


@pytest.fixture
def result_of(tmp_path, capfd):
    """Run a module of tests as ``make test`` does; return the exit code and the output."""

    def result_of(source):
        module = tmp_path / "test_module.py"
        module.write_text(source)
        code = run_batches((Batch("module", (str(module), "-p", "no:django")),), Run(tmp_path))
        return code, capfd.readouterr().out

    return result_of


def test_flaky_test_passes_and_is_named_at_the_end(result_of):
    code, output = result_of("".join(FLAKY.format(number=n) for n in range(FLAKY_AT_MOST)))
    assert code == 0
    last = output.splitlines()[-FLAKY_AT_MOST:]
    assert [line.partition("::")[2] for line in last] == ["test_0", "test_1"]
    assert all(line.startswith("flaky: ") for line in last)


def test_too_many_flaky_tests_fail_the_run(result_of):
    code, output = result_of("".join(FLAKY.format(number=n) for n in range(FLAKY_AT_MOST + 1)))
    assert code == 1
    assert f"{FLAKY_AT_MOST + 1} tests are flaky" in output


def test_test_that_fails_twice_fails_the_run(result_of):
    code, output = result_of("def test_of_nothing():\n    assert False\n")
    assert code == 1
    assert "flaky: " not in output
    assert "failed: " in output


def test_module_that_cannot_be_read_fails_the_run(result_of):
    code, output = result_of("import nothing_of_this_name\n")
    assert code == 1
    assert "flaky: " not in output
