"""A wall that nobody vouches for is missing."""

import pytest

from executor.wall import ALL, lacking, missing_in_engine, missing_in_sandbox

LIMITS = {"MemoryLimit": True, "SwapLimit": True, "PidsLimit": True}
RUNTIMES = {
    "runc": {"path": "runc"},
    "runsc": {"path": "runsc", "runtimeArgs": ["--network=none", "--ignore-cgroups"]},
}
INFO = {**LIMITS, "DefaultRuntime": "runc", "Runtimes": RUNTIMES}
LINUX = {"landlock": 7, "seccomp": 1, "notify": 1, "trace": 0, "gvisor": 0}
GVISOR = {"landlock": 0, "seccomp": 1, "notify": 0, "trace": 1, "gvisor": 1}


@pytest.mark.parametrize("found", [LINUX, GVISOR])
def test_both_kernels_have_all_that_a_sandbox_can_have(found):
    assert not missing_in_sandbox(found)


@pytest.mark.parametrize(
    ("found", "missing"),
    [
        (LINUX | {"landlock": 0}, {"files"}),
        (LINUX | {"seccomp": 0}, {"filters"}),
        (LINUX | {"notify": 0}, {"names"}),
        (GVISOR | {"trace": 0}, {"names", "files"}),
        (GVISOR | {"gvisor": 0}, {"files"}),
        ({}, {"filters", "files", "names"}),
    ],
)
def test_what_the_supervisor_did_not_find_is_missing(found, missing):
    assert missing_in_sandbox(found) == missing


@pytest.mark.parametrize(
    ("key", "name"), [("MemoryLimit", "memory"), ("SwapLimit", "swap"), ("PidsLimit", "processes")]
)
def test_what_the_engine_cannot_limit_is_missing(key, name):
    assert missing_in_engine(INFO | {key: False}, "") == {name}
    assert missing_in_engine({k: v for k, v in INFO.items() if k != key}, "") == {name}


def test_gvisor_without_cgroups_is_not_held_to_the_engines_limits():
    without = INFO | dict.fromkeys(LIMITS, False)
    assert not missing_in_engine(without, "runsc")
    assert missing_in_engine(without, "runc") == {"memory", "swap", "processes"}
    assert missing_in_engine(without, "unheard-of") == {"memory", "swap", "processes"}


def test_every_wall_can_be_missing_and_has_words():
    nothing = missing_in_engine({}, "") | missing_in_sandbox({})
    assert nothing == ALL
    for name in ALL:
        assert f"{name} (" in lacking(nothing)
