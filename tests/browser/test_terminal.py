"""The terminal takes answers, shows that the program waits, and shows every character."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ended, is_open, run, saved, sign_up, write
from tests.browser.test_moments import ASKS, held

pytestmark = [pytest.mark.browser, pytest.mark.docker]

COUNTS = '#include <stdio.h>\nint main(void) { puts("counted"); return 0; }\n'
UNDERSCORES = """#include <stdio.h>
int main(void) {
    for (int row = 0; row < 120; row++) printf("%s__________", row ? "\\n" : "");
    return 0;
}
"""
# Counts the pixels of each row of the terminal that differ from the background.
INK_BY_ROW = """async ([picture, rows, scale]) => {
    const bytes = Uint8Array.from(atob(picture), (sign) => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(image.width, image.height)
        .getContext("2d", { willReadFrequently: true });
    canvas.drawImage(image, 0, 0);
    return rows.map(({ x, y, width, height }) => {
        const [left, top] = [Math.round(x * scale), Math.round(y * scale)];
        const size = [Math.round(width * scale), Math.round(height * scale)];
        const { data } = canvas.getImageData(left, top, ...size);
        let ink = 0;
        for (let at = 0; at < data.length; at += 4)
            if (Math.abs(data[at] - data[0]) > 60) ink += 1;
        return ink;
    });
}"""


def ink_by_row(page, scale):
    """Dark pixels among the first ten characters of each terminal row."""
    rows = page.locator(".xterm-rows > div").evaluate_all(
        """rows => rows.map(row => {
            const { x, y, height } = row.getBoundingClientRect();
            return { x, y, width: 60, height };
        })"""
    )
    picture = base64.b64encode(page.screenshot(animations="disabled", caret="hide")).decode()
    return page.evaluate(INK_BY_ROW, [picture, rows, scale])


ALL_SIZES = ("Alt+Minus",) * 2 + ("Alt+Equal",) * 7


@pytest.mark.parametrize(("scale", "keys"), [(1, ALL_SIZES), (1.5, ALL_SIZES[:1])])
def test_underscores_are_visible_at_every_font_size(new_context, scale, keys):
    page = new_context(device_scale_factor=scale).new_page()
    sign_up(page)
    write(page, UNDERSCORES)
    run(page)
    ended(page)
    expect(page.locator(".xterm-rows > div").last).to_contain_text("__________")
    for key in keys:
        ink = ink_by_row(page, scale)
        assert len(ink) > 5
        assert min(ink) > 20 * scale, (key, ink)
        size = page.locator("#ide").evaluate("page => page.style.getPropertyValue('--code-size')")
        page.keyboard.press(key)
        expect(page.locator("#ide")).not_to_have_css("--code-size", size)


def terminal_is_focused(page):
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()


def test_answers_reach_the_program_after_ctrl_enter_and_after_a_reload(somebody):
    printed, source = somebody.locator("#terminal-text"), somebody.locator(".cm-content")
    write(somebody, ASKS)
    source.press("Control+Enter")
    expect(printed).to_contain_text("Your name?")
    somebody.keyboard.type("Ada\n")
    expect(printed).to_contain_text("Hello, Ada.")
    ended(somebody)
    # Keys typed ahead go nowhere, rather than into the source.
    terminal_is_focused(somebody)
    somebody.keyboard.press("Escape")
    expect(source).to_be_focused()

    source.press("Control+Enter")
    expect(printed).to_contain_text("Your name?")
    somebody.reload()
    expect(printed).to_contain_text("Your name?")
    somebody.keyboard.type("Eve\n")
    expect(printed).to_contain_text("Hello, Eve.")
    ended(somebody)
    expect(source).not_to_contain_text("Eve")
    expect(source).not_to_contain_text("Ada")


def test_the_focus_returns_to_the_editor_when_nothing_was_typed(somebody):
    source = somebody.locator(".cm-content")
    for text, status in ((COUNTS, "success"), ("int main(void) { return x; }", "compile_error")):
        write(somebody, text)
        somebody.keyboard.press("Control+Enter")
        ended(somebody, status)
        expect(source).to_be_focused()


def test_the_terminal_does_not_take_the_focus_from_a_user_who_clicked_elsewhere(somebody):
    write(somebody, ASKS)
    saved(somebody)
    late = somebody.context.new_page()
    _, release = held(late, "**/chunks/terminal-*.js")
    late.goto("/")
    is_open(late)
    late.keyboard.press("Control+Enter")
    expect(late.locator("#status")).to_contain_text("Sending")
    late.locator(".cm-content").click()
    release()
    expect(late.locator("#terminal-text")).to_contain_text("Your name?")
    expect(late.locator(".cm-content")).to_be_focused()


def test_a_program_that_waits_for_input_shows_the_idle_limit(somebody, look):
    status, countdown = somebody.locator("#status"), somebody.locator("#countdown")
    write(somebody, ASKS)
    somebody.keyboard.press("Control+Enter")
    expect(status).to_have_text("Waiting for input")
    expect(countdown).to_have_text(re.compile(r"^1[012]\d s left$"))
    first = countdown.inner_text()
    expect(countdown).not_to_have_text(first)
    look("waiting")
    somebody.keyboard.type("Ada\n")
    ended(somebody)
    expect(countdown).to_be_hidden()
