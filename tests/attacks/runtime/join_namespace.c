// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=setns
// Back to the host's namespaces.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sched.h>
#include <unistd.h>

int main(void)
{
    long result = setns(0, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
