// expect: blocked rule=dangerous-header
// unvalidated: blocked_syscall call=wait4
// There is nobody to wait for.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    long result = wait(0);
    if (result != -1 || (errno != EPERM && errno != ENOSYS))
        puts("ESCAPED");
    return 0;
}
