"""Every attack program ends as its first lines promise, and every benign one works."""

import shlex
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from executor.outcome import Category, Outcome, Status
from executor.submission import Submission

pytestmark = pytest.mark.docker

HERE = Path(__file__).resolve().parent.parent
CATEGORIES = ("evasion", "compile", "runtime", "limits", "output")
AT_ONCE = 3
BROKEN_PROTOCOL = "no-verdict"


def _pair(detail: str) -> tuple[str, str]:
    key, _, value = detail.partition("=")
    return key, value


def _unescaped(text: str) -> str:
    """The text with its backslash escapes replaced, whatever else is in it."""
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape")


@dataclass(frozen=True)
class Promise:
    """How a program must end: one of some statuses, and what else is told of it."""

    statuses: frozenset[Status]
    details: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, text: str) -> "Promise":
        statuses, *details = shlex.split(text)
        return cls(frozenset(map(Status, statuses.split("|"))), tuple(map(_pair, details)))

    def check(self, outcome: Outcome) -> None:
        assert outcome.status in self.statuses, f"{outcome.message}\n{outcome.compiler_output}"
        for key, value in self.details:
            KEPT[key](outcome, value)


def _rule(outcome: Outcome, expected: str) -> None:
    assert expected in {violation.rule for violation in outcome.violations}


def _call(outcome: Outcome, expected: str) -> None:
    assert outcome.blocked_syscall in expected.split("|")
    named = [v for v in outcome.violations if v.category is Category.ESCAPE_ATTEMPT]
    assert any(outcome.blocked_syscall in violation.message for violation in named)


def _signal(outcome: Outcome, expected: str) -> None:
    assert outcome.signal == expected


def _exit(outcome: Outcome, expected: str) -> None:
    assert outcome.exit_code == int(expected)


def _stdout(outcome: Outcome, expected: str) -> None:
    assert _unescaped(expected) in outcome.stdout


def _stderr(outcome: Outcome, expected: str) -> None:
    assert expected in outcome.stderr


def _compiler(outcome: Outcome, expected: str) -> None:
    assert expected in outcome.compiler_output


KEPT = {
    "rule": _rule,
    "call": _call,
    "signal": _signal,
    "exit": _exit,
    "stdout": _stdout,
    "stderr": _stderr,
    "compiler": _compiler,
}
VIOLATING = {
    Status.BLOCKED,
    Status.BLOCKED_SYSCALL,
    Status.TIMEOUT,
    Status.COMPILE_TIMEOUT,
    Status.MEMORY_LIMIT,
    Status.OUTPUT_LIMIT,
}


def notes(path: Path) -> dict[str, str]:
    """The ``// key: value`` lines on top of a program; the corpus's README.md explains them."""
    found = {}
    for line in path.read_bytes().splitlines():
        key, colon, value = line.decode("utf-8", "replace").removeprefix("// ").partition(": ")
        if not (line.startswith(b"// ") and colon and " " not in key):
            return found
        found[key] = value
    return found


@dataclass(frozen=True)
class Case:
    """One program in one of the two modes."""

    path: Path
    mode: str

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}-{self.mode}"

    @property
    def promise(self) -> Promise:
        key = "expect" if self.mode == "validated" else "unvalidated"
        return Promise.read(notes(self.path)[key])

    def promise_under(self, walls: dict[str, int]) -> Promise:
        """What holds under the walls that stood."""
        other = notes(self.path).get("gvisor")
        if self.mode == "unvalidated" and walls.get("gvisor") and other:
            return Promise.read(other)
        return self.promise

    @property
    def submission(self) -> Submission:
        said = notes(self.path)
        return Submission.from_source(
            self.path.read_bytes(),
            stdin=_unescaped(said.get("stdin", "")),
            args=shlex.split(said.get("args", "")),
            validate=self.mode == "validated",
        )


ATTACKS = sorted((HERE / "attacks").glob("*/*.c"))
BENIGN = sorted((HERE / "benign").glob("*.c"))
TIMES = {Status.TIMEOUT, Status.COMPILE_TIMEOUT}
CASES = [
    Case(path, mode)
    for path in ATTACKS
    for mode, key in (("validated", "expect"), ("unvalidated", "unvalidated"))
    if key in notes(path)
]


@pytest.fixture(scope="module")
def executor_for(sandbox, unvalidated_sandbox, hasty_sandbox, hasty_unvalidated_sandbox):
    """The executor for a case: hasty only where nothing but a time limit would end it."""
    patient = {"validated": sandbox, "unvalidated": unvalidated_sandbox}
    hasty = {"validated": hasty_sandbox, "unvalidated": hasty_unvalidated_sandbox}

    def choose(case):
        waits = case.path not in BENIGN and TIMES & case.promise.statuses
        return (hasty if waits else patient)[case.mode]

    return choose


@pytest.fixture(scope="module")
def outcome_of(request, executor_for):
    """The outcome of a case. All cases that were collected run side by side."""
    collected = [
        item.callspec.params.get("case")
        for item in request.session.items
        if item.path == request.path and hasattr(item, "callspec")
    ]
    cases = [case for case in collected if case]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        outcomes = {
            case: threads.submit(executor_for(case).execute, case.submission) for case in cases
        }
        yield lambda case: outcomes[case].result()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_attack_ends_as_promised_and_nothing_gets_through(case, outcome_of):
    outcome = outcome_of(case)
    said = (outcome.stdout, outcome.stderr, outcome.message)
    assert not any("ESCAPED" in text for text in said), said
    case.promise_under(outcome.walls).check(outcome)
    assert outcome.violations or outcome.status not in VIOLATING
    assert BROKEN_PROTOCOL not in {violation.rule for violation in outcome.violations}


@pytest.mark.parametrize("case", [Case(path, "validated") for path in BENIGN], ids=str)
def test_a_benign_program_works(case, outcome_of):
    outcome = outcome_of(case)
    assert not outcome.violations
    case.promise_under(outcome.walls).check(outcome)


def test_the_corpus_is_as_large_as_it_has_to_be():
    assert {path.parent.name for path in ATTACKS} == set(CATEGORIES)
    assert len(ATTACKS) >= 80
    assert len(BENIGN) >= 60


@pytest.mark.parametrize("path", ATTACKS + BENIGN, ids=lambda path: path.stem)
def test_a_program_says_in_its_first_line_what_it_promises(path):
    assert path.read_bytes().startswith(b"// expect: ")
    assert {key for key, _ in Promise.read(notes(path)["expect"]).details} <= KEPT.keys()
