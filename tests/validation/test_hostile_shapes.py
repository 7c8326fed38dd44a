"""No shape of a source makes the validator cost more than its length."""

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executor.limits import Limits
from executor.policy import MOST_PER_RULE, MOST_REPORTED, Policy
from tests.validation.shapes import SHAPES

POLICY = Policy.load()
SIZE = 1 << 17
# 1 µs a byte is promised. Twice that, and a start: a quadratic step takes far more at this size.
CPU_SECONDS = 0.1 + 2e-6 * SIZE


def cpu_seconds(work):
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.parametrize("shape", SHAPES)
def test_cpu_time_grows_with_the_length_of_a_hostile_source_only(shape):
    files = SHAPES[shape](SIZE)
    assert sum(map(len, files.values())) <= SIZE * 1.01

    def judge():
        found = POLICY.violations(files, "main.c", Limits(file_count=10_000))
        assert len(found) <= MOST_REPORTED
        assert all(n <= MOST_PER_RULE for n in Counter(one.rule for one in found).values())

    # What else the machine does may spoil one measurement, by its caches.
    assert any(cpu_seconds(judge) < CPU_SECONDS for _ in range(3))


@settings(max_examples=25, deadline=None)
@given(pair=st.tuples(st.sampled_from(sorted(SHAPES)), st.sampled_from(sorted(SHAPES))))
def test_one_hostile_shape_behind_another_costs_no_more_than_both(pair):
    first, second = (SHAPES[name](SIZE // 2)["main.c"] for name in pair)
    files = {"main.c": first + second}
    spent = cpu_seconds(lambda: POLICY.violations(files, "main.c", Limits()))
    assert spent < CPU_SECONDS * 2


def test_link_violations_read_a_source_once_however_many_names_are_missing():
    source = b"#define a b\n" * (SIZE // 12)
    names = [f"missing_{number}" for number in range(25)]
    spent = cpu_seconds(lambda: POLICY.link_violations(names, {"main.c": source}))
    assert spent < CPU_SECONDS


def test_each_broken_rule_is_named_however_many_are_broken():
    lines = [
        *(b"#pragma weak x%d\n", b"#include <sys/x%d.h>\n", b"#include <x%d.h>\n"),
        *(
            b"#line %d\n",
            b'#ident "%d"\n',
            b'char *p%d = "/proc/self";\n',
            b"int %d = system(1);\n",
        ),
        *(b"int %d = mmap();\n", b'asm("%d");\n', b"#include A%d\n"),
    ]
    source = b"".join(line % number for line in lines for number in range(50))
    found = POLICY.violations({"main.c": source}, "main.c", Limits())
    assert len(found) == MOST_REPORTED
    last = {one.rule: one.message for one in found}
    assert len(last) == len(lines)
    assert all("only the first are listed" in message for message in last.values())
    assert sum("only the first" in one.message for one in found) == len(lines)


def test_complete_list_does_not_claim_omissions():
    found = POLICY.violations({"main.c": b"int a = system(1);\n" * 25}, "main.c", Limits())
    assert len(found) == 25
    assert not any("only the first" in one.message for one in found)


def test_macros_that_stand_for_far_more_text_than_was_written_are_refused():
    source = b'#define A "' + b"/.." * 1300 + b'"\nchar *p = ' + b"A " * 4000 + b";\n"
    (found,) = POLICY.violations({"main.c": source}, "main.c", Limits())
    assert (found.rule, found.category, found.line) == ("check-cost", "resource_limit", None)
    assert "4,194,304 characters" in found.message
