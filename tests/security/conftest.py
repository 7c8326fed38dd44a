"""Sandboxes for the security tests: the real walls, with limits that are reached sooner."""

import contextlib

import docker.errors
import pytest

from executor import CodeExecutor
from executor.container import OWNER_LABEL, UNVALIDATED_IMAGE, SandboxConfig, owner
from executor.limits import Limits
from executor.submission import Submission
from tests.conftest import REUSE, RUNTIME

SOON = {"run_seconds": 1, "compile_seconds": 3}
_NOTHING = "int main(void) { return 0; }"


@pytest.fixture(scope="session")
def hasty_sandbox():
    """Time limits that nobody has to wait for; all else as the site has it."""
    config = SandboxConfig(limits=Limits().with_overrides(SOON), runtime=RUNTIME, reuse=REUSE)
    with CodeExecutor(config, pool_size=2) as executor:
        # Its background thread must exist before several threads ask for it.
        executor.execute(Submission.from_source(_NOTHING))
        yield executor


@pytest.fixture(scope="session")
def hasty_unvalidated_sandbox():
    """The same, in the image with all headers."""
    config = SandboxConfig(
        limits=Limits().with_overrides(SOON), image=UNVALIDATED_IMAGE, runtime=RUNTIME, reuse=REUSE
    )
    with CodeExecutor(config, pool_size=2) as executor:
        executor.execute(Submission.from_source(_NOTHING, validate=False))
        yield executor


@pytest.fixture(scope="session")
def walls(sandbox):
    """Which walls stand here, as every result tells it."""
    return sandbox.execute(Submission.from_source(_NOTHING)).walls


@pytest.fixture
async def limited():
    """Makes executors for the test's own event loop, with other limits than the real ones."""
    made = []

    def make(**overrides):
        config = SandboxConfig(
            limits=Limits().with_overrides(overrides), runtime=RUNTIME, reuse=REUSE
        )
        made.append(CodeExecutor(config))
        return made[-1]

    yield make
    for executor in made:
        await executor.aclose()


@pytest.fixture(scope="session")
def own_containers():
    """Gives the sandboxes of an engine that this test session has running."""

    def inspections(engine):
        """The inspections of the sandboxes that this test session has running."""
        found = []
        for listed in engine.sandboxes():
            if listed["Labels"].get(OWNER_LABEL) == owner() and listed["State"] == "running":
                # One that has just done its work may be gone by now.
                with contextlib.suppress(docker.errors.NotFound):
                    found.append(engine.client.inspect_container(listed["Id"]))
        return found

    return inspections
