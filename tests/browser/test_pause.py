"""Six refused programs in ten minutes: a pause, its end told, seen and lifted by the admin."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import is_open, log_in, write

pytestmark = [pytest.mark.browser, pytest.mark.docker]

REFUSED = (
    'system("true");',
    "fork();",
    'popen("true", "r");',
    'execv("/bin/true", 0);',
    "mmap(0, 1, 1, 1, 1, 1);",
    'fopen("/etc/passwd", "r");',
)
"""Different attempts: equal ones might count once."""
ALLOWED = '#include <stdio.h>\nint main() { puts("allowed again"); return 0; }\n'


def test_six_refused_programs_pause_a_person_until_the_admin_lifts_it(site, chromium, page, look):
    log_in(page, "charlie")
    bar = page.locator("#pause-bar")
    for attempt, statement in enumerate(REFUSED):
        write(page, f"int main(void) {{ {statement} return 0; }}\n")
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.locator("#result")).to_have_attribute("data-status", "blocked")
        if attempt == 3:
            expect(bar).to_be_hidden()
        if attempt == 4:
            expect(bar).to_contain_text("One more refused program within 10 minutes")
            look("last-warning")
        # Anew for each attempt: the panel of the last one must not be taken for this one's.
        page.reload()
        is_open(page)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#status")).to_contain_text("paused until")
    # The line beside Run cuts a long sentence; its end is read here.
    expect(page.locator("#terminal-text")).to_contain_text("administrator to lift the pause")
    # It lasts over a reload, which the loop did, too.
    expect(bar).to_have_text(
        re.compile(r"Runs paused until \d\d:\d\d: 6 refused programs in 10 minutes\. See why")
    )
    look("paused")
    why = bar.get_by_role("link", name="See why").get_attribute("href")
    with page.context.expect_page() as opened:
        page.evaluate("address => open(address)", why)
    expect(opened.value.locator("main")).to_contain_text("fopen")
    opened.value.close()

    admin = chromium.new_context(base_url=site.origin).new_page()
    log_in(admin, "dora")
    admin.goto("/admin/audit/violation/?rule=repeated-violations")
    expect(admin.locator("#result_list")).to_contain_text("charlie")
    admin.goto("/admin/audit/pause/")
    admin.locator("#result_list tbody tr").first.get_by_role("link").first.click()
    admin.get_by_role("button", name="Lift").click()
    expect(admin.locator("body")).to_contain_text("Lifted by name: dora")
    admin.context.close()

    write(page, ALLOWED)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#terminal-text")).to_contain_text("allowed again")
    expect(bar).to_be_hidden()
