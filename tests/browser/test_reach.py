"""For everybody: keys, screen readers, phones, and what the first visit has to load."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
    UNREACHABLE,
    choose,
    ended,
    is_open,
    make_file,
    run,
    saved,
    sign_up,
    tab,
    write,
)

pytestmark = [pytest.mark.browser, pytest.mark.docker]

PROJECT = Path(__file__).resolve().parents[2]
AXE = PROJECT / "node_modules/axe-core/axe.min.js"
DIST = PROJECT / "static/dist"
SCRIPT_BUDGET_BYTES = 250_000

CRASHING = '#include <stdlib.h>\nint main(void) { system("ls"); return nothing; }\n'
PRINTS = "#include <stdio.h>\nint main(int n, char **a) { while (n--) puts(*a++); return 0; }\n"


def needed_by(script, seen):
    """A built script and all that it imports at once; what it imports later is left out."""
    if script not in seen:
        seen.add(script)
        for name in re.findall(r"""(?:from|import)\s*"(\./[^"]+)\"""", script.read_text()):
            needed_by((script.parent / name).resolve(), seen)
    return seen


def test_the_first_edit_needs_less_script_than_its_budget():
    scripts = needed_by(DIST / "ide.js", set()) | {DIST / "theme.js"}
    assert len(scripts) > 2
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) < SCRIPT_BUDGET_BYTES


def test_what_is_loaded_later_is_not_needed_to_edit_and_save(page, tolerated):
    tolerated += UNREACHABLE
    needed = {script.name for script in needed_by(DIST / "ide.js", set())}

    def only_needed(route):
        if route.request.url.rpartition("/")[2] in needed:
            route.continue_()
        else:
            route.abort("internetdisconnected")

    page.route("**/chunks/*.js", only_needed)
    sign_up(page)
    write(page, "int edited;\n")
    saved(page)
    run(page)
    expect(page.locator("#status")).to_contain_text("The terminal could not be loaded")


def test_scripts_arrive_compressed(somebody):
    answer = somebody.request.get("/static/dist/ide.js")
    assert answer.headers["content-encoding"] == "gzip"


@pytest.fixture
def axe(new_context):
    """A page on which axe can be injected, which the site's policy rightly refuses."""
    # Half-way between two colours there may be less contrast than in either.
    page = new_context(bypass_csp=True, reduced_motion="reduce").new_page()

    def serious():
        page.evaluate(AXE.read_text() + "; undefined")
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['help']}: {[node['html'] for node in one['nodes'][:3]]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]

    return page, serious


