"""What a sandbox sees of a file system besides its image: two work folders, and less of /proc."""

from __future__ import annotations

from typing import Final

from executor.limits import Limits

# Beyond the engine's own list: nothing here helps a C program, all of it describes the host.
MASKED: Final = (
    *("/proc/acpi", "/proc/asound", "/proc/cmdline", "/proc/config.gz", "/proc/diskstats"),
    *("/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/modules", "/proc/partitions"),
    *("/proc/sched_debug", "/proc/scsi", "/proc/sys/kernel", "/proc/timer_list"),
    *("/proc/timer_stats", "/proc/version", "/sys/firmware"),
)
READ_ONLY: Final = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")


def tmpfs(limits: Limits, uid: int) -> dict[str, str]:
    """Mount options by folder; the work folders belong to ``uid`` and to nobody else."""
    own, common = f"mode=700,uid={uid},gid={uid}", "nosuid,nodev,nr_inodes=2048"
    return {
        "/work": f"rw,noexec,{common},size={limits.work_bytes},{own}",
        "/build": f"rw,exec,{common},size={limits.build_bytes},{own}",
        # Mounted by the engine for everybody to write in; nothing here needs them.
        "/dev/shm": "ro,noexec,nosuid,nodev,size=4k,mode=555",  # noqa: S108
        "/dev/mqueue": "ro,noexec,nosuid,nodev,size=4k,mode=555",
    }
