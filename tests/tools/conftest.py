"""The sandboxes of these tests are the site's; some start their own."""

import os

import pytest

from executor.container import SandboxConfig


@pytest.fixture
def config():
    return SandboxConfig(runtime=os.environ.get("SANDBOX_RUNTIME", ""))
