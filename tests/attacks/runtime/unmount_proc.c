// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=umount2
// Uncovers what the engine has masked.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int main(void)
{
    long result = umount2("/proc/kcore", MNT_DETACH);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
