"""The dashboard in a browser: charts are drawn, also in the dark; the live view follows."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.service.serving import Person

pytestmark = [pytest.mark.browser, pytest.mark.docker]

DASHBOARD = "/admin/audit/execution/dashboard/"


@pytest.fixture
def dora_page(page):
    log_in(page, "dora")
    return page


def test_every_chart_is_drawn_beside_its_table(dora_page, look):
    dora_page.goto(DASHBOARD)
    charts = dora_page.locator("[data-chart]")
    assert charts.count() > 5
    for chart in charts.all():
        expect(chart.locator("canvas")).to_have_count(1)
        expect(chart.get_by_role("listitem", include_hidden=True)).not_to_have_count(0)
    look("dashboard")


def test_the_lines_of_a_chart_are_told_apart_without_colour(dora_page):
    dora_page.goto(f"{DASHBOARD}violations/")
    lines = dora_page.locator(".dashboard-legend line")
    expect(lines).to_have_count(4)
    patterns = [line.get_attribute("stroke-dasharray") for line in lines.all()]
    assert len(set(patterns)) == 4


def test_the_live_view_follows_what_runs_without_a_reload(dora_page, site):
    dora_page.goto(f"{DASHBOARD}live/")
    expect(dora_page.get_by_text("Nothing runs or waits.")).to_be_visible()
    bob = Person(site, "bob").log_in()
    with bob.socket() as socket:
        waits = "#include <stdio.h>\nint main(void) { return getchar(); }"
        execution_id = socket.start(waits, interactive=True)
        link = dora_page.get_by_role("link", name=execution_id)
        expect(link).to_have_attribute("href", re.compile(f"{execution_id}/change/$"))
        socket.send("stop")
        socket.result()
    expect(dora_page.get_by_text("Nothing runs or waits.")).to_be_visible()
