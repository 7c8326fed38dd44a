"""Debian's Chromium in front of the real server."""

import os
import secrets
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.service.serving import PASSWORDS, PATIENCE_SECONDS, Server, copy_of

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
SCREENSHOTS = os.environ.get("SCREENSHOTS")
"""A folder: each screen that a test calls ``look`` on is photographed into it."""
PASSWORD = "anybody-and-9-owls"
# Only what fails takes as long; Playwright's own 5 s are few for three processes on two cores.
PATIENCE_MS = PATIENCE_SECONDS * 1000
expect.set_options(timeout=PATIENCE_MS)
UNREACHABLE = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_CONNECTION_REFUSED")
CHANGED_ELSEWHERE = "status of 412"
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
def site(house, tmp_path_factory):
    # Six refused programs pause a person, as the default is; only one test sends so many.
    server = Server(
        # One more than the runs need: checks while typing take no last one.
        copy_of(house, tmp_path_factory.mktemp("browser") / "data"),
        REPEATED_VIOLATIONS_COUNT=6,
        SIGNUP_RATE="1000/h",
        SANDBOX_POOL_SIZE=3,
    ).start()
    yield server
    server.end()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tolerated():
    """Words of complaints that a test is about: Chromium reports each request that fails."""
    return []


@pytest.fixture
def new_context(site, chromium, tolerated):
    """New browser profiles on the site; after the test no console held a complaint.

    What the policy of the site refuses is a complaint too: the browser says it there.
    """
    contexts = []
    complaints = []

    def said(message):
        expected = any(words in message.text for words in tolerated)
        if message.type in ("error", "warning") and not expected:
            complaints.append(message.text)

    def make(**options):
        context = chromium.new_context(**{"base_url": site.origin} | options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", said)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_context):
    return new_context().new_page()


@pytest.fixture
def somebody(page):
    """A page of somebody who has just signed up: with a first project and nothing else."""
    sign_up(page)
    return page


@pytest.fixture
def alice_page(page):
    log_in(page, "alice")
    return page


def sign_up(page):
    """Make an account of a new name; the name."""
    name = f"person-{secrets.token_hex(4)}"
    page.goto("/accounts/signup/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password confirmation").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("/")
    is_open(page)
    return name


def is_open(page):
    """Wait until the project is there and the server is connected."""
    expect(page.locator("#run")).to_be_enabled()


def write(page, source):
    """Replace the shown file's text by typing, as a person does."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    # insert_text is a paste: typed brackets would be closed twice.
    page.keyboard.insert_text(source)


def run(page):
    page.locator("#run").click()


def ended(page, status="success"):
    """Wait for the end of the program."""
    expect(page.locator("#result")).to_have_attribute("data-status", status)
    expect(page.locator("#result")).to_be_visible()


def saved(page):
    expect(page.locator("#save-state")).to_have_text("Saved")


def make_file(page, path, text=None):
    """A new file under this path, by the button above the tree."""
    page.get_by_role("button", name="New file", exact=True).click()
    page.get_by_label("Name").fill(path)
    page.get_by_role("button", name="Create").click()
    expect(tab(page, path)).to_have_attribute("aria-current", "true")
    if text is not None:
        write(page, text)


def tab(page, path):
    return page.locator(f'#file-tabs [data-path="{path}"] .file-tab-name')


def row(page, path):
    """A file's or folder's row in the tree."""
    return page.locator(f'#tree [data-path="{path}"]')


def choose(page, path, action):
    """An entry of the menu of a file or folder."""
    row(page, path).click(button="right")
    page.get_by_role("menuitem", name=action).click()


def log_in(page, name):
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORDS[name])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("/")
    is_open(page)


@pytest.fixture
def look(page):
    """Photograph a screen at the three widths, light and dark, if somebody wants to look."""

    def photograph(name, screen=page):
        if SCREENSHOTS is None:
            return
        before = screen.viewport_size
        for width, height in ((390, 844), (1024, 768), (1600, 900)):
            for scheme in ("light", "dark"):
                screen.set_viewport_size({"width": width, "height": height})
                screen.emulate_media(color_scheme=scheme)
                path = f"{SCREENSHOTS}/{name}-{width}-{scheme}.png"
                screen.screenshot(path=path, animations="disabled")
        screen.set_viewport_size(before)
        screen.emulate_media(color_scheme="light")

    return photograph
