// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=finit_module
// Code for the kernel.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    long result = syscall(SYS_finit_module, 0, "", 0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
