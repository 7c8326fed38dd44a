// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=pivot_root
// chroot for mounts.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_pivot_root, ".", ".");
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
