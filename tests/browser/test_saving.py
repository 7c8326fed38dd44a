"""Nothing is lost: reloads, a second tab, a server that is away."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
    CHANGED_ELSEWHERE,
    UNREACHABLE,
    ended,
    is_open,
    make_file,
    row,
    run,
    saved,
    sign_up,
    tab,
    write,
)
from tests.service.serving import Server, copy_of

pytestmark = [pytest.mark.browser, pytest.mark.docker]

HELLO = '#include <stdio.h>\nint main(void) { puts("still here"); return 0; }\n'


def code(page):
    return page.locator(".cm-content")


def test_text_is_on_the_server_a_moment_after_typing(somebody):
    write(somebody, "/* saved by itself */\n")
    saved(somebody)
    somebody.evaluate("localStorage.clear()")
    somebody.reload()
    expect(code(somebody)).to_contain_text("saved by itself")


def test_text_that_never_reached_the_server_survives_a_reload(somebody, tolerated):
    tolerated += UNREACHABLE
    somebody.route("**/files/**", lambda route: route.abort("internetdisconnected"))
    write(somebody, "/* typed while away */\n")
    expect(somebody.locator("#save-state")).to_contain_text("kept in this browser")
    somebody.reload()
    expect(code(somebody)).to_contain_text("typed while away")
    somebody.unroute("**/files/**")
    saved(somebody)


def test_a_second_tab_sees_the_change_when_it_is_looked_at(somebody):
    other = somebody.context.new_page()
    other.goto("/")
    is_open(other)
    write(somebody, "/* from the first tab */\n")
    saved(somebody)
    make_file(somebody, "more.c")
    other.evaluate("dispatchEvent(new Event('focus'))")
    expect(code(other)).to_contain_text("from the first tab")
    expect(row(other, "more.c")).to_be_visible()
    saved(other)


@pytest.fixture
def conflict(somebody, tolerated):
    """Two tabs that changed main.c, the first of them unseen by the second."""
    tolerated.append(CHANGED_ELSEWHERE)
    other = somebody.context.new_page()
    other.goto("/")
    is_open(other)
    write(somebody, "/* mine */\n")
    saved(somebody)
    write(other, "/* theirs */\n")
    expect(other.locator("#conflict")).to_contain_text("was changed")
    return somebody, other


def test_two_tabs_that_changed_a_file_see_both_and_choose_theirs(conflict):
    _first, second = conflict
    second.get_by_role("button", name="Compare").click()
    expect(second.locator(".diff")).to_contain_text("removed: -/* mine */")
    expect(second.locator(".diff")).to_contain_text("added: +/* theirs */")
    second.keyboard.press("Escape")
    second.get_by_role("button", name="Take theirs").click()
    expect(code(second)).to_contain_text("mine")
    saved(second)
    # Nothing is lost either way: the own text is one undo away.
    code(second).press("Control+z")
    expect(code(second)).to_contain_text("theirs")
    saved(second)


def test_two_tabs_that_changed_a_file_can_keep_their_own(conflict):
    first, second = conflict
    second.get_by_role("button", name="Keep mine").click()
    saved(second)
    expect(second.locator("#conflict")).to_be_hidden()
    first.evaluate("dispatchEvent(new Event('focus'))")
    expect(code(first)).to_contain_text("theirs")


def test_nothing_runs_that_differs_from_what_is_seen(conflict):
    _first, second = conflict
    run(second)
    expect(second.locator("#status")).to_contain_text("Choose a version")


def test_a_file_deleted_elsewhere_while_it_is_edited_can_be_kept(somebody, tolerated):
    tolerated.append(CHANGED_ELSEWHERE)
    make_file(somebody, "shared.c", "int before;\n")
    saved(somebody)
    project = somebody.evaluate(
        "localStorage.getItem(Object.keys(localStorage).find("
        "(key) => key.startsWith('cloister:project:')))"
    )
    token = somebody.locator("#ide").get_attribute("data-token")
    somebody.evaluate(
        "([address, token]) => fetch(address, {method: 'DELETE', headers: {'X-CSRFToken': token}})",
        [f"/api/projects/{project}/files/shared.c", token],
    )
    write(somebody, "int after;\n")
    expect(somebody.locator("#conflict")).to_contain_text("was deleted")
    somebody.get_by_role("button", name="Keep mine").click()
    saved(somebody)
    somebody.reload()
    expect(tab(somebody, "shared.c")).to_have_attribute("aria-current", "true")
    expect(code(somebody)).to_have_text(re.compile("int after;"))


@pytest.fixture
def server(house, tmp_path):
    server = Server(copy_of(house, tmp_path / "data")).start()
    yield server
    server.end()


def test_a_restarted_server_finds_the_text_intact_and_the_next_run_works(
    server, new_context, tolerated
):
    tolerated += UNREACHABLE
    page = new_context(base_url=server.origin).new_page()
    sign_up(page)
    write(page, HELLO)
    saved(page)
    server.stop()
    expect(page.locator("#status")).to_contain_text("reconnecting")
    code(page).press("Control+Home")
    page.keyboard.insert_text("/* while it was away */\n")
    expect(page.locator("#save-state")).to_contain_text("kept in this browser")
    server.start()
    is_open(page)
    saved(page)
    expect(code(page)).to_contain_text("while it was away")
    run(page)
    expect(page.locator("#terminal-text")).to_contain_text("still here")
    ended(page)


def test_a_reloaded_page_finds_its_running_program_again(somebody):
    write(
        somebody,
        "#include <stdio.h>\nint main(void) { int n = 0;\n"
        'printf("before "); printf("number? "); return scanf("%d", &n) == 1 ? n : 99; }\n',
    )
    run(somebody)
    expect(somebody.locator("#terminal-text")).to_contain_text("number?")
    somebody.reload()
    expect(somebody.locator("#terminal-text")).to_contain_text("before number?")
    somebody.locator("#terminal").click()
    somebody.keyboard.type("7\n")
    expect(somebody.locator("#result")).to_contain_text("exit code 7")
