// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=mlockall
// Memory that cannot be reclaimed.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    long result = mlockall(MCL_CURRENT);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
