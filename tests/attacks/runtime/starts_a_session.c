// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=setsid
// Out of the reach of signals to its group, and a terminal of its own.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = setsid();
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
