// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mq_open
// Outlives the process that made it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_mq_open, "q", 0102, 0600, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
