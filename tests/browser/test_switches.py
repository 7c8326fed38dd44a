"""What the switches of a run change, as the person sees it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ended, run, write

pytestmark = [pytest.mark.browser, pytest.mark.docker]

BEHIND_THE_END = """#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
    int *numbers = calloc(4, sizeof *numbers);
    (void)argv;
    printf("%d\\n", numbers[3 + argc]);
    free(numbers);
    return 0;
}
"""
CRASH = """#include <stdio.h>
int main(int argc, char **argv) {
    int *nowhere = argc > 5 ? &argc : NULL;
    (void)argv;
    puts("before");
    return *nowhere;
}
"""
WEIGHTS = """#include <stdio.h>
#include <fann.h>
int main(void) {
    struct fann *ann = fann_create_standard(3, 2, 3, 1);
    struct fann_connection all[13];
    fann_get_connection_array(ann, all);
    for (int i = 0; i < 13; i++) printf("%.9f ", all[i].weight);
    fann_destroy(ann);
    return 0;
}
"""


def switch(page, name):
    page.get_by_role("tab", name="Input").click()
    page.get_by_label(name).check()


def test_a_sanitizer_s_finding_is_a_sentence_with_its_line_marked(somebody, look):
    write(somebody, BEHIND_THE_END)
    switch(somebody, "Sanitizers")
    run(somebody)
    ended(somebody, "runtime_error")
    expect(somebody.locator("#result")).to_contain_text("past the end")
    expect(somebody.locator(".cm-lintRange-error")).to_have_count(1)
    expect(somebody.locator("#problems")).to_contain_text("main.c:6")
    look("sanitizer")


def test_a_crash_names_its_line_and_marks_it(somebody):
    write(somebody, CRASH)
    run(somebody)
    ended(somebody, "runtime_error")
    expect(somebody.locator("#result")).to_contain_text("SIGSEGV")
    expect(somebody.locator("#result")).to_contain_text("main.c")
    expect(somebody.locator("#terminal-text")).to_contain_text("before")
    expect(somebody.locator("#problems")).to_contain_text("main.c:6")


def test_with_a_fixed_seed_every_training_begins_alike(somebody):
    write(somebody, WEIGHTS)
    switch(somebody, "Fixed seed")
    printed = []
    for _ in range(2):
        run(somebody)
        expect(somebody.locator("#result")).to_be_hidden()
        ended(somebody)
        expect(somebody.locator("#terminal-text")).not_to_be_empty()
        printed.append(somebody.locator("#terminal-text").inner_text())
    assert printed[0] == printed[1]
    assert len(printed[0].split()) == 13


def test_a_program_with_warnings_runs_and_its_warnings_are_listed(somebody):
    write(somebody, '#include <stdio.h>\nint main(void) { int unused; puts("ran"); return 0; }\n')
    switch(somebody, "Run with warnings")
    run(somebody)
    ended(somebody)
    expect(somebody.locator("#terminal-text")).to_contain_text("ran")
    expect(somebody.locator(".cm-lintRange-warning")).to_have_text("unused")


def test_a_program_stopped_by_a_warning_runs_anyway_when_asked(somebody, look):
    write(somebody, '#include <stdio.h>\nint main(void) { int unused; puts("ran"); return 0; }\n')
    run(somebody)
    ended(somebody, "compile_error")
    panel = somebody.get_by_role("tabpanel", name="Compiler")
    expect(panel).to_contain_text("Not run because of 1 compiler warning.")
    expect(panel.locator(".problem-severity")).to_have_text("Warning")
    look("warning")
    panel.get_by_role("button", name="Run anyway").click()
    expect(somebody.locator("#terminal-text")).to_contain_text("ran")
    ended(somebody)
    # Once: the next run stops again, and a real error offers nothing.
    run(somebody)
    ended(somebody, "compile_error")
    write(somebody, "int main(void) { int unused; return x; }\n")
    run(somebody)
    expect(panel).to_contain_text("undeclared")
    expect(panel.get_by_role("button", name="Run anyway")).to_have_count(0)
