"""Projects: many of them, from examples, with a history, shared with others."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
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

pytestmark = [pytest.mark.browser, pytest.mark.docker]


def printing(text):
    return f'#include <stdio.h>\nint main(void) {{ puts("{text}"); return 0; }}\n'


def projects(page):
    page.locator("#project").click()
    return page.get_by_role("dialog", name="Projects")


def test_projects_are_made_renamed_changed_between_and_deleted(somebody, look):
    write(somebody, "/* the first */\n")
    projects(somebody).get_by_role("button", name="New project…").click()
    somebody.get_by_role("textbox", name="Name", exact=True).fill("Second")
    somebody.get_by_role("button", name="Create").click()
    expect(somebody.locator("#project-name")).to_have_text("Second")
    expect(somebody.locator(".cm-content")).to_contain_text("Hello from Cloister!")
    dialog = projects(somebody)
    look("projects")
    dialog.get_by_role("button", name="Actions for Second").click()
    somebody.get_by_role("menuitem", name="Rename…").click()
    somebody.get_by_role("textbox", name="Name", exact=True).fill("Better")
    somebody.get_by_role("button", name="Rename").click()
    expect(somebody.locator("#project-name")).to_have_text("Better")
    dialog.get_by_role("link", name="My first project").click()
    expect(somebody.locator("#project-name")).to_have_text("My first project")
    expect(somebody.locator(".cm-content")).to_contain_text("the first")
    dialog = projects(somebody)
    dialog.get_by_role("button", name="Actions for Better").click()
    somebody.get_by_role("menuitem", name="Delete…").click()
    somebody.get_by_role("button", name="Delete the project").click()
    expect(dialog.get_by_role("link", name="Better")).to_have_count(0)


def test_the_last_project_is_opened_again(somebody):
    projects(somebody).get_by_role("button", name="New project…").click()
    somebody.get_by_role("textbox", name="Name", exact=True).fill("The last one")
    somebody.get_by_role("button", name="Create").click()
    expect(somebody.locator("#project-name")).to_have_text("The last one")
    somebody.goto("/statistics/")
    somebody.goto("/")
    expect(somebody.locator("#project-name")).to_have_text("The last one")


def test_a_project_that_is_gone_is_said(somebody, tolerated):
    tolerated.append("status of 404")
    somebody.goto("/?project=0243374f-6ac2-4422-9257-4b03a7b3b3f4")
    expect(somebody.locator("#status")).to_contain_text("There is no project of yours here")
    somebody.get_by_role("link", name="Open your last project").click()
    expect(somebody.locator("#project-name")).to_have_text("My first project")


def test_an_example_is_one_click_away_and_runs(somebody, look):
    somebody.get_by_role("button", name="Examples").click()
    gallery = somebody.get_by_role("dialog", name="Examples")
    expect(gallery.get_by_role("listitem")).to_have_count(11)
    look("examples")
    gallery.get_by_role("button", name=re.compile("^Several files")).click()
    expect(row(somebody, "programs/train.c")).to_contain_text("main")
    is_open(somebody)
    run(somebody)
    expect(somebody.locator("#terminal-text")).to_contain_text("100 % right.")
    ended(somebody)
    look("example")


def test_history_shows_what_ran_its_difference_to_now_and_brings_it_back(somebody, look):
    write(somebody, printing("one"))
    run(somebody)
    ended(somebody)
    write(somebody, printing("two"))
    saved(somebody)
    somebody.get_by_role("button", name="History").click()
    history = somebody.get_by_role("dialog", name="Runs of this project")
    expect(history.get_by_role("region", name="Output")).to_contain_text("one")
    expect(history.locator(".diff-line.gone")).to_contain_text('puts("one")')
    expect(history.locator(".diff-line.new")).to_contain_text('puts("two")')
    look("history")
    history.get_by_role("button", name="Restore these sources").click()
    expect(somebody.locator(".cm-content")).to_contain_text('puts("one")')
    somebody.locator(".cm-content").press("Control+z")
    expect(somebody.locator(".cm-content")).to_contain_text('puts("two")')


def test_a_share_is_read_and_forked_by_somebody_else_until_it_is_revoked(
    somebody, new_context, look
):
    write(somebody, printing("shared"))
    somebody.get_by_role("button", name="Share").click()
    dialog = somebody.get_by_role("dialog", name="Share")
    dialog.get_by_label("The link works for").select_option("30 days")
    dialog.get_by_role("button", name="Create link").click()
    link = dialog.get_by_label("Share link", exact=True)
    expect(link).to_have_value(re.compile("/s/"))
    expect(dialog).to_contain_text("Works until")
    look("share")
    address = link.input_value()

    other = new_context().new_page()
    sign_up(other)
    other.goto(address)
    expect(other.locator("main")).to_contain_text('puts("shared")')
    other.get_by_role("button", name=re.compile("copy|fork", re.I)).click()
    is_open(other)
    expect(other.locator(".cm-content")).to_contain_text('puts("shared")')
    run(other)
    expect(other.locator("#terminal-text")).to_contain_text("shared")

    dialog.get_by_role("button", name="Revoke").click()
    expect(link).to_have_count(0)
    assert other.request.get(address).status == 404


def test_a_new_person_opens_an_example_edits_runs_types_stops_shares_and_reloads(page, look):
    sign_up(page)
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("button", name=re.compile("^A conversation")).click()
    expect(page.locator("#project-name")).to_have_text("A conversation")
    is_open(page)
    make_file(page, "notes.txt", "to try: 50\n")
    tab(page, "main.c").click()
    page.locator(".cm-content").press("Control+Home")
    page.keyboard.insert_text("/* edited */\n")
    run(page)
    expect(page.locator("#terminal-text")).to_contain_text("What is your name?")
    page.locator("#terminal").click()
    page.keyboard.type("Ada\n")
    expect(page.locator("#terminal-text")).to_contain_text("Hello, Ada.")
    page.get_by_role("button", name="Stop", exact=True).click()
    ended(page, "stopped")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_label("Share link", exact=True)).to_have_value(re.compile("/s/"))
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text("/* edited */")
    expect(tab(page, "notes.txt")).to_be_visible()
