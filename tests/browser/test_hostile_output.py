"""Output, names and messages made to be more than text: in a real browser nothing happens."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.browser.test_ide import write

pytestmark = [pytest.mark.browser, pytest.mark.docker]

WATCH = """
window.reported = [];
addEventListener("securitypolicyviolation", (report) => reported.push(report.violatedDirective));
"""
MINE = "what bob has copied"
MARKUP = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"

PRINTS = r"""#include <stdio.h>
int main() {
    printf("%s<svg onload=alert(2)><a href='javascript:alert(3)'>click</a>\n");
    fputs("\033]0;owned\007\033]2;owned\033\\", stdout);
    fputs("\033]52;c;b3duZWQ=\007\033]52;;b3duZWQ=\033\\", stdout);
    fputs("\033]8;;https://evil.example/\033\\click here\033]8;;\033\\\n", stdout);
    fputs("\033]8;;javascript:alert(4)\007or here\033]8;;\007 https://evil.example/\n", stdout);
    fputs("\033[21t\033[c\033[6n\033]9;owned\007\033]777;notify;owned;owned\007", stdout);
    fputs("\033]1337;File=inline=1:b3duZWQ=\007", stdout);
    fprintf(stderr, "<iframe src=//evil.example></iframe>\n");
    FILE *file = fopen("<img src=x onerror=alert(5)>.html", "w");
    fputs("<script>alert(6)</script>", file);
    fclose(file);
    puts("the end");
    return 0;
}
""".replace("%s", MARKUP)
DOES_NOT_COMPILE = f"""#error {MARKUP}
_Static_assert(0, "{MARKUP}");
"""
IS_REFUSED = f"""#include "{MARKUP}.h"
#include <{"<img src=x onerror=alert(1)>.h"}
int main() {{ return 0; }}
"""


@pytest.fixture
def quiet(page, site):
    """Bob's page under watch; afterwards nothing of all that can be seen has happened."""
    happened = []
    page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
    page.on("download", lambda download: happened.append(download.suggested_filename))
    page.on("request", lambda asked: happened.append(asked.url) if _elsewhere(asked, site) else 0)
    page.context.on("page", lambda opened: happened.append(opened.url))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script(WATCH)
    log_in(page, "bob")
    page.evaluate("text => navigator.clipboard.writeText(text)", MINE)
    yield page
    assert happened == []


def _elsewhere(request, site):
    return not request.url.startswith((site.origin, "data:", "blob:"))


def nothing_happened(page, title):
    assert page.title() == title
    assert page.evaluate("() => navigator.clipboard.readText()") == MINE
    assert page.evaluate("reported") == []
    assert page.locator("main img, main svg[onload], main iframe, main script").count() == 0
    assert page.locator("a[href^='javascript:'], a[href*='evil.example']").count() == 0


def ran(page, source, status):
    write(page, source)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#result")).to_have_attribute("data-status", status)


def test_what_a_program_prints_and_the_names_of_its_files_are_text(quiet):
    title = quiet.title()
    ran(quiet, PRINTS, "success")
    shown = quiet.locator("#terminal-text")
    expect(shown).to_contain_text("the end")
    expect(shown).to_contain_text(MARKUP)
    # Where a link would be, one clicks.
    quiet.locator("#terminal .xterm-screen").click(position={"x": 30, "y": 25})
    quiet.locator("#terminal").press("Enter")
    nothing_happened(quiet, title)


def test_what_the_compiler_says_of_a_strangers_text_is_text(quiet):
    title = quiet.title()
    ran(quiet, DOES_NOT_COMPILE, "compile_error")
    quiet.locator("#compiler-tab").click()
    expect(quiet.locator("#compiler-output")).to_contain_text("<img src=x onerror=alert(1)>")
    nothing_happened(quiet, title)


def test_what_the_policy_says_of_a_strangers_text_is_text(quiet):
    title = quiet.title()
    ran(quiet, IS_REFUSED, "blocked")
    expect(quiet.locator("#problems")).to_contain_text("<img src=x onerror=alert(1)")
    nothing_happened(quiet, title)


@pytest.mark.parametrize(
    ("source", "status"),
    [(PRINTS, "success"), (DOES_NOT_COMPILE, "compile_error"), (IS_REFUSED, "blocked")],
    ids=["success", "compile_error", "blocked"],
)
def test_on_the_page_of_its_record_all_of_it_is_text(quiet, source, status):
    ran(quiet, source, status)
    quiet.get_by_role("link", name="Record").click()
    expect(quiet.locator("main")).to_contain_text("onerror=alert")
    nothing_happened(quiet, quiet.title())
    assert "owned" not in quiet.title()


def test_had_something_happened_it_would_be_seen(site, chromium):
    """Not the ``page`` fixture: it wants a console without complaints."""
    page = chromium.new_context(base_url=site.origin).new_page()
    page.add_init_script(WATCH)
    log_in(page, "alice")
    page.evaluate(
        "() => { document.querySelector('main').innerHTML = '<img src=x onerror=alert(1)>'; }"
    )
    page.wait_for_function("reported.length > 0")
    assert page.locator("main img").count() == 1
    page.context.close()
