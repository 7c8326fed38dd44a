// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=timerfd_create
// Kernel objects that no limit here counts.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_timerfd_create, 0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
