"""Each example is what it says: it compiles, runs and prints what it promises, with its data."""

import base64
import re
import tomllib

import pytest

from executor.submission import Submission
from workspace import files
from workspace.examples import FOLDER, all_examples
from workspace.models import NAME_CHARS
from workspace.submissions import one_program

EXAMPLES = all_examples()
REPORT = re.compile(r"Epochs\s+(\d+)\. Current error: ")

every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.slug)


def execute(sandbox, example, sources, main, typed=""):
    submission = Submission.from_files(
        one_program(sources, main), main, args=example.recipe["args"], stdin=typed
    )
    return sandbox.execute(submission)


@pytest.mark.docker
@every_example
def test_an_example_prints_what_it_promises_and_so_do_the_programs_beside_it(sandbox, example):
    about = tomllib.loads((FOLDER / example.slug / "example.toml").read_text())
    kept = dict(example.files)
    for step in [about, *about.get("also", [])]:
        outcome = execute(sandbox, example, kept, step["main"], about.get("typed", ""))
        assert outcome.status == "success", outcome.message + outcome.compiler_output
        assert [text for text in step["prints"] if text not in outcome.stdout] == []
        # As somebody does who keeps in the project what a program wrote.
        kept |= {file.name: base64.b64decode(file.content_base64) for file in outcome.files}


@pytest.mark.docker
@pytest.mark.parametrize("slug", ["xor-float", "time-series"])
def test_a_training_reports_every_ten_epochs(sandbox, slug):
    example = next(one for one in EXAMPLES if one.slug == slug)
    outcome = execute(sandbox, example, example.files, example.recipe["main"])
    epochs = [int(found) for found in REPORT.findall(outcome.stdout)]
    assert epochs[:4] == [1, 10, 20, 30]
    assert len(epochs) > 20


@every_example
def test_an_example_fits_into_a_project(example):
    assert example.title
    assert len(example.title) <= NAME_CHARS
    assert example.summary.endswith(".")
    assert example.recipe["main"] in example.files
    files.check({path: len(content) for path, content in example.files.items()})


def test_examples_come_in_an_order_that_no_two_share():
    orders = [example.order for example in EXAMPLES]
    assert orders == sorted(set(orders))
    assert EXAMPLES[0].slug == "hello"


def test_the_examples_show_what_people_come_for():
    assert {example.slug for example in EXAMPLES} >= {
        *("hello", "conversation", "xor-float", "xor-double", "xor-fixed", "apples", "cascade"),
        *("save-and-load", "approximation", "time-series", "several-files"),
    }
