// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mbind
// Memory placed on a node of the machine's choice, not the scheduler's.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_mbind, aligned_alloc(4096, 4096), 4096L, 0, NULL, 0L, 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
