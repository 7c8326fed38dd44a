// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=clock_settime
// There is one clock for all containers.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    long result = clock_settime(CLOCK_REALTIME, &(struct timespec){0});
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
