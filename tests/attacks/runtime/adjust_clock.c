// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clock_adjtime
// There is one clock for all containers.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/timex.h>
#include <unistd.h>

int main(void)
{
    long result = adjtimex(&(struct timex){.modes = 0});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
