"""The editor answers while one types: completion, documentation, problems; format and assembly."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import saved, write

pytestmark = [pytest.mark.browser, pytest.mark.docker]

HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'


def test_what_fann_offers_is_completed_with_its_prototype(somebody, look):
    write(somebody, "#include <fann.h>\nint main(void) { ")
    somebody.keyboard.type("fann_run")
    option = somebody.locator(".cm-tooltip-autocomplete li", has_text="fann_run")
    expect(option.first).to_be_visible()
    expect(somebody.locator(".cm-completionInfo")).to_contain_text(
        "fann_type *fann_run(struct fann *ann, fann_type *input)"
    )
    look("completion")
    option.first.click()
    expect(somebody.locator(".cm-content")).to_contain_text("fann_run()")


def test_on_a_phone_what_a_name_means_hides_no_other_name(somebody):
    somebody.set_viewport_size({"width": 390, "height": 844})
    write(somebody, "#include <fann.h>\n")
    somebody.keyboard.type("fann_create_s")
    offered = somebody.locator(".cm-tooltip-autocomplete > ul").bounding_box()
    meaning = somebody.locator(".cm-completionInfo")
    expect(meaning).to_contain_text("struct fann")
    box = meaning.bounding_box()
    assert box["y"] >= offered["y"] + offered["height"] - 2
    assert box["x"] + box["width"] <= 390


def test_headers_are_completed_and_only_those_that_are_allowed(somebody):
    write(somebody, "")
    somebody.keyboard.type("#include <ma")
    options = somebody.locator(".cm-tooltip-autocomplete li")
    expect(options).to_have_text(["math.h"])
    options.click()
    expect(somebody.locator(".cm-line").first).to_have_text("#include <math.h>")


def test_a_name_is_explained_under_the_pointer_and_by_the_keyboard(somebody):
    write(somebody, "#include <math.h>\nint main(void) { return (int)sqrt(4.0); }\n")
    somebody.get_by_text("sqrt", exact=True).hover()
    card = somebody.locator(".declaration")
    expect(card).to_contain_text("double sqrt(double x)")
    expect(card).to_contain_text("Gives the square root.")
    somebody.mouse.move(0, 0)
    expect(card).to_have_count(0)
    somebody.get_by_text("sqrt", exact=True).dblclick()
    somebody.mouse.move(0, 0)
    somebody.keyboard.press("Control+Shift+Space")
    expect(card).to_contain_text("double sqrt(double x)")
    somebody.keyboard.press("Escape")
    expect(card).to_have_count(0)


def test_the_policy_s_and_the_compiler_s_problems_are_marked_without_a_run(somebody, look):
    write(somebody, "#include <unistd.h>\nint main(void) { return 0; }\n")
    expect(somebody.locator("#problem-count")).to_have_text("1")
    expect(somebody.locator(".cm-lintRange-error")).to_contain_text("<unistd.h>")
    write(somebody, "int main(void) { return missing; }\n")
    expect(somebody.locator("#problems")).to_contain_text("undeclared")
    expect(somebody.locator(".cm-lintRange-error")).to_have_text("missing")
    look("squiggle")
    write(somebody, HELLO)
    expect(somebody.locator("#problem-count")).to_have_text("")
    expect(somebody.locator("#result")).to_be_hidden()
    expect(somebody.locator("#terminal-text")).to_be_empty()


def test_a_file_is_formatted_and_the_change_can_be_undone(somebody):
    write(somebody, '#include <stdio.h>\nint main(void){\nputs("x");return 0;}\n')
    lines = somebody.locator(".cm-line")
    somebody.keyboard.press("Alt+Shift+F")
    expect(lines.nth(2)).to_have_text('    puts("x");')
    expect(somebody.locator("#status")).to_have_text("Formatted.")
    saved(somebody)
    somebody.keyboard.press("Control+z")
    expect(lines.nth(2)).to_have_text('puts("x");return 0;}')


def test_the_assembler_text_leads_to_the_lines_of_the_source(somebody, look):
    write(
        somebody,
        "int twice(int x)\n{\n    return 2 * x;\n}\n\nint main(void)\n{\n    return twice(4);\n}\n",
    )
    somebody.get_by_role("tab", name="Assembly").click()
    listing = somebody.locator("#assembly")
    expect(listing).to_contain_text("twice:")
    look("assembly")
    listing.locator("button[title='Line 3']").first.click()
    expect(somebody.locator(".cm-activeLine")).to_have_text("    return 2 * x;")
    write(somebody, "int main(void) { return x; }\n")
    somebody.get_by_role("button", name="Compile again").click()
    expect(somebody.locator("#assembly-note")).to_contain_text("main.c:1:25")
