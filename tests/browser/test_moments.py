"""Between two moments: what a person does while something is on its way is not lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import UNREACHABLE, ended, is_open, run, saved, write

pytestmark = [pytest.mark.browser, pytest.mark.docker]

ASKS = """#include <stdio.h>
int main(void) {
    char name[32];
    printf("Your name? ");
    if (scanf("%31s", name) != 1) return 1;
    printf("Hello, %s.\\n", name);
    return 0;
}
"""
BROKEN = "int main(void) { return nothing; }\n"


def held(page, pattern):
    """Keep requests back; a function that lets them through again."""
    routes = []

    def keep(route):
        routes.append(route)

    def release():
        for route in routes:
            route.continue_()
        page.unroute(pattern)

    page.route(pattern, keep)

    return routes, release


def test_what_is_stopped_while_it_is_saved_does_not_run(somebody):
    saved(somebody)
    routes, release = held(somebody, "**/files/**")
    with somebody.expect_request("**/files/**"):
        write(somebody, ASKS)
        run(somebody)
    assert routes
    somebody.get_by_role("button", name="Stop", exact=True).click()
    expect(somebody.locator("#status")).to_contain_text("before it was sent")
    release()
    saved(somebody)
    expect(somebody.locator("#run")).to_be_enabled()
    somebody.locator("#history").click()
    expect(somebody.get_by_role("dialog")).to_contain_text("Nothing has been run")


def test_who_presses_run_before_the_terminal_is_there_answers_the_prompt(somebody):
    write(somebody, ASKS)
    saved(somebody)
    late = somebody.context.new_page()
    _, release = held(late, "**/chunks/terminal-*.js")
    late.goto("/")
    is_open(late)
    run(late)
    expect(late.locator("#status")).to_contain_text("Sending")
    release()
    expect(late.locator("#terminal-text")).to_contain_text("Your name?")
    late.keyboard.type("Ada\n")
    expect(late.locator("#terminal-text")).to_contain_text("Hello, Ada.")
    ended(late)


def test_nothing_can_be_pressed_that_does_nothing_before_the_project_is_there(somebody):
    late = somebody.context.new_page()
    routes, release = held(late, "**/api/projects/**")
    with late.expect_request("**/api/projects/**"):
        late.goto("/")
    expect(late.locator("#status")).to_contain_text("Opening the project")
    waiting = late.locator(".ide [data-waits]")
    assert waiting.count() == waiting.and_(late.locator(":disabled")).count() == 8
    assert routes
    release()
    is_open(late)
    late.locator("#history").click()
    expect(late.get_by_role("dialog")).to_be_visible()
    assert waiting.and_(late.locator(":disabled")).count() == 0


def test_a_dialog_that_cannot_be_loaded_is_said_and_opens_later(somebody, tolerated):
    tolerated += UNREACHABLE
    somebody.route("**/chunks/*.js", lambda route: route.abort("internetdisconnected"))
    for button in ("history", "share", "examples", "project"):
        somebody.locator(f"#{button}").click()
        expect(somebody.locator("#status")).to_contain_text("could not be loaded")
    somebody.unroute("**/chunks/*.js")
    somebody.locator("#history").click()
    expect(somebody.get_by_role("dialog")).to_contain_text("Nothing has been run")


def test_the_run_that_was_chosen_last_is_the_one_shown(somebody):
    for number in ("first", "second"):
        write(somebody, f'#include <stdio.h>\nint main(void) {{ puts("{number}"); }}\n')
        run(somebody)
        expect(somebody.locator("#terminal-text")).to_contain_text(number)
        ended(somebody)
    somebody.locator("#history").click()
    runs = somebody.get_by_role("list", name="Runs").get_by_role("button")
    detail = somebody.locator(".history-detail")
    expect(detail).to_contain_text('puts("second")')
    routes, release = held(somebody, "**/api/executions/*/")
    with somebody.expect_request("**/api/executions/*/"):
        runs.nth(1).click()
    with somebody.expect_request("**/api/executions/*/"):
        runs.nth(0).click()
    newer = routes.pop()
    with somebody.expect_response("**/api/executions/*/"):
        newer.continue_()
    with somebody.expect_response("**/api/executions/*/"):
        release()
    # What came before this answer has been dealt with.
    somebody.evaluate("fetch('/api/examples/').then((answer) => answer.text())")
    expect(runs.nth(0)).to_have_attribute("aria-current", "true")
    expect(detail).to_contain_text('puts("second")')


def test_the_focus_goes_where_the_messages_are(somebody):
    write(somebody, BROKEN)
    run(somebody)
    ended(somebody, "compile_error")
    expect(somebody.locator("#compiler-tab")).to_be_focused()


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844), (320, 640)])
def test_a_long_sentence_moves_no_pane_and_a_training_is_offered_in_sight(somebody, size):
    width, height = size
    somebody.set_viewport_size({"width": width, "height": height})
    before = somebody.locator("#panes").bounding_box()
    write(
        somebody,
        '#include <stdio.h>\nint main(void) {\nputs("Max epochs 20. Desired error: 0.1");\n'
        'puts("Epochs 1. Current error: 0.5. Bit fail 2.");\n'
        'puts("Epochs 9. Current error: 0.2. Bit fail 1.");\nint *p = NULL;\nreturn *p; }\n',
    )
    run(somebody)
    ended(somebody, "runtime_error")
    assert somebody.locator("#panes").bounding_box() == before
    expect(somebody.locator("#training-tab")).to_be_in_viewport(ratio=1)
    expect(somebody.locator(".result-record")).to_be_in_viewport(ratio=1)
    message = somebody.locator(".result-message").bounding_box()
    panel = somebody.locator("#result").bounding_box()
    assert message["width"] > 0.6 * panel["width"]


def test_written_files_are_in_the_order_of_their_names(somebody):
    write(
        somebody,
        '#include <stdio.h>\nint main(void) {\n    const char *names[] = {"b", "c", "a"};\n'
        '    for (int i = 0; i < 3; i++) {\n        FILE *f = fopen(names[i], "w");\n'
        '        if (!f) return 1;\n        fputs("1", f);\n        fclose(f);\n    }\n'
        "    return 0;\n}\n",
    )
    run(somebody)
    ended(somebody)
    expect(somebody.locator(".written-name")).to_have_text(["a", "b", "c"])


def test_pages_of_the_server_say_a_status_in_words(somebody):
    write(somebody, "int main(void) { return 3; }\n")
    run(somebody)
    ended(somebody, "runtime_error")
    somebody.get_by_role("link", name="Record").click()
    expect(somebody.locator(".badge")).to_have_text("Runtime error")
    somebody.goto("/statistics/")
    expect(somebody.get_by_role("rowheader", name="Runtime error")).to_be_visible()


def test_who_was_logged_out_sees_where_to_log_in_beside_what_is_not_saved(somebody, tolerated):
    tolerated += ["status of 403"]
    somebody.set_viewport_size({"width": 1024, "height": 768})
    other = somebody.context.new_page()
    other.goto("/statistics/")
    other.get_by_role("button", name="Log out").click()
    expect(other.get_by_role("button", name="Log in")).to_be_visible()
    write(somebody, "/* typed after the log out */\n")
    expect(somebody.locator("#save-state")).to_contain_text("Not saved: log in again.")
    somebody.keyboard.press("Control+Enter")
    expect(somebody.locator("#status").get_by_role("link")).to_be_in_viewport(ratio=1)


def test_run_waits_for_the_text_that_is_just_being_saved(somebody):
    saved(somebody)
    _, release = held(somebody, "**/files/**")
    with somebody.expect_request("**/files/**"):
        write(somebody, ASKS)
    run(somebody)
    expect(somebody.locator("#status")).to_contain_text("Sending")
    release()
    expect(somebody.locator("#terminal-text")).to_contain_text("Your name?")
