"""A container that waits in the pool has every flag of the first wall, as the engine tells it."""

import pytest

from executor.limits import Limits
from executor.submission import Submission
from tests.conftest import REUSE

pytestmark = pytest.mark.docker

LIMITS = Limits()
FLAGS = {
    "AutoRemove": True,
    "CapAdd": None,
    "CapDrop": ["ALL"],
    "CgroupnsMode": "private",
    "CpuPeriod": LIMITS.cpu_period_us,
    "CpuQuota": LIMITS.cpu_period_us * LIMITS.cpu_percent // 100,
    "DeviceRequests": None,
    "IpcMode": "private",
    "LogConfig": {"Type": "none", "Config": {}},
    "Memory": LIMITS.memory_bytes,
    "MemorySwap": LIMITS.memory_bytes,
    "NetworkMode": "none",
    "OomScoreAdj": 500,
    "PidMode": "",
    "PidsLimit": LIMITS.process_count,
    "PortBindings": None,
    "Privileged": False,
    "PublishAllPorts": False,
    "ReadonlyRootfs": True,
    "UTSMode": "",
    "UsernsMode": "",
    "VolumesFrom": None,
}

# test_reuse.py tells what is different there.
served_once = pytest.mark.skipif(bool(REUSE), reason="said of containers that serve once")


@pytest.fixture
def pooled(sandbox, own_containers):
    """The inspection of a container that waits in the pool."""
    sandbox.execute(Submission.from_source("int main(void) { return 0; }"))
    return own_containers(sandbox.pool.engine)[0]


@pytest.mark.parametrize("flag", FLAGS)
def test_the_engine_has_every_flag(pooled, flag):
    value = pooled["HostConfig"].get(flag)
    assert (value or None) == (FLAGS[flag] or None)


def test_the_container_runs_as_nobody_in_particular_with_nothing_given(pooled):
    config = pooled["Config"]
    assert config["User"] == "1000:1000"
    assert config["Env"] in (
        None,
        [],
        ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    )
    assert config["WorkingDir"] == "/work"
    assert config["Tty"] is False
    assert config["StdinOnce"] is True
    assert config["NetworkDisabled"] is True
    assert pooled["Name"].startswith("/sandbox_")


def test_the_container_has_our_filter_and_no_new_privileges(pooled):
    options = pooled["HostConfig"]["SecurityOpt"]
    profile = next(option for option in options if option.startswith("seccomp="))
    assert '"defaultAction": "SCMP_ACT_ERRNO"' in profile
    assert any(option.startswith("no-new-privileges") for option in options)
    assert not any("unconfined" in option or "disable" in option for option in options)


def test_the_container_has_small_resource_limits(pooled):
    limits = {one["Name"]: (one["Soft"], one["Hard"]) for one in pooled["HostConfig"]["Ulimits"]}
    assert limits == {
        "core": (0, 0),
        "nofile": (LIMITS.open_files,) * 2,
        "fsize": (LIMITS.file_bytes,) * 2,
        "stack": (LIMITS.stack_bytes,) * 2,
    }


@served_once
def test_the_kernels_own_files_are_masked(pooled):
    masked = set(pooled["HostConfig"]["MaskedPaths"])
    assert masked >= {
        "/proc/kcore",
        "/proc/keys",
        "/proc/timer_list",
        "/proc/version",
        "/sys/firmware",
    }
    assert set(pooled["HostConfig"]["ReadonlyPaths"]) >= {"/proc/sys", "/proc/sysrq-trigger"}


def test_the_work_folders_are_small_and_private(pooled):
    for folder, size in (("/work", LIMITS.work_bytes), ("/build", LIMITS.build_bytes)):
        options = set(pooled["HostConfig"]["Tmpfs"][folder].split(","))
        assert options >= {"nosuid", "nodev", f"size={size}", "mode=700", "uid=1000", "gid=1000"}
    assert "noexec" in pooled["HostConfig"]["Tmpfs"]["/work"].split(",")


@served_once
def test_nothing_of_a_request_is_in_the_containers_configuration(pooled, sandbox, own_containers):
    sandbox.execute(Submission.from_source("int main(void) { return 0; }", args=["--privileged"]))
    for other in own_containers(sandbox.pool.engine):
        assert other["HostConfig"] == pooled["HostConfig"]
    assert not pooled["Config"]["Cmd"]
