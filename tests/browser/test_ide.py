"""What a person at the page is promised, in a real browser against real containers."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import is_open, log_in, write

pytestmark = [pytest.mark.browser, pytest.mark.docker]

GREETING = """#include <stdio.h>
int main() {
    char name[32];
    printf("Your name? ");
    if (scanf("%31s", name) != 1) return 1;
    printf("Hello, %s.\\n", name);
    return 0;
}
"""


def test_a_program_is_typed_run_and_read(alice_page, look):
    write(alice_page, '#include <stdio.h>\nint main() { printf("%d\\n", 6 * 7); return 0; }\n')
    alice_page.get_by_role("button", name="Run", exact=True).click()
    expect(alice_page.locator("#terminal-text")).to_contain_text("42")
    expect(alice_page.locator("#result")).to_have_attribute("data-status", "success")
    expect(alice_page.locator("#result")).to_contain_text("Finished (exit code 0).")
    look("success")
    alice_page.get_by_role("link", name="Record").click()
    expect(alice_page.locator("main")).to_contain_text("exit code 0")
    expect(alice_page.locator("pre").first).to_contain_text("6 * 7")
    look("record")


def test_the_first_visit_shows_an_example_that_runs(somebody, look):
    hint = somebody.get_by_text("Output appears here")
    expect(hint).to_be_visible()
    look("first-visit")
    somebody.locator(".cm-content").press("Control+Enter")
    expect(hint).to_be_hidden()
    expect(somebody.locator("#terminal-text")).to_contain_text("Neural network created")
    expect(somebody.locator("#result")).to_have_attribute("data-status", "success")
    expect(hint).to_be_hidden()


def test_a_prompt_is_seen_before_it_is_answered(alice_page, look):
    write(alice_page, GREETING)
    alice_page.get_by_role("button", name="Run", exact=True).click()
    expect(alice_page.locator("#terminal-text")).to_contain_text("Your name?")
    look("prompt")
    alice_page.locator("#terminal").click()
    alice_page.keyboard.type("Ada\n")
    expect(alice_page.locator("#terminal-text")).to_contain_text("Hello, Ada.")
    expect(alice_page.locator("#result")).to_have_attribute("data-status", "success")


def test_end_of_input_has_a_button_while_a_program_may_ask(alice_page):
    end = alice_page.get_by_role("button", name="End input")
    expect(end).to_be_hidden()
    write(alice_page, GREETING)
    alice_page.get_by_role("button", name="Run", exact=True).click()
    expect(alice_page.locator("#terminal-text")).to_contain_text("Your name?")
    end.click()
    expect(alice_page.locator("#result")).to_contain_text("exit code 1")
    expect(end).to_be_hidden()
    expect(alice_page.locator(".xterm-helper-textarea")).to_be_focused()


def test_end_of_input_and_interrupt_reach_the_program(alice_page):
    write(alice_page, GREETING)
    for key, result in (("Control+d", "exit code 1"), ("Control+c", "SIGINT")):
        alice_page.get_by_role("button", name="Run", exact=True).click()
        expect(alice_page.locator("#status")).to_contain_text("Running")
        expect(alice_page.locator("#terminal-text")).to_contain_text("Your name?")
        alice_page.locator("#terminal").click()
        alice_page.keyboard.press(key)
        expect(alice_page.locator("#result")).to_contain_text(result)


def test_stop_ends_an_endless_loop_and_keeps_its_output(alice_page, look):
    write(alice_page, '#include <stdio.h>\nint main() { puts("round"); for (;;) ; }\n')
    alice_page.get_by_role("button", name="Run", exact=True).click()
    expect(alice_page.locator("#terminal-text")).to_contain_text("round")
    alice_page.get_by_role("button", name="Stop", exact=True).click()
    expect(alice_page.locator("#result")).to_have_attribute("data-status", "stopped")
    expect(alice_page.locator("#terminal-text")).to_contain_text("round")
    # The reason stands where the output breaks off.
    expect(alice_page.locator("#terminal-text")).to_contain_text("You stopped the program.")
    look("stopped")


def test_what_policy_refuses_is_listed_with_its_lines(alice_page, look):
    write(alice_page, '#include <unistd.h>\nint main() { system("ls"); return 0; }\n')
    alice_page.get_by_role("button", name="Run", exact=True).click()
    expect(alice_page.locator("#result")).to_have_attribute("data-status", "blocked")
    problems = alice_page.locator("#problems li")
    expect(problems).to_have_count(2)
    expect(problems.nth(0)).to_contain_text("unistd.h")
    expect(problems.nth(1)).to_contain_text("2:14")
    look("blocked")


def test_a_compiler_error_leads_to_its_line(alice_page, look):
    write(alice_page, "int main() {\n    return nothing;\n}\n")
    alice_page.get_by_role("button", name="Run", exact=True).click()
    expect(alice_page.locator("#result")).to_have_attribute("data-status", "compile_error")
    alice_page.locator("#compiler-tab").click()
    expect(alice_page.locator("#compiler-output")).to_contain_text("undeclared")
    look("compile-error")
    alice_page.locator("#problems button").first.click()
    expect(alice_page.locator(".cm-activeLine")).to_contain_text("return nothing;")


def test_text_survives_a_reload(alice_page):
    write(alice_page, "/* not to be lost */\nint main() { return 0; }\n")
    alice_page.reload()
    expect(alice_page.locator(".cm-content")).to_contain_text("not to be lost")


def test_somebody_new_signs_up_and_runs(page, look):
    page.goto("/")
    look("login")
    page.get_by_role("link", name="Make an account").click()
    look("signup")
    page.get_by_label("Username").fill("erin")
    page.get_by_label("Password", exact=True).fill("erin-and-her-9-owls")
    page.get_by_label("Password confirmation").fill("erin-and-her-9-owls")
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("/")
    is_open(page)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#terminal-text")).to_contain_text("sqrt(16) = 4.00")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_an_admin_finds_the_run_and_its_violation(page, look):
    log_in(page, "dora")
    write(page, '#include <stdlib.h>\nint main() { system("true"); return 0; }\n')
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#result")).to_have_attribute("data-status", "blocked")
    page.goto("/admin/audit/violation/")
    expect(page.locator("#result_list")).to_contain_text("system-call")
    look("admin-violations")
    page.locator("#result_list tbody tr").first.get_by_role("link").first.click()
    expect(page.locator("mark")).to_contain_text("system")
    look("admin-dossier")
    page.goto("/admin/audit/execution/")
    page.locator("#result_list tbody tr").first.get_by_role("link").first.click()
    expect(page.locator("body")).to_contain_text('system("true")')
    look("admin-execution")
