"""The hardening checklist names what is there: files, tests, attack programs and decisions."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/hardening.md"
TEXT = PAGE.read_text()
STATES = {"met", "met differently", "refused", "not yet"}
ROW = re.compile(r"^\| ([FW]?\d+[a-z]?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) ?\|$", re.MULTILINE)
ROWS = ROW.findall(TEXT)
POINTS = [f"F{n}" for n in range(1, 11)] + [str(n) for n in range(1, 46)]
POINTS += [f"W{n}" for n in range(1, 23)]
NAMED = sorted(set(re.findall(r"`([\w.-]*/[\w./-]*(?:::\w+)?)`", TEXT)))
NAMED = [name for name in NAMED if not name.startswith("/")]  # paths inside of a sandbox


def every_row(test):
    return pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])(test)


@cache
def names_in(path):
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if hasattr(node, "name")}


def exists(name):
    """Whether a file, a test of a file, or a program of the corpus is there."""
    path, _, test = name.partition("::")
    file = ROOT / path
    if test:
        return file.is_file() and test in names_in(file)
    return file.exists() or (ROOT / "tests/attacks" / path).is_file()


def decisions(cells):
    return re.findall(r"\(decisions/([\w-]+\.md)\)", cells)


def test_every_point_has_its_rows_in_order():
    firsts = [number for number, *_ in ROWS if not number[-1].isalpha()]
    assert firsts == POINTS
    numbers = [number for number, *_ in ROWS]
    assert len(numbers) == len(set(numbers))


def test_every_line_of_the_tables_is_read():
    lines = re.findall(r"^\| [FW]?\d", TEXT, re.MULTILINE)
    assert len(lines) == len(ROWS)


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_exists(name):
    assert exists(name)


def test_a_name_that_is_not_there_would_be_noticed():
    assert not exists("tests/docs/test_hardening.py::test_that_nobody_wrote")
    assert not exists("runtime/nobody_wrote_this.c")


@every_row
def test_a_row_has_one_of_the_states(row):
    assert row[2] in STATES


@every_row
def test_what_is_met_is_shown_by_something(row):
    _, _, state, _, shown = row
    assert shown or state != "met"


@every_row
def test_what_is_refused_or_different_has_its_decision(row):
    _, _, state, where, _ = row
    assert decisions(where) or state not in ("refused", "met differently")


@every_row
def test_what_is_not_there_says_whether_it_is_planned(row):
    _, _, state, where, _ = row
    said = re.search(r"(?i)\bplanned\b", where)
    assert said or state != "not yet"


def test_the_security_page_leads_here():
    assert "(docs/hardening.md)" in (ROOT / "SECURITY.md").read_text()
