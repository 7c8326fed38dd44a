// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=chroot
// The classic way to move the root under a running check.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = chroot("/work");
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
