"""What the validation tests share: one policy, and a short way to ask it."""

import pytest

from executor.limits import Limits
from executor.policy import Policy


@pytest.fixture(scope="session")
def policy():
    return Policy.load()


@pytest.fixture(scope="session")
def rules(policy):
    """The rules that a source, or a whole project, breaks, in order of place."""

    def broken(source, main="main.c", **files):
        project = source if isinstance(source, dict) else {main: source, **files}
        encoded = {
            name: text if isinstance(text, bytes) else text.encode()
            for name, text in project.items()
        }
        return [violation.rule for violation in policy.violations(encoded, main, Limits())]

    return broken
