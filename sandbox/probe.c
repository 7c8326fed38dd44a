#define _GNU_SOURCE
#include "probe.h"
#include "child.h"

#include <errno.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

/* gVisor tells of itself at the start of its kernel log, which a container's profile closes. */
static bool kernel_is_gvisor(void)
{
    static char log[4096];
    long length = syscall(SYS_syslog, 3 /* SYSLOG_ACTION_READ_ALL */, log, sizeof log);
    return length > 0 && memmem(log, (size_t)length, "Starting gVisor", 15);
}

struct walls walls_probe(void)
{
    struct walls walls = {0};
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    walls.landlock_abi = abi > 0 ? (int)abi : 0;
    /* EFAULT: it would have read the filter. gVisor has filters, but no list of their actions. */
    walls.seccomp = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) == -1 && errno == EFAULT;
    uint32_t action = SECCOMP_RET_USER_NOTIF;
    /* EBADF from a nonsense pidfd means that the call itself is there and let through. */
    walls.notify = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0 &&
                   syscall(SYS_pidfd_getfd, -1, 0, 0) == -1 && errno == EBADF;
    /* The descriptors of introspect.h travel through the notification. */
    walls.sanitizers = walls.notify && access(TOOLS "ld-sanitize.args", F_OK) == 0;
    walls.gvisor = kernel_is_gvisor();
    /* ESRCH: nobody has this number, but the call is there. The profile refuses it elsewhere. */
    walls.trace = !walls.notify && ptrace(PTRACE_SEIZE, -1, 0, 0) == -1 && errno == ESRCH;
    return walls;
}
