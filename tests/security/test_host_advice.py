"""Advice on the host: known flaws by version, settings by value, and no alarm that is false."""

import platform
from datetime import date

import pytest

from executor.host import FLAWS, SETTINGS, _age, _swap, advice, is_mended, user_namespaces

LEAK, MOUNTS, GROUPS, NUMBERS, FOLDERS, ENGINE_GROUPS, PLUGINS = FLAWS


@pytest.mark.parametrize(
    ("flaw", "version", "mended"),
    [
        (LEAK, "1.1.11", False),
        (LEAK, "1.1.12", True),
        (LEAK, "v1.1.12", True),
        (LEAK, "1.2.0-rc.1", True),
        (LEAK, "1.1.5+ds1", False),
        (LEAK, "1.1.5+ds1-1+deb12u1", True),
        (LEAK, "1.1.5+ds1-1+deb12u2", True),
        (LEAK, "1.1.5+ds1-1", False),
        (LEAK, "something else", False),
        (LEAK, "", False),
        (MOUNTS, "1.1.15", False),
        (MOUNTS, "1.2.7", False),
        (MOUNTS, "1.2.8", True),
        (MOUNTS, "1.3.2", False),
        (MOUNTS, "1.3.3", True),
        (MOUNTS, "1.4.0-rc.1", False),
        (MOUNTS, "1.4.0", True),
        (MOUNTS, "2.0.0", True),
        (MOUNTS, "1.1.5+ds1-1+deb12u1", False),
        (GROUPS, "1.6.20~ds1-1+deb12u3", True),
        (NUMBERS, "1.6.20~ds1-1+deb12u3", False),
        (NUMBERS, "1.6.38", True),
        (NUMBERS, "1.7.26", False),
        (FOLDERS, "1.7.28", False),
        (FOLDERS, "v2.2.0", True),
        (FOLDERS, "1.6.38", False),
        (ENGINE_GROUPS, "20.10.17", False),
        (ENGINE_GROUPS, "20.10.24+dfsg1", True),
        (PLUGINS, "24.0.9", False),
        (PLUGINS, "28.2.2", True),
    ],
)
def test_a_version_is_good_only_if_it_is_known_to_be(flaw, version, mended):
    assert is_mended(flaw, version) is mended


def said(root, **values):
    """What is said of each setting that has a value here."""
    told = {}
    for key, value in values.items():
        setting = next(one for one in SETTINGS if one.key.endswith(f".{key}"))
        path = root / setting.key.replace(".", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{value}\n")
        told[key] = setting.look(root)
    return told


def test_good_settings_are_only_named(tmp_path):
    good = {
        "core_pattern": "core",
        "unprivileged_bpf_disabled": 2,
        "perf_event_paranoid": 3,
        "io_uring_disabled": 2,
        "kptr_restrict": 1,
        "protected_symlinks": 1,
        "protected_hardlinks": 1,
        "max_user_namespaces": 0,
    }
    told = said(tmp_path, **good)
    assert len(told) == len(SETTINGS)
    assert all(wall.stands for wall in told.values())


def test_of_the_others_it_is_said_what_to_set_and_why_it_matters_less(tmp_path):
    bad = {
        "core_pattern": "|/usr/lib/handler %p",
        "unprivileged_bpf_disabled": 0,
        "perf_event_paranoid": -1,
        "io_uring_disabled": 0,
        "kptr_restrict": 0,
        "protected_symlinks": 0,
        "protected_hardlinks": 0,
        "max_user_namespaces": 1000,
    }
    told = said(tmp_path, **bad)
    assert len(told) == len(SETTINGS)
    for wall in told.values():
        assert not wall.stands
        assert "set it to" in wall.detail
        assert not wall.needed


def test_a_kernel_without_a_setting_is_no_alarm(tmp_path):
    assert all(setting.look(tmp_path).stands for setting in SETTINGS)


def test_swap_is_seen(tmp_path):
    swaps = tmp_path / "swaps"
    swaps.write_text("Filename Type Size Used Priority\n")
    assert _swap(swaps).stands
    with swaps.open("a") as file:
        file.write("/dev/sda2 partition 1000 0 -2\n")
    assert "/dev/sda2" in _swap(swaps).detail


def told(**info):
    version = {"Components": [{"Name": "runc", "Version": "1.0.0", "Details": {}}]}
    return {wall.name: wall for wall in advice(info, version, "runc")}


def test_an_engine_on_another_machine_is_not_judged_by_this_ones_settings():
    elsewhere = told(KernelVersion="5.0.0-elsewhere")
    assert "another machine" in elsewhere["host"].detail
    assert "kernel.core_pattern" not in elsewhere
    assert "kernel.core_pattern" in told(KernelVersion=platform.release())


@pytest.mark.parametrize(
    ("options", "stands"),
    [
        ([], False),
        (["name=seccomp,profile=default"], False),
        (["name=seccomp,profile=default", "name=userns"], True),
        (["name=seccomp,profile=default", "name=rootless", "name=cgroupns"], True),
    ],
)
def test_user_namespaces_are_looked_for(options, stands):
    mapped = user_namespaces({"SecurityOptions": options})
    assert mapped.stands is stands
    assert not mapped.needed
    assert stands or "userns-remap" in mapped.detail


def test_where_accounts_are_mapped_user_namespaces_are_not_to_be_switched_off():
    here = {"KernelVersion": platform.release()}
    assert "user.max_user_namespaces" in told(**here)
    assert "user.max_user_namespaces" not in told(SecurityOptions=["name=userns"], **here)


@pytest.mark.parametrize(
    ("name", "version", "built", "stands"),
    [
        ("containerd", "1.6.20~ds1-1+deb12u3", "", False),
        ("containerd", "v2.2.1", "", True),
        ("containerd", "3.9.1", "", True),
        ("runc", "1.1.5+ds1-1", "", False),
        ("runc", "1.4.0", "", True),
        ("Engine", "29.0.1", "2026-11-20T10:00:00.000000000+00:00", True),
        ("Engine", "29.0.1", "Thu May  7 21:09:36 2026", False),
        ("Engine", "20.10.24+dfsg1", "2026-11-20T10:00:00+00:00", False),
        ("Engine", "something else", "", True),
    ],
)
def test_old_series_and_old_builds_are_noted(name, version, built, stands):
    noted = _age(name, version, built, date(2026, 12, 1))
    assert noted.stands is stands
    assert not noted.needed


def test_nothing_of_it_is_a_wall():
    walls = told(KernelVersion=platform.release())
    assert not walls["runc CVE-2024-21626"].stands
    assert not any(wall.needed for wall in walls.values())
