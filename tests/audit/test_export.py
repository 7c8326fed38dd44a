import csv
import io
import json
from datetime import datetime

import pytest
from asgiref.sync import async_to_sync

from audit.models import Violation

EXPORT = "/admin/audit/violation/export."


async def read(response):
    return b"".join([part async for part in response])


@pytest.fixture
def exported(reviewer):
    """The exported file's text, for a suffix and filters."""

    def _exported(suffix, **filters):
        response = reviewer.get(EXPORT + suffix, filters)
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].endswith(f'"violations.{suffix}"')
        return async_to_sync(read)(response).decode()

    return _exported


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_of_the_table_is_a_formula(refuse, alice, exported, start):
    text = f'{start}HYPERLINK("http://192.0.2.1/","x")'
    refuse(alice, {"message": text, "file": text, "suggestion": text})
    row = table(exported("csv"))[0]
    assert row["message"] == row["file"] == row["suggestion"] == f"'{text}"


@pytest.mark.parametrize("between", [";", "\n", "\r\n", "\n\t"])
def test_no_formula_begins_where_semicolons_part_the_cells(refuse, alice, exported, between):
    refuse(alice, {"message": f"x{between}=1+1;y"})
    rows = csv.reader(io.StringIO(exported("csv"), newline=""), delimiter=";")
    cells = [cell.strip() for row in rows for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith("=")]


def test_quotes_commas_and_line_breaks_stay_in_their_cell(refuse, alice, exported):
    text = 'a "b", c\nd'
    refuse(alice, {"message": text})
    assert [row["message"] for row in table(exported("csv"))] == [text]


def test_json_lines_hold_one_violation_each_as_it_is(refuse, alice, exported):
    violation = refuse(alice, {"message": "=1\n2"}, {"line": None, "file": None})[0]
    lines = [json.loads(line) for line in exported("jsonl").splitlines()]
    assert len(lines) == 2
    told = next(line for line in lines if line["id"] == violation.pk)
    assert told["message"] == "=1\n2"
    assert told["execution_id"] == str(violation.execution_id)
    assert (told["username"], told["door"], told["state"]) == ("alice", "page", "new")
    assert (told["line"], told["reviewed_at"]) == (3, None)
    assert datetime.fromisoformat(told["created"]).utcoffset().total_seconds() == 0


def test_both_formats_have_the_same_columns(refuse, alice, exported):
    refuse(alice)
    assert list(table(exported("csv"))[0]) == list(json.loads(exported("jsonl")))


def test_what_is_exported_is_the_filtered_list(refuse, alice, bob, exported):
    refuse(alice, {"severity": "high"}, {"severity": "low"})
    refuse(bob, {"severity": "high"})
    assert len(table(exported("csv"))) == 3
    assert len(table(exported("csv", severity="high"))) == 2
    filters = {"severity": "high", "user": alice.pk}
    assert len(table(exported("csv", **filters))) == 1
    assert len(exported("jsonl", q="bob").splitlines()) == 1


def test_the_list_links_to_the_export_with_its_own_filters(refuse, alice, reviewer):
    refuse(alice)
    page = reviewer.get("/admin/audit/violation/", {"severity": "high"}).content.decode()
    assert f'href="{EXPORT}csv?severity=high"' in page
    assert f'href="{EXPORT}jsonl?severity=high"' in page


def test_an_export_is_not_read_before_it_is_sent(refuse, alice, reviewer):
    refuse(alice)
    response = reviewer.get(EXPORT + "csv")
    Violation.objects.update(message="changed after the answer began")
    assert b"changed after" in async_to_sync(read)(response)


@pytest.mark.parametrize("suffix", ["exe", "html", "CSV"])
def test_there_is_no_other_format(reviewer, suffix):
    assert reviewer.get(EXPORT + suffix).status_code == 404


def test_filters_that_make_no_sense_lead_back_to_the_list(reviewer):
    response = reviewer.get(EXPORT + "csv", {"created__gte": "yesterday-ish"})
    assert response.status_code == 302
