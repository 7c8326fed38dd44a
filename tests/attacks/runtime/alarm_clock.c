// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=alarm
// The oldest timer.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    long result = alarm(1) == 0 ? 0 : -1;
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
