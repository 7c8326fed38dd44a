// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=prlimit64
// Not even looking at another process.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_prlimit64, 1, RLIMIT_NOFILE, 0, &(struct rlimit){0, 0});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
