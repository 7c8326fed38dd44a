"""One source gets one verdict on every path to the compiler.

An early compiler (its precompiled headers, its arguments from a file), the check beside a run, a
compile that was not started early, the second file of a project, the sanitizers.
"""

import asyncio
from collections import defaultdict

import pytest

from executor import CodeExecutor, Options
from executor.container import SandboxConfig
from executor.frames import Tool
from executor.limits import Limits
from executor.policy import Policy
from executor.sandbox_config import Reuse
from executor.submission import Submission
from tests.conftest import RUNTIME
from tests.security.test_corpus import ATTACKS, BENIGN, notes
from tests.tools.warning_programs import KINDS, MAIN, NOT_WITH_SANITIZERS, program, programs

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(bool(RUNTIME), reason="under gVisor nothing is started early"),
]

AT_ONCE = 4
# A check takes many files, which share its limits.
A_CHECK = 20
LIMITS = Limits().with_overrides(
    {
        "cpu_percent": 200,
        "compile_seconds": 300.0,
        "run_seconds": 60.0,
        "compiler_output_bytes": 4 << 20,
    }
)


# The assembler refuses these; a check spares it: tools.c.
ASSEMBLED_TOO_LARGE = {"huge_alignment", "huge_initialiser", "many_alignments"}


def compiled_attacks():
    """The attacks on the compiler that the policy lets through and that end soon."""
    for path in ATTACKS:
        expected = notes(path).get("expect", "")
        ends = expected.split()[0] in ("compile_error", "success") and "crash" not in expected
        if path.parent.name == "compile" and ends and path.stem not in ASSEMBLED_TOO_LARGE:
            yield path


def corpus():
    """The sources by name: the generated programs, the benign ones, attacks on the compiler."""
    written = {path.name: path.read_bytes() for path in [*BENIGN, *compiled_attacks()]}
    limits, policy = Limits(), Policy.load()
    return {
        name: source.encode() if isinstance(source, str) else source
        for name, source in (programs() | written).items()
        if isinstance(source, str) or not policy.violations({name: source}, name, limits)
    }


CORPUS = corpus()


@pytest.fixture(scope="module")
def kinds_as_files():
    """One program of each kind, by the name of its file."""
    return {f"{kind.replace('-', '_')}.c": program(kind, "stdio").encode() for kind in KINDS}


def executor():
    """Sandboxes that serve again, as quick as this machine lets them."""
    config = SandboxConfig(limits=LIMITS, reuse=Reuse("anyone", most=1000))
    return CodeExecutor(config, pool_size=AT_ONCE)


async def side_by_side(work, items):
    """The results of ``work`` by item, some of them at once."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(item):
        async with places:
            return await work(item)

    return dict(zip(items, await asyncio.gather(*map(one, items)), strict=True))


def own(diagnostics, name):
    """What was said about this file, and not about a header."""
    return [one for one in diagnostics if one.file == name]


async def checked(executor, files, **options):
    """Return the check's verdict on each file, in as few checks as possible."""
    policy, groups = Policy.load(), defaultdict(list)
    for name, source in files.items():
        groups[policy.fann_library({name: source})].append(name)
    batches = [
        names[first : first + A_CHECK]
        for names in groups.values()
        for first in range(0, len(names), A_CHECK)
    ]

    async def check(names):
        some = {name: files[name] for name in names}
        submission = Submission.from_files(some, names[0], options=Options(**options))
        found = await executor.use_tool(Tool.CHECK, submission)
        assert (found.violations, found.compiler) == ([], "done")
        # A limit that the check met has no file.
        assert all(one.file for one in found.diagnostics), found.diagnostics[-1]
        return found.diagnostics

    found = await side_by_side(check, [tuple(names) for names in batches])
    return {name: own(found[names], name) for names in found for name in names}


def differing(verdicts, checks):
    """Return the names whose outcome and diagnostics differ from the check's."""
    return {
        name: (outcome.status, outcome.diagnostics, checks[name])
        for name, outcome in verdicts.items()
        if own(outcome.diagnostics, name) != checks[name]
        or (outcome.status == "compile_error")
        != any("error" in one.severity for one in checks[name])
    }


def test_the_corpus_is_as_large_as_it_has_to_be():
    assert len(CORPUS) >= 500


async def test_early_compiler_gives_the_verdict_of_the_check():
    async with executor() as ours:
        checks = await checked(ours, CORPUS)
        verdicts = await side_by_side(
            lambda name: ours.execute_async(Submission.from_files({name: CORPUS[name]}, name)),
            CORPUS,
        )
    assert differing(verdicts, checks) == {}
    silent = [one for name, one in verdicts.items() if not checks[name]]
    assert len(silent) > len(BENIGN) / 2
    assert all(one.compiled_early for one in silent)
    # Each kind of warning is one that gcc gives.
    assert len(CORPUS) - len(silent) > len(KINDS) * 4


async def test_second_file_and_sanitizers_get_the_verdict_of_the_check(kinds_as_files):
    async with executor() as ours:
        checks = await checked(ours, kinds_as_files)
        sanitized = await checked(ours, kinds_as_files, sanitize=True)
        no_main = {
            name: source.replace(MAIN.encode(), b"\n") for name, source in kinds_as_files.items()
        }
        verdicts = await side_by_side(
            lambda name: ours.execute_async(
                Submission.from_files({"a.c": MAIN, name: no_main[name]}, "a.c")
            ),
            [name for name in no_main if name != "main.c"],
        )
    assert not differing(verdicts, checks)
    late = {f"{kind.replace('-', '_')}.c" for kind in NOT_WITH_SANITIZERS}
    differ = {n: (checks[n], sanitized[n]) for n in checks if checks[n] != sanitized[n]}
    assert differ.keys() <= late, differ
