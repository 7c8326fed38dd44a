// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=perf_event_open
// Large and often broken; reads other processes too.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_perf_event_open, (char[128]){0}, 0, -1, -1, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
