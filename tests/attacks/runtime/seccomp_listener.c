// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=seccomp
// A filter of one's own that lets the kernel go on with anything.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_seccomp, 1, 8, (char[16]){0});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
