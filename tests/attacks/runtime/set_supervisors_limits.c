// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=prlimit64
// A supervisor without file descriptors reports nothing.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_prlimit64, 1, RLIMIT_NOFILE, &(struct rlimit){0, 0}, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
