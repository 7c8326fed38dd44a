// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=sched_setaffinity
// Sits on the core of a victim, for side channels.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sched.h>
#include <unistd.h>

int main(void)
{
    long result = sched_setaffinity(0, 8, (cpu_set_t *)(unsigned long[1]){1});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
