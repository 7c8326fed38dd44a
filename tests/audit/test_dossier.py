import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.dossier import measures

HOSTILE = "</pre><script>alert(1)</script>"
C = b'int main(void)\n{\n    system("<b>" "\xe2\x80\xae");\n}\n'


@pytest.fixture
def dossier(reviewer):
    """A violation's page, as a reviewer reads it."""

    def _dossier(violation):
        response = reviewer.get(f"/admin/audit/violation/{violation.pk}/change/")
        assert response.status_code == 200
        return response.content.decode()

    return _dossier


def test_the_source_is_shown_with_the_refused_words_marked(refuse, alice, dossier):
    (violation,) = refuse(alice, sent={"sources": {"main.c": C}})
    page = dossier(violation)
    assert '<th scope="row">3</th>' in page
    assert (
        "<code>    <mark>system</mark>(&quot;&lt;b&gt;&quot; &quot;\\u202e&quot;);</code>" in page
    )


def test_the_rule_its_reason_and_the_way_out_are_told(refuse, alice, dossier):
    (violation,) = refuse(alice, {"suggestion": "Do it in C."})
    page = dossier(violation)
    assert "One program, one process" in page, "why the rule exists, from the policy"
    assert "Do it in C." in page


@pytest.mark.parametrize(
    "rule", ["blocked-syscall", "no-verdict", "timeout", "memory-limit", "repeated-violations"]
)
def test_rules_that_are_not_in_the_policy_have_their_reason_too(refuse, alice, dossier, rule):
    (violation,) = refuse(alice, {"rule": rule, "severity": "low"})
    assert "The current policy has no rule of this name" not in dossier(violation)


def test_a_rule_that_is_gone_is_said_to_be(refuse, alice, dossier):
    (violation,) = refuse(alice, {"rule": "of-yesterday"})
    assert "The current policy has no rule of this name." in dossier(violation)


def test_the_blocked_call_is_named(refuse, alice, dossier):
    (violation,) = refuse(alice, {"line": None, "file": None}, blocked_syscall="ptrace")
    assert "<dd><code>ptrace</code></dd>" in dossier(violation)


def test_limits_stand_against_what_was_used(refuse, alice, dossier):
    limits = {"run_seconds": 10.0, "memory_bytes": 128 << 20, "output_bytes": 65536}
    used = {"run_ms": 9700, "peak_memory_bytes": 64 << 20, "output_bytes": 65537}
    (violation,) = refuse(alice, sent={"limits": limits}, **used)
    shown = [(one.name, one.used, one.limit, one.percent) for one in measures(violation.execution)]
    assert shown == [
        ("Run time", "9.7 s", "10 s", 97),
        ("Memory at its peak", "64 MiB", "128 MiB", 50),
        ("Output", "64 KiB", "64 KiB", 100),
    ]
    page = dossier(violation)
    assert "9.7 s of 10 s" in page
    assert '97 % <meter min="0" max="100" value="97"' in page


def test_the_persons_other_executions_and_violations_are_listed(
    refuse, record, alice, bob, dossier
):
    (violation,) = refuse(alice)
    (other,) = refuse(alice, {"rule": "pragma"})
    quiet = record(user=alice)
    (stranger,) = refuse(bob)
    page = dossier(violation)
    assert "Other violations of the same person: 1<" in page
    assert "Other executions of the same person: 2<" in page
    assert f"/admin/audit/violation/{other.pk}/change/" in page
    assert f"/admin/audit/execution/{quiet.pk}/change/" in page
    assert str(stranger.execution_id) not in page


def test_those_of_a_deleted_account_still_belong_together(refuse, alice, dossier):
    violation, *_ = refuse(alice), refuse(alice)
    User.objects.get(pk=alice.pk).delete()
    assert "Other violations of the same person: 1<" in dossier(violation[0])


def test_submissions_of_nobody_are_not_taken_for_one_persons(refuse, dossier):
    violation, *_ = refuse(None), refuse(None)
    assert "Other violations of the same person: 0<" in dossier(violation[0])


def test_hostile_text_stays_text(refuse, alice, dossier):
    sent = {"sources": {"main.c": HOSTILE.encode()}, "main": "main.c"}
    found = {"message": HOSTILE, "file": "main.c", "line": 1, "rule": HOSTILE}
    (violation,) = refuse(alice, found, sent=sent, blocked_syscall=HOSTILE)
    page = dossier(violation)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;") >= 4


def test_the_pages_need_no_inline_script_or_style(refuse, alice, reviewer):
    (violation,) = refuse(alice)
    chosen = {"action": "review_selected", "_selected_action": [violation.pk]}
    for page in (
        reviewer.get(f"/admin/audit/violation/{violation.pk}/change/"),
        reviewer.get("/admin/audit/violation/"),
        reviewer.post("/admin/audit/violation/", chosen),
        reviewer.get("/admin/audit/pause/"),
    ):
        assert page.status_code == 200
        policy = page.headers["Content-Security-Policy"].split("; ")
        assert {"script-src 'self'", "style-src 'self'"} <= set(policy)
        html = page.content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)(?!.*json)", html)


def test_the_source_is_kept_from_those_who_may_not_view_executions(refuse, alice, client):
    (violation,) = refuse(alice, sent={"sources": {"main.c": b"secret"}})
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_violation"))
    client.force_login(clerk)
    page = client.get(f"/admin/audit/violation/{violation.pk}/change/").content.decode()
    assert "You may not view executions" in page
    assert "secret" not in page


def test_the_page_asks_as_little_of_the_database_however_much_there_is(refuse, alice, dossier):
    (violation,) = refuse(alice, {"severity": "low"})

    def queries():
        with CaptureQueriesContext(connection) as captured:
            dossier(violation)
        return len(captured)

    before = queries()
    for _ in range(15):
        refuse(alice, *({"severity": "low"},) * 3)
    assert queries() <= before + 1


@pytest.mark.parametrize("key", ["0", "999999", "x"])
def test_what_is_not_there_is_a_404(reviewer, key):
    assert reviewer.get(f"/admin/audit/violation/{key}/change/").status_code == 404


def test_an_included_file_is_shown_with_the_span_and_what_the_compiler_opened(
    refuse, alice, dossier
):
    sent = {
        "sources": {"main.c": b'#include "d.csv"\n', "d.csv": b'int x;\nsystem("x");\n'},
        "data_files": {"xor.data": b"1 2"},
        "stdin": b"given\x1b[2J<b>",
    }
    found = {"file": "d.csv", "line": 2, "column": 1, "end_column": 7}
    (violation,) = refuse(alice, found, sent=sent, compiler_files=["main.c", "d.csv"])
    page = dossier(violation)
    assert "<mark>system</mark>" in page
    assert "<li><code>main.c</code></li><li><code>d.csv</code></li>" in page
    assert "<li><code>xor.data</code>, 3\xa0bytes, SHA-256 <code>" in page
    assert "given\\x1b[2J&lt;b&gt;</pre>" in page


def test_input_that_is_not_kept_is_shown_by_its_hash(refuse, alice, dossier, settings):
    settings.RECORD_INPUT_BYTES = 0
    (violation,) = refuse(alice, sent={"stdin": b"a secret"})
    page = dossier(violation)
    assert "8\xa0bytes, SHA-256 <code>" in page
    assert "its text is not kept" in page
    assert "a secret" not in page
