// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=pidfd_open
// The first half of stealing a descriptor.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_pidfd_open, 1, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
