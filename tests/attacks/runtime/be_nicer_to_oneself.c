// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=setpriority
// More than one's share of the processor.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

int main(void)
{
    long result = setpriority(PRIO_PROCESS, 0, -20);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
