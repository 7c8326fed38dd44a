import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import recorder
from audit.models import Execution, Source, Violation

HOSTILE = "</pre><script>alert(1)</script>"
EXECUTIONS = "/admin/audit/execution/"
VIOLATIONS = "/admin/audit/violation/"


@pytest.fixture
def admin(client, dora):
    client.force_login(dora)
    return client


@pytest.fixture
def refused(record, outcome, violation, alice):
    """An execution of alice's with one violation, hostile wherever it can be."""
    execution = record(
        user=alice,
        sources={"main.c": HOSTILE.encode(), "b.h": b"\xff\x00\xe2\x80\xae"},
        user_agent=HOSTILE,
        args=[HOSTILE],
    )
    ending = outcome(
        status="blocked",
        message="Refused.",
        stdout=HOSTILE + "\x1b[2J",
        stderr=HOSTILE,
        compiler_output=HOSTILE,
        violations=[violation(message=HOSTILE, file=HOSTILE)],
    )
    recorder.ended(execution.pk, ending)
    return execution


def page_of(execution):
    return f"{EXECUTIONS}{execution.pk}/change/"


@pytest.mark.parametrize("address", [EXECUTIONS, VIOLATIONS])
def test_ordinary_people_do_not_get_in(client, alice, address):
    client.force_login(alice)
    assert client.get(address).status_code == 302


def test_not_even_a_superuser_can_add_change_or_delete(admin, refused):
    violation = refused.violations.get()
    before = Violation.objects.values().get()
    for model, key in (("execution", refused.pk), ("violation", violation.pk)):
        assert admin.post(reverse(f"admin:audit_{model}_add"), {}).status_code == 403
        change = reverse(f"admin:audit_{model}_change", args=[key])
        admin.post(change, {"message": "another", "status": "success", "rule": "another"})
        assert admin.post(reverse(f"admin:audit_{model}_delete", args=[key])).status_code == 403
        everything = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
        admin.post(reverse(f"admin:audit_{model}_changelist"), everything)
    stored = Execution.objects.get(pk=refused.pk)
    assert (stored.status, stored.message) == ("blocked", "Refused.")
    assert Violation.objects.values().get() == before


def test_a_record_shows_what_was_sent_and_what_was_refused(admin, refused):
    page = admin.get(page_of(refused)).content.decode()
    violation = refused.violations.get()
    assert "system-call" in page
    assert reverse("admin:audit_violation_change", args=[violation.pk]) in page
    assert "\\xff\\x00\\u202e" in page, "what cannot be seen is shown as an escape"
    assert "\\x1b[2J" in page


def test_hostile_text_stays_text(admin, refused):
    violation = refused.violations.get()
    for address in (
        EXECUTIONS,
        VIOLATIONS,
        page_of(refused),
        f"{VIOLATIONS}{violation.pk}/change/",
    ):
        page = admin.get(address).content.decode()
        assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 2


def test_a_violation_leads_to_its_execution(admin, refused):
    for address in (VIOLATIONS, f"{VIOLATIONS}{refused.violations.get().pk}/change/"):
        assert f'href="{page_of(refused)}"' in admin.get(address).content.decode()


@pytest.mark.parametrize("address", [EXECUTIONS, VIOLATIONS])
def test_the_pages_need_no_inline_script_or_style(admin, refused, address):
    record = page_of(refused)
    for page in (admin.get(address), admin.get(record)):
        policy = page.headers["Content-Security-Policy"].split("; ")
        assert {"script-src 'self'", "style-src 'self'"} <= set(policy)
        html = page.content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)(?!.*json)", html)


@pytest.mark.parametrize("sought", ["alice", "c0dec0de", "Refused", "id", "id without dashes"])
def test_an_execution_is_found_by_name_hash_message_and_id(admin, refused, record, bob, sought):
    record(user=bob, code_hash="1234" * 16)
    key = str(refused.pk)
    words = {"id": key, "id without dashes": key.replace("-", "")[:10]}.get(sought, sought)
    found = admin.get(EXECUTIONS, {"q": words}).context["cl"].result_list
    assert [execution.pk for execution in found] == [refused.pk]


@pytest.mark.parametrize(
    ("address", "filters"),
    [
        (EXECUTIONS, {"status__exact": "blocked", "door__exact": "page", "state__exact": "ended"}),
        (EXECUTIONS, {"validated__exact": "1"}),
        (VIOLATIONS, {"category": "blocked_pattern", "severity": "high", "rule": "system-call"}),
        (VIOLATIONS, {"q": "system-call"}),
        (VIOLATIONS, {"q": "alice"}),
    ],
)
def test_the_lists_can_be_narrowed(admin, refused, address, filters):
    response = admin.get(address, filters)
    assert response.status_code == 200, response.headers
    assert len(response.context["cl"].result_list) == 1


def test_executions_are_filtered_by_their_user(admin, refused, alice, record, bob):
    record(user=bob)
    response = admin.get(EXECUTIONS, {"user": alice.pk})
    assert [execution.username for execution in response.context["cl"].result_list] == ["alice"]


def test_no_list_offers_more_people_than_its_latest_records_are_of(
    admin, refused, record, monkeypatch
):
    monkeypatch.setattr("audit.filters._LATEST", 3)
    for number in range(5):
        record(user=User.objects.create_user(f"person{number}"))
    [people] = [
        one.lookup_choices
        for one in admin.get(EXECUTIONS).context["cl"].filter_specs
        if one.title == "user"
    ]
    assert [name for _, name in people] == ["person2", "person3", "person4"]


@pytest.mark.parametrize("address", [EXECUTIONS, VIOLATIONS])
def test_the_number_of_queries_does_not_grow_with_the_list(
    admin, record, outcome, violation, alice, address
):
    def queries_with(many):
        for _ in range(many):
            recorder.ended(record(user=alice).pk, outcome(violations=[violation()] * 2))
        with CaptureQueriesContext(connection) as queries:
            admin.get(address)
        return queries

    few, lot = queries_with(2), queries_with(20)
    assert len(few) == len(lot)
    lists = [q["sql"] for q in lot if '"audit_execution"."username"' in q["sql"]]
    assert lists
    assert not any('"stdout"' in sql for sql in lists), "large columns stay in the database"


def test_deleting_an_account_keeps_its_records_under_a_pseudonym(admin, refused, alice):
    admin.post(reverse("admin:auth_user_delete", args=[alice.pk]), {"post": "yes"})
    stored = Execution.objects.get(pk=refused.pk)
    assert stored.user is None
    assert stored.username.startswith("deleted-")
    assert Source.objects.count() == 1
