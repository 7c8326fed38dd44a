// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=io_uring_setup
// Makes calls that no seccomp filter sees.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_io_uring_setup, 8, (char[120]){0});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
