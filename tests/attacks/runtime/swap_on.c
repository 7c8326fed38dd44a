// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=swapon
// A file of one's own as the host's swap.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_swapon, "main.c", 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