def test_no_page_has_a_serious_finding_of_axe(axe):
    page, serious = axe
    for address in ("/accounts/login/", "/accounts/signup/"):
        page.goto(address)
        assert serious() == [], address
    sign_up(page)
    assert serious() == [], "editor"
    write(page, CRASHING)
    run(page)
    ended(page, "blocked")
    assert serious() == [], "problems"
    page.get_by_role("link", name="Record").click()
    assert serious() == [], "record"
    page.goto("/statistics/")
    assert serious() == [], "statistics"
    page.goto("/")
    is_open(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    assert serious() == [], "dark, on a phone"


def test_no_dialog_and_no_pane_has_a_serious_finding_of_axe(axe):
    page, serious = axe
    sign_up(page)
    run(page)
    ended(page)
    make_file(page, "lib/data.net", "FANN_FLO_2.1\n")
    for name in ("Input", "Written", "Compiler"):
        page.get_by_role("tab", name=name).click()
        assert serious() == [], name
    for name in ("Examples", "History", "Share"):
        page.get_by_role("button", name=name).click()
        dialog = page.get_by_role("dialog")
        expect(dialog.locator("button, p").nth(1)).to_be_visible()
        assert serious() == [], name
        page.keyboard.press("Escape")
    page.locator("#project").click()
    expect(page.get_by_role("dialog").get_by_role("link")).to_have_count(1)
    assert serious() == [], "projects"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More", exact=True).click()
    assert serious() == [], "menu"
    page.get_by_role("menuitem", name="Keys").click()
    assert serious() == [], "keys"


def test_everything_from_a_new_file_to_its_run_goes_by_keys(somebody):
    somebody.keyboard.press("Alt+n")
    somebody.keyboard.insert_text("hello.c")
    somebody.get_by_label("Name").fill("hello.c")
    somebody.keyboard.press("Enter")
    expect(tab(somebody, "hello.c")).to_have_attribute("aria-current", "true")
    expect(somebody.locator(".cm-content")).to_be_focused()
    somebody.keyboard.press("Alt+PageUp")
    expect(tab(somebody, "main.c")).to_have_attribute("aria-current", "true")
    somebody.keyboard.press("Alt+1")
    expect(somebody.locator("#tree [tabindex='0']")).to_be_focused()
    somebody.keyboard.press("Alt+2")
    expect(somebody.locator(".cm-content")).to_be_focused()
    somebody.keyboard.press("Control+Enter")
    expect(somebody.locator("#terminal-text")).to_contain_text("Neural network created")
    ended(somebody)
    somebody.keyboard.press("Alt+3")
    somebody.keyboard.press("ArrowRight")
    expect(somebody.get_by_role("tab", name="Compiler")).to_have_attribute("aria-selected", "true")


def test_a_question_mark_outside_of_the_editor_shows_the_keys(somebody, look):
    somebody.locator(".cm-content").press("?")
    expect(somebody.get_by_role("dialog")).to_have_count(0)
    somebody.locator("#divider").press("?")
    expect(somebody.get_by_role("dialog", name="Keys")).to_contain_text("Ctrl + Enter")
    look("keys")


def test_vim_keys_and_font_size_are_kept(somebody):
    somebody.get_by_role("button", name="More", exact=True).click()
    somebody.get_by_role("menuitem", name="View…").click()
    somebody.get_by_label("Vim keys").check()
    somebody.get_by_label("Font size").select_option("18 pixels")
    somebody.keyboard.press("Escape")
    somebody.reload()
    is_open(somebody)
    expect(somebody.locator(".cm-vimMode")).to_be_visible()
    expect(somebody.locator("#editor")).to_have_css("font-size", "18px")
    somebody.locator(".cm-content").click()
    somebody.keyboard.type("ggdd")
    expect(somebody.locator(".cm-line").first).to_have_text("#include <math.h>")
    saved(somebody)


def test_what_the_toolbar_has_no_room_for_is_in_the_menu(somebody):
    somebody.set_viewport_size({"width": 800, "height": 700})
    expect(somebody.locator("#history")).to_be_hidden()
    assert somebody.locator("#status").bounding_box()["width"] > 200
    somebody.get_by_role("button", name="More", exact=True).click()
    somebody.get_by_role("menuitem", name="History…").click()
    expect(somebody.get_by_role("dialog")).to_contain_text("Nothing has been run")


def test_zen_leaves_the_code_alone_until_something_is_run(somebody, look):
    somebody.keyboard.press("Alt+z")
    expect(somebody.locator(".output")).to_be_hidden()
    expect(somebody.locator(".files")).to_be_hidden()
    look("zen")
    somebody.keyboard.press("Control+Enter")
    expect(somebody.locator("#terminal-text")).to_contain_text("Neural network created")
    expect(somebody.locator(".output")).to_be_visible()


def test_the_split_is_moved_by_keys_and_by_pointer_and_kept(somebody):
    divider = somebody.locator("#divider")
    before = divider.bounding_box()["x"]
    divider.focus()
    somebody.keyboard.press("ArrowLeft")
    expect(divider).to_have_attribute("aria-valuenow", "51")
    assert divider.bounding_box()["x"] < before
    somebody.mouse.move(divider.bounding_box()["x"], 400)
    somebody.mouse.down()
    somebody.mouse.move(700, 400)
    somebody.mouse.up()
    moved = divider.bounding_box()["x"]
    assert abs(moved - 700) < 5
    somebody.reload()
    is_open(somebody)
    assert abs(divider.bounding_box()["x"] - moved) < 2


def test_on_a_phone_one_pane_is_seen_and_a_run_shows_its_output(new_context, look):
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    sign_up(page)
    expect(page.locator(".source")).to_be_visible()
    expect(page.locator(".output")).to_be_hidden()
    panes = page.get_by_role("group", name="Panes")
    panes.get_by_role("button", name="Files").tap()
    expect(page.locator("#tree")).to_be_visible()
    look("phone-files", page)
    panes.get_by_role("button", name="Code").tap()
    page.locator("#run").tap()
    expect(page.locator("#terminal-text")).to_contain_text("Neural network created")
    expect(page.locator(".output")).to_be_visible()
    ended(page)
    # The numbers leave the room to what was printed or drawn.
    assert page.locator("#result").bounding_box()["height"] < 844 / 4
    look("phone-output", page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_arguments_and_input_go_with_the_project(somebody, look):
    write(somebody, PRINTS)
    somebody.get_by_role("tab", name="Input").click()
    somebody.get_by_label("Arguments").fill("one 'two words' \"")
    expect(somebody.locator("#args-problem")).to_contain_text("not closed")
    somebody.get_by_label("Arguments").fill("one 'two words'")
    look("input")
    run(somebody)
    expect(somebody.locator("#terminal-text")).to_contain_text(re.compile("one\\s+two words"))
    ended(somebody)
    write(
        somebody,
        "#include <stdio.h>\nint main(void) { int c; while ((c = getchar()) != EOF) "
        "putchar(c - 32); return 0; }\n",
    )
    somebody.get_by_role("tab", name="Input").click()
    somebody.get_by_label("Standard input").fill("abc")
    run(somebody)
    expect(somebody.locator("#terminal-text")).to_contain_text("ABC")
    ended(somebody)
    somebody.reload()
    is_open(somebody)
    somebody.get_by_role("tab", name="Input").click()
    expect(somebody.get_by_label("Arguments")).to_have_value('one "two words"')
    expect(somebody.get_by_label("Standard input")).to_have_value("abc")


def test_a_training_draws_its_curve_while_it_runs(somebody, look):
    write(
        somebody,
        "#include <stdio.h>\nint main(void) { int n = 0;\n"
        'puts("Max epochs       80. Desired error: 0.0010000000.");\n'
        'for (int i = 1; i < 9; i++) printf("Epochs %8d. Current error: %.10f. Bit fail 4.\\n",'
        " i * 10, 0.25 / i);\n"
        'printf("go on? "); return scanf("%d", &n) != 1; }\n',
    )
    run(somebody)
    expect(somebody.locator("#terminal-text")).to_contain_text("go on?")
    somebody.get_by_role("tab", name="Training").click()
    expect(somebody.locator("#plot .plot")).to_have_attribute("data-state", "drawn")
    expect(somebody.locator("#status")).to_contain_text("Waiting for input")
    look("training")
    somebody.get_by_role("tab", name="Terminal").click()
    somebody.locator("#terminal").click()
    somebody.keyboard.type("1\n")
    ended(somebody)
    expect(somebody.locator("#advice")).to_contain_text("fann_")


def test_a_network_file_is_shown_as_a_graph(somebody, look):
    net = (PROJECT / "tests/page/nets/xor.net").read_text()
    make_file(somebody, "xor.net", net)
    somebody.get_by_role("button", name="Graph").click()
    expect(somebody.locator("#net svg").first).to_be_visible()
    look("graph")
    somebody.get_by_role("button", name="Graph").click()
    expect(somebody.locator(".cm-content")).to_contain_text("FANN_FLO")
    make_file(somebody, "bad.net", "no network")
    somebody.get_by_role("button", name="Graph").click()
    expect(somebody.locator("#net .alert")).to_be_visible()
    choose(somebody, "bad.net", "Delete…")
    somebody.get_by_role("button", name="Delete").click()
    expect(tab(somebody, "bad.net")).to_have_count(0)


def test_the_output_is_cleared_and_copied(somebody):
    somebody.context.grant_permissions(["clipboard-read", "clipboard-write"])
    run(somebody)
    ended(somebody)
    expect(somebody.locator("#terminal-text")).to_contain_text("sqrt(16) = 4.00")
    somebody.get_by_role("button", name="Copy the output").click()
    expect(somebody.locator("#status")).to_have_text("Copied.")
    assert "sqrt(16) = 4.00" in somebody.evaluate("navigator.clipboard.readText()")
    somebody.get_by_role("button", name="Clear the terminal").click()
    expect(somebody.locator("#terminal-text")).not_to_contain_text("sqrt")
