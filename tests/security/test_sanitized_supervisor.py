"""The attack corpus against a supervisor that was built with ASan and UBSan.

`make sanitized` builds its image and runs this; `make test` does not. A finding ends the supervisor
without a verdict, which is the violation “no-verdict”.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from executor import CodeExecutor
from executor.container import SandboxConfig
from executor.limits import MIB, Limits
from tests.security.test_corpus import BENIGN, BROKEN_PROTOCOL, CASES, Case

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(not os.environ.get("SANITIZED"), reason="make sanitized runs this"),
]

IMAGE = "ruv-sandbox:sanitized"
AT_ONCE = 3
# The supervisor itself takes more with them; it is watched here, not the programs' limits.
LIMITS = Limits().with_overrides({"memory_bytes": 512 * MIB, "run_seconds": 2})
SELECTED = [case for case in CASES if case.mode == "unvalidated"]
SELECTED += [Case(path, "validated") for path in BENIGN]


@pytest.fixture(scope="module")
def outcome_of(request):
    """The outcome of a case; all that were collected run side by side."""
    items = [item for item in request.session.items if item.path == request.path]
    cases = [item.callspec.params["case"] for item in items]
    with (
        CodeExecutor(SandboxConfig(limits=LIMITS, image=IMAGE), pool_size=2) as executor,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):

        def run(case):
            return executor.execute(replace(case.submission, validate=False))

        # Its background thread must exist before several threads ask for it.
        first = {cases[0]: run(cases[0])}
        outcomes = {case: threads.submit(run, case) for case in cases[1:]}
        yield lambda case: first[case] if case in first else outcomes[case].result()


@pytest.mark.parametrize("case", SELECTED, ids=str)
def test_no_attack_triggers_a_sanitizer_in_the_supervisor(case, outcome_of):
    outcome = outcome_of(case)
    assert BROKEN_PROTOCOL not in {violation.rule for violation in outcome.violations}
    assert outcome.status != "sandbox_error", outcome.message
    assert "ESCAPED" not in outcome.stdout
