// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=setitimer
// Signals at any moment, to race the supervisor.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

int main(void)
{
    long result = setitimer(ITIMER_REAL, &(struct itimerval){0}, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
