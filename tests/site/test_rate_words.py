"""A rate is told in words."""

import pytest

from executor.throttle import attach_wait_message, submission_wait_message, tool_wait_message


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ("20/m", "You ran 20 programs in a minute, the limit. You can run again in 17 seconds."),
        ("1/h", "You ran 1 program in an hour, the limit. You can run again in 17 seconds."),
        ("5/30s", "You ran 5 programs in 30 seconds, the limit. You can run again in 17 seconds."),
        ("5/1d", "You ran 5 programs in a day, the limit. You can run again in 17 seconds."),
    ],
)
def test_who_runs_too_often_is_told_the_limit_and_the_seconds(settings, rate, told):
    settings.RUN_RATE = rate
    assert submission_wait_message(17) == told


def test_so_is_who_comes_back_too_often_and_whose_editor_asks_too_often(settings):
    settings.TOOL_RATE = "60/m"
    assert "20 times in a minute, the limit. You can try again in 1 second." in attach_wait_message(
        1
    )
    assert "60 times in a minute, the limit. It can ask again in 2 seconds." in tool_wait_message(2)
