// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=sched_setscheduler
// A loop that nothing else can interrupt.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sched.h>
#include <unistd.h>

int main(void)
{
    long result = sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){1});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
