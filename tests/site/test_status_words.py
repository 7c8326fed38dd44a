"""A status is said in the same words wherever a person meets it."""

import re
from pathlib import Path

import pytest

from executor.outcome import Status
from executor.templatetags.outcomes import status_tone, status_words

RESULT_PANEL = Path(__file__).parents[2] / "static/src/result.js"


@pytest.mark.parametrize("status", Status)
def test_pages_of_the_server_say_a_status_as_the_editor_does(status):
    shown = re.search(rf'(?m)^  {status}: \["([^"]+)", "(\w+)"\]', RESULT_PANEL.read_text())
    assert shown is not None
    assert (status_words(status), status_tone(status)) == shown.groups()


def test_what_is_no_status_is_left_as_it_is():
    assert (status_words(""), status_words("lost")) == ("", "lost")
