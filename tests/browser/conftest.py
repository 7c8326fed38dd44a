"""Debian's Chromium in front of the real server."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.service.serving import PASSWORDS, Server, found_house

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
SCREENSHOTS = os.environ.get("SCREENSHOTS")
"""A folder: each screen that a test calls ``look`` on is photographed into it."""
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    # Six refused programs pause a person, as the default is; only one test sends so many.
    house = found_house(tmp_path_factory.mktemp("browser") / "data")
    server = Server(house, REPEATED_VIOLATIONS_COUNT=6).start()
    yield server
    server.end()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(site, chromium):
    """A new browser profile on the site; after the test its console held no complaint."""
    context = chromium.new_context(base_url=site.origin)
    page = context.new_page()
    complaints = []
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def alice_page(page):
    log_in(page, "alice")
    return page


def log_in(page, name):
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORDS[name])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("/")


@pytest.fixture
def look(page):
    """Photograph a screen at the three widths, light and dark, if somebody wants to look."""

    def photograph(name):
        if SCREENSHOTS is None:
            return
        for width, height in ((390, 844), (1024, 768), (1600, 900)):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=f"{SCREENSHOTS}/{name}-{width}-{scheme}.png")
        page.set_viewport_size({"width": 1280, "height": 720})
        page.emulate_media(color_scheme="light")

    return photograph
