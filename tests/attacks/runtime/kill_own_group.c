// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=kill
// The group of the supervisor's other children.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <signal.h>
#include <unistd.h>

int main(void)
{
    long result = kill(0, SIGKILL);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
